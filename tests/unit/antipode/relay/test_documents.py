"""The generated documents, as the relay loads them."""

from __future__ import annotations

import json

import pytest
from antipode.relay.change import ChangeKind
from antipode.relay.documents import Model, Mutation, load
from antipode.relay.errors import DocumentsVersionError


def facts(fields: object, subscriptions: list[str]) -> str:
    mutation = {"field": "publishCreateM", "query": "mutation Ø", "subscriptions": subscriptions}
    model = {"fields": fields, "owners": ["owner"], "mutations": {"CREATE": mutation}}
    return json.dumps({"version": 2, "models": {"M": model}})


def test_a_model_knows_its_fields_and_its_mutations() -> None:
    fields = {"id": "ID", "_was": {"board": "String"}, "_change": {"id": "ID"}}
    text = facts(fields, ["onCreateM", "onChangeOfM"])
    assert load(text) == {
        "M": Model(
            name="M",
            fields={"id": "ID"},
            earlier={"board": "String"},
            owners=("owner",),
            json_fields=frozenset(),
            mutations={
                ChangeKind.CREATE: Mutation("publishCreateM", '"mutation Ø"', "onChangeOfM")
            },
        )
    }


def test_a_model_of_which_nothing_is_chosen_by_has_no_earlier_values() -> None:
    assert load(facts({"id": "ID"}, []))["M"].earlier == {}


def test_a_mutation_that_nobody_subscribes_to_is_measured_by_its_own_name() -> None:
    assert load(facts({}, []))["M"].mutations[ChangeKind.CREATE].subscription == "publishCreateM"


def test_fields_that_hold_json_anywhere_are_known() -> None:
    fields = {"id": "ID", "all": "AWSJSON", "lines": {"sku": "ID", "more": {"x": "AWSJSON"}}}
    assert load(facts(fields, []))["M"].json_fields == {"all", "lines"}


@pytest.mark.parametrize(
    ("text", "found"), [('{"M": {}}', "None"), ('{"version": 1, "models": {}}', "1")]
)
def test_documents_of_an_older_or_a_newer_version_are_refused(text: str, found: str) -> None:
    with pytest.raises(DocumentsVersionError) as raised:
        load(text)
    assert str(raised.value) == (
        f"publish.json is of version {found} and the relay reads version 2:"
        " run `antipode schema` and deploy"
    )
