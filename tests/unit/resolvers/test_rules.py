"""@auth where it holds: who creates, reads, changes, deletes and hears of what."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.appsync.filters import enhanced_filter
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json
from tests.examples import percent

from .expressions import shown
from .models import environment

Resolver = Callable[[str, HandlerName, Json], Evaluation]

REQUEST, RESPONSE = HandlerName.REQUEST, HandlerName.RESPONSE
UNMET = "DynamoDB:ConditionalCheckFailedException"

STAFF = {"by": "U", "groups": ["staff"]}
MODELS: dict[str, Json] = {
    "Note": {
        "key": ["id"],
        "makesId": True,
        "rules": [{"by": "LUOI", "owner": "writer"}, STAFF],
        "ints": ["stars"],
        "sets": {"labels": "S"},
        "guarded": {
            "cost": [STAFF],
            "draft": [{"by": "U", "owner": "writer"}],
        },
        "indexes": {
            "notesByWriter": ["byWriter", "writer", "createdAt"],
            "notesByText": ["byText", "text"],
            "notesByDay": ["byDay", "day", "writer"],
        },
    },
    "Diary": {
        "key": ["id"],
        "rules": [{"by": "U", "owner": "writer"}],
        "indexes": {"diariesByHour": ["byHour", "day", "writer", "hour"]},
    },
    "Page": {
        "key": ["id"],
        "makesId": True,
        "sets": {"watchers": "S"},
        "rules": [
            {"by": "U", "owner": "members", "many": True},
            {"by": "U", "owner": "watchers", "many": True, "do": "gls"},
            {"by": "U", "groupsField": "team", "do": "ugls"},
            {"by": "U", "groupsField": "teams", "many": True, "do": "gls"},
            {"by": "K", "do": "g"},
        ],
    },
    "Old": {
        "key": ["id"],
        "rules": [{"by": "U", "owner": "owner", "claim": "sub::username"}],
    },
    "Board": {
        "key": ["id"],
        "relations": {
            "notes": {
                "model": "Note",
                "many": True,
                "index": ["byWriter", "writer", "createdAt"],
                "by": ["who"],
                "limit": 100,
            },
            "note": {"model": "Note", "by": ["noteId"]},
            "secret": {"model": "Note", "by": ["noteId"]},
            "secrets": {"model": "Note", "index": ["byDay", "day"], "by": ["day"]},
        },
        "guarded": {
            "secret": [{"by": "U", "owner": "boss"}],
            "secrets": [{"by": "U", "owner": "boss"}],
        },
    },
}
ENV = {"REGION": "eu-west-1", **environment(MODELS)}


def pool(sub: str = "ada", *groups: str, **claims: Any) -> Json:
    """What AppSync says of a user of a user pool."""
    claims = {"sub": sub, **({"cognito:groups": list(groups)} if groups else {}), **claims}
    return {
        "sub": sub,
        "issuer": "https://cognito-idp.eu-west-1.amazonaws.com/p",
        "username": claims.get("username", "u"),
        "claims": claims,
        "sourceIp": ["127.0.0.1"],
        "defaultAuthStrategy": "ALLOW",
    }


ISSUER = {"sub": "auth0|1", "issuer": "https://example.com/", "claims": {"sub": "auth0|1"}}
IAM = {
    "accountId": "1",
    "sourceIp": ["127.0.0.1"],
    "cognitoIdentityId": None,
    "username": "AROA1:ada",
    "userArn": "arn:aws:sts::1:a/b/ada",
}
ADA, BOB, BOSS = pool("ada"), pool("bob"), pool("boss", "staff")
# What each mode tells of a caller, and the owner that this makes.
CALLERS = {
    "user pool": (pool("u-1"), "u-1"),
    "issuer": (ISSUER, "auth0|1"),
    "authorizer": ({"resolverContext": {"sub": "ada", "scope": "Note:read Note:write"}}, "ada"),
    "role or user": (IAM, "AROA1:ada"),
    # All users of an identity pool share a role and its session's name.
    "identity pool": ({**IAM, "cognitoIdentityId": "eu-west-1:7"}, "eu-west-1:7"),
}
NOBODY: list[Json] = [
    None,
    {},
    {"sub": ""},
    pool(""),
    {"resolverContext": {}},
    {"resolverContext": {"sub": ""}},
    {"username": ""},
]
ASKING = ["create", "get", "list", "update", "delete", "subscribe"]


def context(
    field: str, identity: Json, result: Json = None, parent: str = "Query", **arguments: Json
) -> Json:
    return {
        "arguments": arguments,
        "env": ENV,
        "identity": identity,
        "info": {"fieldName": field, "parentTypeName": parent},
        "result": result,
        "stash": {},
    }


def denied(field: str, parent: str = "Query") -> HandlerError:
    return HandlerError(f"Not Authorized to access {field} on type {parent}", "Unauthorized")


def created(resolver: Resolver, identity: Json, model: str, **input: Json) -> Evaluation:
    return resolver("create", REQUEST, context(f"create{model}", identity, input=input))


def condition(resolver: Resolver, identity: Json, model: str, **input: Json) -> str | HandlerError:
    """On which an update holds, or why there is none."""
    asked = context(f"update{model}", identity, input={"id": "a", **input})
    evaluation = resolver("update", REQUEST, asked)
    return evaluation.error or shown(evaluation.result["condition"])


@pytest.mark.parametrize(("identity", "owner"), CALLERS.values(), ids=CALLERS)
def test_a_new_item_is_its_creators_in_every_mode(
    resolver: Resolver, identity: Json, owner: str
) -> None:
    attributes = created(resolver, identity, "Note", text="b").result["attributeValues"]
    assert attributes["writer"] == {"S": owner}
    assert set(attributes) == {"text", "writer", "createdAt", "updatedAt", "version", "updatedIn"}


def test_a_list_of_owners_begins_with_whoever_creates(resolver: Resolver) -> None:
    attributes = created(resolver, ADA, "Page").result["attributeValues"]
    assert attributes["members"] == {"L": [{"S": "ada"}]}


@pytest.mark.parametrize(
    ("identity", "model", "input"),
    [
        (ADA, "Note", {"writer": "bob"}),
        (ADA, "Note", {"writer": "Ada"}),
        (ADA, "Page", {"members": ["bob"]}),
        (ADA, "Page", {"members": []}),
        (ADA, "Note", {"cost": 3}),
        (None, "Page", {}),
    ],
)
def test_nobody_creates_what_is_not_theirs(
    resolver: Resolver, identity: Json, model: str, input: Json
) -> None:
    assert created(resolver, identity, model, **input).error == denied(f"create{model}")


@pytest.mark.parametrize(
    ("identity", "model", "input"),
    [
        (BOSS, "Note", {"writer": "bob", "cost": 3}),
        (ADA, "Note", {"writer": None, "draft": "b"}),
        (ADA, "Page", {"members": ["bob", "ada"]}),
    ],
)
def test_whoever_rules_let_in_creates_for_others_too(
    resolver: Resolver, identity: Json, model: str, input: Json
) -> None:
    assert created(resolver, identity, model, **input).error is None


@pytest.mark.parametrize("identity", NOBODY)
@pytest.mark.parametrize("operation", ASKING)
def test_an_anonymous_caller_can_do_nothing(
    resolver: Resolver, operation: str, identity: Json
) -> None:
    field = "onCreateNote" if operation == "subscribe" else f"{operation}Note"
    arguments: dict[str, Json] = (
        {} if operation in ("list", "subscribe") else {"input": {"id": "a"}, "id": "a"}
    )
    handler = RESPONSE if operation == "subscribe" else REQUEST
    evaluation = resolver(operation, handler, context(field, identity, **arguments))
    assert evaluation.error == denied(field)
    assert (evaluation.result, evaluation.subscription_filter) == (None, None)


@pytest.mark.parametrize("identity", [None, pool("ada"), pool("ada", "others")])
def test_what_no_rule_allows_is_denied_in_every_mode(resolver: Resolver, identity: Json) -> None:
    asked = context("deletePage", identity, input={"id": "a"})
    evaluation = resolver("delete", REQUEST, asked)
    # Members may; whether one is, the item says.
    assert (evaluation.error is None) is (identity is not None)
    assert resolver("get", REQUEST, context("getPage", None, id="a")).error is None
    assert resolver("list", REQUEST, context("listPage", None)).error == denied("listPage")


@pytest.mark.parametrize(
    ("identity", "item", "read"),
    [
        (ADA, {"id": "a", "writer": "ada"}, True),
        (ADA, {"id": "a", "writer": "bob"}, False),
        (ADA, {"id": "a", "writer": None}, False),
        (ADA, {"id": "a", "writer": ["ada"]}, False),
        (ADA, {"id": "a"}, False),
        (ADA, None, False),
        (BOSS, {"id": "a"}, True),
    ],
)
def test_an_item_is_read_by_whom_rules_let_in(
    resolver: Resolver, identity: Json, item: Json, read: bool
) -> None:
    evaluation = resolver("get", RESPONSE, context("getNote", identity, item, id="a"))
    assert evaluation == Evaluation(result=item if read else None)


@pytest.mark.parametrize(
    ("identity", "item", "read"),
    [
        (ADA, {"members": ["bob", "ada"]}, True),
        (ADA, {"members": "ada lovelace"}, False),
        (ADA, {"watchers": ["ada"]}, True),
        (pool("x", "red"), {"team": "red"}, True),
        (pool("x", "red"), {"team": "Red"}, False),
        (pool("x", "red", "blue"), {"teams": ["blue"]}, True),
        (pool("x"), {"teams": ["blue"]}, False),
        (pool("x", **{"cognito:groups": "blue"}), {"teams": ["blue"]}, True),
        (pool("x", **{"cognito:groups": {"a": "blue"}}), {"teams": ["blue"]}, False),
        (pool("x", **{"cognito:groups": [7, None, ""]}), {"teams": ["7", ""]}, False),
    ],
)
def test_lists_and_groups_let_their_members_in(
    resolver: Resolver, identity: Json, item: Json, read: bool
) -> None:
    evaluation = resolver("get", RESPONSE, context("getPage", identity, item, id="a"))
    assert evaluation == Evaluation(result=item if read else None)


@pytest.mark.parametrize("owner", ["ada::al", "ada", "al"])
def test_what_amplify_wrote_belongs_to_its_owners(resolver: Resolver, owner: str) -> None:
    identity = pool("ada", username="al")
    evaluation = resolver("get", RESPONSE, context("getOld", identity, {"owner": owner}, id="a"))
    assert evaluation.result == {"owner": owner}
    attributes = created(resolver, identity, "Old", id="a").result["attributeValues"]
    assert attributes["owner"] == {"S": "ada::al"}


def test_a_list_has_what_rules_let_read(resolver: Resolver) -> None:
    def filtered(field: str, identity: Json, **arguments: Json) -> str | None:
        request = resolver("list", REQUEST, context(field, identity, **arguments)).result
        return shown(request["filter"]) if "filter" in request else None

    assert filtered("listNote", ADA) == "writer = 'ada'"
    assert filtered("listNote", BOSS) is None
    assert filtered("listNote", ADA, filter={"text": {}}) == "writer = 'ada'"
    assert filtered("listNote", ADA, filter={"writer": {"ne": "ada"}}) == (
        "writer <> 'ada' AND writer = 'ada'"
    )
    assert filtered("listPage", pool("ada", "red", "blue")) == (
        "((NOT (attribute_type(members, 'S')) AND contains(members, 'ada')) OR "
        "(NOT (attribute_type(watchers, 'S')) AND contains(watchers, 'ada')) OR "
        "(team = 'red' OR team = 'blue') OR "
        "(NOT (attribute_type(teams, 'S')) AND "
        "(contains(teams, 'red') OR contains(teams, 'blue'))))"
    )


@pytest.mark.parametrize(("writer", "read"), [("ada", True), ("bob", False)])
def test_an_index_by_owner_is_asked_for_ones_own_alone(
    resolver: Resolver, writer: str, read: bool
) -> None:
    evaluation = resolver("list", REQUEST, context("notesByWriter", ADA, writer=writer))
    assert evaluation.early_return is not read
    if read:
        assert shown(evaluation.result["query"]) == "writer = 'ada'"
        assert "filter" not in evaluation.result
    else:
        assert evaluation.result == {"items": [], "nextToken": None}


def test_an_index_that_sorts_by_owner_is_filtered_when_its_page_is_there(
    resolver: Resolver,
) -> None:
    def asked(field: str, identity: Json) -> Json:
        found = [{"id": "a", "writer": "ada"}, {"id": "b", "writer": "bob"}, {"id": "c"}]
        return context(field, identity, {"items": found, "nextToken": "n"}, day="d")

    request = resolver("list", REQUEST, asked("notesByDay", ADA)).result
    assert (shown(request["query"]), "filter" in request) == ("day = 'd'", False)
    for identity, ids in ((ADA, ["a"]), (BOB, ["b"]), (BOSS, ["a", "b", "c"]), (None, [])):
        page = resolver("list", RESPONSE, asked("notesByDay", identity)).result
        assert ([each["id"] for each in page["items"]], page["nextToken"]) == (ids, "n")
    # Of several fields the sort key is one attribute, and each of them is another.
    request = resolver("list", REQUEST, asked("diariesByHour", ADA)).result
    assert shown(request["filter"]) == "writer = 'ada'"


@pytest.mark.parametrize(("code", "field"), [("related", "secret"), ("list", "secrets")])
@pytest.mark.parametrize(("boss", "read"), [("ada", True), ("bob", False), (None, False)])
def test_a_relation_with_rules_of_its_own_is_read_by_whom_those_let_in(
    resolver: Resolver, code: str, field: str, boss: str | None, read: bool
) -> None:
    asked = context(field, ADA, {"items": [], "id": "n", "writer": "ada"}, "Board")
    asked |= {"source": {"id": "b", "noteId": "n", "day": "d", "boss": boss}}
    for handler in (REQUEST, RESPONSE):
        error = resolver(code, handler, asked).error
        assert error == (None if read else denied(field, "Board"))


@pytest.mark.parametrize(("who", "read"), [("ada", True), ("bob", False), (None, False)])
def test_a_relation_is_read_by_the_related_models_rules(
    resolver: Resolver, who: str | None, read: bool
) -> None:
    asked = context("notes", ADA, parent="Board") | {"source": {"id": "b", "who": who}}
    assert resolver("list", REQUEST, asked).early_return is not read
    asked = context("note", ADA, {"id": "n", "writer": who}, "Board")
    asked |= {"source": {"id": "b", "noteId": "n"}}
    evaluation = resolver("related", RESPONSE, asked)
    assert evaluation == Evaluation(result={"id": "n", "writer": who} if read else None)
    asked["identity"] = None
    assert resolver("related", REQUEST, asked).error == denied("note", "Board")


def test_an_update_holds_of_what_is_the_callers_and_stays_so(resolver: Resolver) -> None:
    there = "attribute_exists(id)"
    assert condition(resolver, ADA, "Note", text="b") == f"{there} AND writer = 'ada'"
    assert condition(resolver, BOSS, "Note", writer="bob") == there
    assert condition(resolver, ADA, "Note", writer="ada") == f"{there} AND writer = 'ada'"
    for writer in ("bob", "Ada", None):
        assert condition(resolver, ADA, "Note", writer=writer) == denied("updateNote")


def test_an_item_is_given_away_by_whom_another_rule_lets_in_still(resolver: Resolver) -> None:
    red = pool("ada", "red")
    members = "(NOT (attribute_type(members, 'S')) AND contains(members, 'ada'))"
    both = f"({members} OR team = 'red')"
    there = "attribute_exists(id)"
    assert condition(resolver, red, "Page", title="b") == f"{there} AND {both}"
    assert condition(resolver, red, "Page", members=["bob", "ada"]) == f"{there} AND {both}"
    assert (
        condition(resolver, red, "Page", members=["bob"]) == f"{there} AND {both} AND team = 'red'"
    )
    assert condition(resolver, red, "Page", team="blue") == f"{there} AND {both} AND {members}"
    assert condition(resolver, red, "Page", team="blue", members=None) == denied("updatePage")


def test_fields_with_rules_of_their_own_are_written_by_whom_those_let_in(
    resolver: Resolver,
) -> None:
    assert condition(resolver, ADA, "Note", cost=3) == denied("updateNote")
    assert condition(resolver, ADA, "Note", cost=None) == denied("updateNote")
    assert condition(resolver, BOSS, "Note", cost=3) == "attribute_exists(id)"
    assert condition(resolver, BOSS, "Note", draft="b") == (
        "attribute_exists(id) AND writer = 'boss'"
    )
    added = context("updateNote", ADA, input={"id": "a"}, add={"cost": 3})
    assert resolver("update", REQUEST, added).error == denied("updateNote")


@pytest.mark.parametrize(
    ("identity", "item"), [(BOSS, {"cost": 3}), (ADA, {"cost": 3}), (None, {})]
)
def test_fields_with_rules_of_their_own_are_read_by_whom_those_let_in(
    resolver: Resolver, identity: Json, item: Json
) -> None:
    asked = context("cost", identity, parent="Note") | {"source": {"writer": "ada", **item}}
    evaluation = resolver("field", RESPONSE, asked)
    if identity is BOSS:
        assert evaluation == Evaluation(result=3)
    else:
        assert evaluation == Evaluation(error=denied("cost", "Note"))


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_a_write_that_fails_tells_nothing_of_the_item(resolver: Resolver, operation: str) -> None:
    field = f"{operation}Note"
    failed = {"error": {"type": UNMET, "message": "The conditional request failed"}}
    asked = context(field, ADA, {"id": "a", "text": "secret"}, input={"id": "a"})
    assert resolver(operation, RESPONSE, asked | failed) == Evaluation(error=denied(field))
    asked["arguments"]["condition"] = {"version": {"eq": 1}}
    assert resolver(operation, RESPONSE, asked | failed).error == HandlerError(
        "The conditional request failed: there is no item with id a, or the condition does not "
        "hold",
        UNMET,
    )
    boss = context(field, BOSS, input={"id": "a"}) | failed
    assert resolver(operation, RESPONSE, boss).error == HandlerError(
        "there is no item with id a", UNMET
    )


def test_what_is_added_and_fails_is_a_denial_unless_a_number_may_be_why(resolver: Resolver) -> None:
    failed = {"error": {"type": UNMET, "message": "The conditional request failed"}}
    for added in ({"labels": ["x"]}, {"cost": 1.5}, {"stars": None}):
        asked = context("updateNote", ADA, input={"id": "a"}, add=added) | failed
        assert resolver("update", RESPONSE, asked).error == denied("updateNote"), added
    asked = context("updateNote", ADA, input={"id": "a"}, add={"stars": 1}) | failed
    assert resolver("update", RESPONSE, asked).error == HandlerError(
        "there is no item with id a, or a number would leave the bounds of an Int", UNMET
    )


def hears(
    resolver: Resolver, field: str, identity: Json, **arguments: Json
) -> Callable[[Json], bool]:
    evaluation = resolver("subscribe", RESPONSE, context(field, identity, **arguments))
    assert (evaluation.result, evaluation.error) == (None, None)
    return enhanced_filter(evaluation.subscription_filter).matches


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete", "Change"])
def test_a_subscriber_hears_of_what_rules_let_read(resolver: Resolver, kind: str) -> None:
    asked = {"id": "a", "starred": True, "priority": 3}
    heard = hears(resolver, f"on{kind}Note", ADA, **asked)
    own = {"writer": "ada", **asked}
    assert heard(own)
    for other in ({"writer": "bob"}, {"writer": None}, {"id": "b"}, {"starred": False}):
        assert not heard({**own, **other})
    assert not heard(asked)
    assert hears(resolver, f"on{kind}Note", BOSS, **asked)(asked)
    page = hears(resolver, f"on{kind}Page", pool("ada", "red"))
    heard_of: list[Json] = [
        {"members": ["bob", "ada"]},
        {"team": "red"},
        {"teams": ["blue", "red"]},
    ]
    assert [page(item) for item in heard_of] == [True] * 3
    others: list[Json] = [{"members": ["bob"]}, {"team": "blue"}, {"teams": []}, {}]
    assert [page(item) for item in others] == [False] * 4


def test_whoever_asks_for_their_own_is_heard_and_nobody_asks_for_anothers(
    resolver: Resolver,
) -> None:
    heard = hears(resolver, "onCreateNote", ADA, writer="ada")
    assert heard({"writer": "ada"})
    assert not heard({"writer": "bob"})
    evaluation = resolver("subscribe", RESPONSE, context("onCreateNote", ADA, writer="bob"))
    assert evaluation == Evaluation(error=denied("onCreateNote"))


@pytest.mark.parametrize("kind", ["Update", "Change"])
def test_whoever_an_item_is_taken_from_hears_nothing_of_it(resolver: Resolver, kind: str) -> None:
    heard = hears(resolver, f"on{kind}Note", ADA, text="old", starred=True)
    was = {"text": "old", "starred": True, "writer": "ada"}
    new = {"text": "new", "starred": True, "_was": was}
    assert heard({**new, "writer": "ada"})
    assert not heard({**new, "writer": "bob"})
    assert not heard({**new, "text": "old", "writer": "bob"})
    page = hears(resolver, f"on{kind}Page", ADA)
    assert not page({"members": ["bob"], "_was": {"members": ["ada"]}})


@given(
    arguments=st.dictionaries(
        st.sampled_from(["id", "text", "starred", "updatedIn"]),
        st.one_of(st.text(max_size=9), st.booleans(), st.integers(-9, 9)),
        max_size=4,
    ),
    owner=st.one_of(st.none(), st.text(), st.booleans(), st.integers(), st.just("ada")),
)
@settings(
    max_examples=percent(60),
    # The fixture holds no state: it runs a file.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_arguments_widen_what_a_subscriber_hears(
    resolver: Resolver, arguments: Json, owner: Json
) -> None:
    heard = hears(resolver, "onCreateNote", ADA, **arguments)
    assert heard({**arguments, "writer": owner}) is (owner == "ada")
    assert not arguments or not heard({"writer": "ada"})


@pytest.mark.parametrize(
    ("identity", "filter", "message"),
    [
        (
            pool("ada", *(f"g{each}" for each in range(30))),
            None,
            "what the rules let you hear of has 34 alternatives, and AppSync takes 10 with those "
            "of the filter: ask for less",
        ),
        (
            pool("ada", "red"),
            {"or": [{"title": {"eq": each}} for each in "abc"]},
            "what the rules let you hear of has 4 alternatives, and AppSync takes 10 with those of "
            "the filter: ask for less",
        ),
        (
            pool("a" * 300),
            None,
            "filter has containsAny of members with a text longer than the 256 characters that "
            "AppSync takes",
        ),
    ],
)
def test_what_appsync_cannot_filter_by_is_refused_and_never_wider(
    resolver: Resolver, identity: Json, filter: Json, message: str
) -> None:
    evaluation = resolver("subscribe", RESPONSE, context("onCreatePage", identity, filter=filter))
    assert evaluation == Evaluation(error=HandlerError(message, "BadRequest"))


@pytest.mark.parametrize(
    ("identity", "let_in"), [(BOSS, True), (ADA, False), (None, False)], ids=["staff", "ada", "key"]
)
@pytest.mark.parametrize(
    ("name", "parent"),
    [("operation", "Mutation"), ("operation", "Query"), ("listen", "Subscription")],
)
def test_an_operation_of_ones_own_is_called_by_whom_its_rules_let_in(
    resolver: Resolver, identity: Json, let_in: bool, name: str, parent: str
) -> None:
    asked = context("close", identity, parent=parent)
    operations = {f"{parent}.close": {"rules": [STAFF]}}
    asked["env"] = {**ENV, "MODELS_40": f";;!={json.dumps(operations)}"}
    evaluation = resolver(name, REQUEST, asked)
    assert evaluation.error == (None if let_in else denied("close", parent))


@pytest.mark.parametrize(
    ("identity", "let_in"),
    [(BOSS, True), (ADA, True), (None, False), (pool(""), False)],
    ids=["staff", "ada", "key", "nobody"],
)
def test_one_without_rules_is_called_by_whom_those_of_its_model_let_in(
    resolver: Resolver, identity: Json, let_in: bool
) -> None:
    asked = context("close", identity, parent="Mutation")
    asked["env"] = {**ENV, "MODELS_40": f";;!={json.dumps({'Mutation.close': {'of': ['Note']}})}"}
    evaluation = resolver("operation", REQUEST, asked)
    assert evaluation.error == (None if let_in else denied("close", "Mutation"))


def test_an_operation_of_ones_own_answers_what_the_caller_may_read(resolver: Resolver) -> None:
    one = {"rules": [{"by": "U"}], "model": "Note"}
    operations = {"Query.one": one, "Query.all": {**one, "many": True}}
    asked = context("all", ADA)
    asked["env"] = {**ENV, "MODELS_40": f";;!={json.dumps(operations)}"}
    mine, other = {"id": "a", "writer": "ada"}, {"id": "b", "writer": "bob"}
    many = asked | {"prev": {"result": [mine, other, None]}}
    assert resolver("operation", RESPONSE, many).result == [mine]
    asked["info"]["fieldName"] = "one"
    for result, answer in ((mine, mine), (other, None), (None, None)):
        one = asked | {"prev": {"result": result}}
        assert resolver("operation", RESPONSE, one).result == answer
