"""The generated documents, as the relay loads them."""

from __future__ import annotations

import json

from antipode.relay.change import ChangeKind
from antipode.relay.documents import Model, Mutation, load


def facts(fields: object, subscriptions: list[str]) -> str:
    mutation = {"field": "publishCreateM", "query": "mutation Ø", "subscriptions": subscriptions}
    return json.dumps({"M": {"fields": fields, "mutations": {"CREATE": mutation}}})


def test_a_model_knows_its_fields_and_its_mutations() -> None:
    text = facts({"id": "ID", "_change": {"id": "ID"}}, ["onCreateM", "onChangeOfM"])
    assert load(text) == {
        "M": Model(
            name="M",
            fields={"id": "ID"},
            json_fields=frozenset(),
            mutations={
                ChangeKind.CREATE: Mutation("publishCreateM", '"mutation Ø"', "onChangeOfM")
            },
        )
    }


def test_a_mutation_that_nobody_subscribes_to_is_measured_by_its_own_name() -> None:
    assert load(facts({}, []))["M"].mutations[ChangeKind.CREATE].subscription == "publishCreateM"


def test_fields_that_hold_json_anywhere_are_known() -> None:
    fields = {"id": "ID", "all": "AWSJSON", "lines": {"sku": "ID", "more": {"x": "AWSJSON"}}}
    assert load(facts(fields, []))["M"].json_fields == {"all", "lines"}
