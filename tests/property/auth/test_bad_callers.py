"""Callers and inputs that no rule has thought of: each has its answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from antipode_tools.project.auth_mode import AuthMode
from localaws.appsync.ports import SubscriptionRefused
from tests.property.auth.deployed import Deployed
from tests.property.auth.rules import Caller

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Json = Any

POOL = AuthMode.AMAZON_COGNITO_USER_POOLS
MODELS = """
    type Note @model @auth(rules: [{ allow: owner }]) { id: ID! owner: String text: String }
    type Page @model @auth(rules: [{ allow: owner, ownerField: "members" }]) {
      id: ID! members: [String] text: String
    }
    type Letter @model @auth(rules: [{ allow: owner, identityClaim: "email" }]) {
      id: ID! owner: String
    }
    type Call @model @auth(rules: [{ allow: groups, groupsField: "audience" }]) {
      id: ID! audience: [String]
    }
    type Post @model @auth(rules: [{ allow: groups, groupsField: "team" }]) { id: ID! team: String }
    type Rota @model @auth(rules: [{ allow: groups, groups: ["red"] }]) { id: ID! }
"""
FIELDS = {"Note": "owner", "Page": "members", "Letter": "owner", "Call": "audience", "Post": "team"}


def caller(name: str = "ada", claims: Json = None) -> Caller:
    return Caller(POOL, name, {"username": name or "nobody", **(claims or {})})


def in_groups(groups: Json) -> Caller:
    return caller(claims={"cognito:groups": groups})


def member(*groups: str) -> Caller:
    return in_groups([*groups])


@pytest.fixture(scope="module")
def deployed(dynamodb: DynamoDBClient) -> Iterator[Deployed]:
    api = Deployed(dynamodb, MODELS, (POOL,))
    yield api
    api.drop()


@pytest.fixture
def api(deployed: Deployed) -> Deployed:
    """With one item of each model, which is Bob's or the blue team's."""
    deployed.put("Note", {"id": "1", "owner": "bob", "text": "his"})
    deployed.put("Page", {"id": "1", "members": ["bob"]})
    deployed.put("Letter", {"id": "1", "owner": "bob@example.com"})
    deployed.put("Call", {"id": "1", "audience": ["blue"]})
    deployed.put("Post", {"id": "1", "team": "blue"})
    deployed.put("Rota", {"id": "1"})
    return deployed


async def write(api: Deployed, who: Caller, operation: str, **input: Json) -> tuple[Json, Json]:
    """The owner or the groups that are answered, or the type of the error and its words."""
    condition = input.pop("condition", None)
    kind, model = f"{operation[0].upper()}{operation[1:]}", operation[6:]
    field = FIELDS.get(model, "id")
    document = f"""
      mutation ($input: {kind}Input!, $condition: Model{model}ConditionInput) {{
        {operation}(input: $input, condition: $condition) {{ told: {field} }}
      }}
    """
    body = await api.ask(who, document, {"input": input, "condition": condition})
    for error in body.get("errors") or ():
        return error["errorType"], error["message"]
    return "", body["data"][operation]["told"]


async def seen(api: Deployed, who: Caller, model: str, **filter: Json) -> Json:
    """What a caller gets and lists: ids, or the types of the errors."""
    document = f"""
      query ($filter: Model{model}FilterInput) {{
        get{model}(id: "1") {{ id }} list{model}s(filter: $filter) {{ items {{ id }} }}
      }}
    """
    body = await api.ask(who, document, {"filter": filter or None})
    if errors := body.get("errors"):
        return [error["errorType"] for error in errors]
    got, listed = body["data"][f"get{model}"], body["data"][f"list{model}s"]["items"]
    return [got and got["id"], *(item["id"] for item in listed)]


async def hears(api: Deployed, who: Caller, model: str) -> tuple[str | None, str]:
    """The type of the error with which a subscription is refused, and its words; nothing where it
    is not."""
    try:
        await api.listen(who, f"subscription {{ onCreate{model} {{ id }} }}", {})
    except SubscriptionRefused as refused:
        [error] = refused.errors
        return error.error_type, error.message
    return "", ""


NOT_HERS = [None]
UNAUTHORIZED = ["Unauthorized", "Unauthorized"]


async def test_a_token_without_the_claim_of_a_rule_is_nobodys(api: Deployed) -> None:
    for claims in ({}, {"email": None}, {"email": 7}, {"email": ["ada@example.com"]}):
        who = caller(claims=claims)
        assert await seen(api, who, "Letter") == UNAUTHORIZED
        assert (await write(api, who, "createLetter", id="2"))[0] == "Unauthorized"
        assert (await write(api, who, "updateLetter", id="1"))[0] == "Unauthorized"
        assert (await hears(api, who, "Letter"))[0] == "Unauthorized"
    assert await seen(api, caller(claims={"email": "ada@example.com"}), "Letter") == NOT_HERS


async def test_a_token_with_an_empty_name_is_nobodys(api: Deployed) -> None:
    assert await seen(api, caller(""), "Note") == UNAUTHORIZED
    assert (await write(api, caller(""), "createNote", id="2"))[0] == "Unauthorized"


@pytest.mark.parametrize("groups", [None, 7, True, {"red": True}, "", [], [7, None, ["red"]]])
async def test_whose_groups_are_none_is_in_no_group(api: Deployed, groups: Json) -> None:
    who = in_groups(groups)
    for model in ("Rota", "Call", "Post"):
        assert await seen(api, who, model) == UNAUTHORIZED
        assert (await hears(api, who, model))[0] == "Unauthorized"


async def test_a_claim_of_groups_that_is_a_text_is_one_group(api: Deployed) -> None:
    assert await seen(api, in_groups("red"), "Rota") == ["1", "1"]
    assert await seen(api, in_groups("red,blue"), "Call") == NOT_HERS


async def test_a_name_of_300_characters_owns_items_and_cannot_subscribe(api: Deployed) -> None:
    # AppSync filters announcements by no longer text than 256 characters.
    who = caller("a" * 300)
    assert await write(api, who, "createNote", id="long") == ("", "a" * 300)
    assert await seen(api, who, "Note") == [None, "long"]
    assert await seen(api, caller("a" * 299), "Note") == NOT_HERS
    kind, words = await hears(api, who, "Note")
    assert kind == "BadRequest"
    assert "256 characters" in words
    assert (await hears(api, caller("a" * 256), "Note"))[0] == ""
    await write(api, who, "deleteNote", id="long")


async def test_who_is_in_a_hundred_groups_reads_and_writes_for_each_of_them(api: Deployed) -> None:
    groups = [f"group {number}" for number in range(99)]
    for model, field, value in (("Call", "audience", ["blue"]), ("Post", "team", "blue")):
        assert await seen(api, member(*groups), model) == NOT_HERS
        assert await seen(api, member(*groups, "blue"), model) == ["1", "1"]
        made = await write(api, member(*groups, "blue"), f"update{model}", id="1", **{field: value})
        assert made == ("", value)


async def test_who_is_in_a_hundred_groups_hears_by_a_list_of_them_alone(api: Deployed) -> None:
    # AppSync takes twenty members of a list in an alternative, ten alternatives, and counts each
    # value of what is no list.
    groups = [f"group {number}" for number in range(100)]
    assert await hears(api, member(*groups), "Call") == ("", "")
    assert (await hears(api, member(*groups[:10]), "Post"))[0] == ""
    kind, words = await hears(api, member(*groups), "Post")
    assert kind == "BadRequest"
    assert "100 alternatives, and AppSync takes 10" in words


async def test_an_item_may_be_for_a_hundred_groups(api: Deployed) -> None:
    groups = [f"group {number}" for number in range(100)]
    assert await write(api, member("group 99"), "createCall", id="2", audience=groups) == (
        "",
        groups,
    )
    assert await seen(api, member("group 99"), "Call") == [None, "2"]
    await write(api, member("group 99"), "deleteCall", id="2")


OTHERS = [
    "bob",
    "Ada",
    "ADA",
    "ada ",
    " ada",
    "",
    "ad",
    "ada,bob",
    "\u0430da",
]  # the last is Cyrillic


@pytest.mark.parametrize("name", OTHERS)
async def test_nobody_creates_or_gives_away_by_another_name(api: Deployed, name: str) -> None:
    assert (await write(api, caller(), "createNote", id="2", owner=name))[0] == "Unauthorized"
    assert (await write(api, caller(), "createPage", id="2", members=[name]))[0] == "Unauthorized"
    await write(api, caller(), "createNote", id="2")
    await write(api, caller(), "createPage", id="2")
    assert (await write(api, caller(), "updateNote", id="2", owner=name))[0] == "Unauthorized"
    assert (await write(api, caller(), "updatePage", id="2", members=[name]))[0] == "Unauthorized"
    assert await seen(api, caller(name), "Note") in (NOT_HERS, [None], ["1", "1"], UNAUTHORIZED)
    await write(api, caller(), "deleteNote", id="2")
    await write(api, caller(), "deletePage", id="2")


@pytest.mark.parametrize("members", [None, [], [None], ["bob", None]])
async def test_nobody_takes_themselves_off_an_item(api: Deployed, members: Json) -> None:
    assert await write(api, caller(), "createPage", id="2") == ("", ["ada"])
    refused = await write(api, caller(), "updatePage", id="2", members=members)
    assert refused[0] == "Unauthorized"
    assert (await write(api, caller(), "deletePage", id="2"))[1] == ["ada"]


async def test_a_condition_on_the_owner_opens_nothing_and_tells_nothing(api: Deployed) -> None:
    told = []
    for id_ in ("1", "nothing"):
        for owner in ({"eq": "bob"}, {"ne": "bob"}, {"attributeExists": False}):
            asked = {"condition": {"or": [{"owner": owner}, {"text": {"eq": "his"}}]}}
            for operation in ("updateNote", "deleteNote"):
                kind, words = await write(api, caller(), operation, id=id_, **asked)
                told.append((kind, words.replace(id_, "ID")))
    assert {kind for kind, _ in told} == {"DynamoDB:ConditionalCheckFailedException"}
    assert len(set(told)) == 1
    assert await seen(api, caller("bob"), "Note") == ["1", "1"]


@pytest.mark.parametrize(
    "asked",
    [
        {"owner": {"eq": "bob"}},
        {"or": [{"owner": {"eq": "bob"}}, {"owner": {"ne": "bob"}}]},
        {"not": {"owner": {"eq": "ada"}}},
        {"and": [{"or": [{"not": {"and": [{"owner": {"eq": "ada"}}]}}]}]},
    ],
)
async def test_a_filter_on_the_owner_shows_no_more(api: Deployed, asked: Json) -> None:
    assert await seen(api, caller(), "Note", **asked) == NOT_HERS


async def test_no_argument_of_a_subscription_is_for_anothers_items(api: Deployed) -> None:
    document = "subscription ($owner: String) { onCreateNote(owner: $owner) { id } }"
    with pytest.raises(SubscriptionRefused, match="Not Authorized"):
        await api.listen(caller(), document, {"owner": "bob"})
    own = await api.listen(caller(), document, {"owner": "ada"})
    for owner, is_heard in (("ada", True), ("Ada", False), ("bob", False)):
        announced = await api.announced("Note", "CREATE", {"id": "2", "owner": owner}, None)
        assert own.matches(announced) is is_heard
