"""What a drill changes about a stack."""

from __future__ import annotations

from typing import Any

from antipode_tools.world.drills.deploying import changed


def template(schema: str, **settings: str) -> dict[str, Any]:
    relay = {"Properties": {"Environment": {"Variables": settings}}}
    return {
        "Resources": {"RelayFunction": relay, "Schema": {"Properties": {"Definition": schema}}},
        "Outputs": {"A": {"Value": "a"}},
    }


TYPE = "type ItemsModel {\n  id: ID!\n  item: String\n}\n"
BEFORE = template(TYPE, LANES="32", REGION="r")


def test_the_relay_gets_other_settings_and_nothing_else_changes() -> None:
    assert changed(BEFORE, {"LANES": "31"}, wider=False) == template(TYPE, LANES="31", REGION="r")


def test_the_model_gets_a_field_and_the_template_before_stays_as_it_was() -> None:
    wider = "type ItemsModel {\n  id: ID!\n  item: String\n  ofTheDrill: Int\n}\n"
    after = changed(BEFORE, {"PUBLISH_RATE": "20"}, wider=True)
    assert after == template(wider, LANES="32", REGION="r", PUBLISH_RATE="20")
    assert template(TYPE, LANES="32", REGION="r") == BEFORE
