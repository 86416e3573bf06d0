"""The dashboard, against the structure that CloudWatch documents."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import validate  # type: ignore[import-untyped] # it has no types

from .evaluate import evaluate
from .reading import Node

REGIONS = ["eu-west-1", "ap-southeast-2", "us-east-1", "us-west-2", "sa-east-1"]

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
RENDERING: Node = {
    "type": "object",
    "properties": {
        "color": {"type": "string"},
        "expression": {"type": "string"},
        "id": {"type": "string", "pattern": "^[a-z][A-Za-z0-9_]*$"},
        "label": {"type": "string"},
        "period": {"type": "integer"},
        "region": {"type": "string"},
        "stat": {"type": "string"},
        "visible": {"type": "boolean"},
        "yAxis": {"enum": ["left", "right"]},
    },
    "additionalProperties": False,
}
# A metric: namespace, name, then names and values of dimensions, and how it is drawn. Or how an
# expression is drawn alone.
METRIC: Node = {
    "oneOf": [
        {
            "type": "array",
            "minItems": 2,
            "items": {"anyOf": [{"type": "string"}, RENDERING]},
            "prefixItems": [{"type": "string"}, {"type": "string"}],
        },
        {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {**RENDERING, "required": ["expression"]},
        },
    ]
}
PLACE: Node = {
    "x": {"type": "integer", "minimum": 0, "maximum": 23},
    "y": {"type": "integer", "minimum": 0},
    "width": {"type": "integer", "minimum": 1, "maximum": 24},
    "height": {"type": "integer", "minimum": 1, "maximum": 1000},
}
BODY: Node = {
    "type": "object",
    "required": ["widgets"],
    "additionalProperties": False,
    "properties": {
        "start": {"type": "string", "pattern": "^-P"},
        "widgets": {
            "type": "array",
            "maxItems": 500,
            "items": {
                "type": "object",
                "required": ["type", "properties"],
                "oneOf": [
                    {
                        "properties": {
                            **PLACE,
                            "type": {"const": "text"},
                            "properties": {
                                "type": "object",
                                "required": ["markdown"],
                                "properties": {"markdown": {"type": "string"}},
                                "additionalProperties": False,
                            },
                        },
                        "additionalProperties": False,
                    },
                    {
                        "properties": {
                            **PLACE,
                            "type": {"const": "metric"},
                            "properties": {
                                "type": "object",
                                "required": ["metrics", "region"],
                                "properties": {
                                    "metrics": {
                                        "type": "array",
                                        "minItems": 1,
                                        "maxItems": 500,
                                        "items": METRIC,
                                    },
                                    "period": {"type": "integer", "multipleOf": 60},
                                    "region": {"type": "string"},
                                    "stat": {"type": "string"},
                                    "title": {"type": "string"},
                                    "view": {"enum": ["timeSeries", "singleValue"]},
                                },
                                "additionalProperties": False,
                            },
                        },
                        "additionalProperties": False,
                    },
                ],
            },
        },
    },
}


def dashboard(template: Node, count: int = 2) -> Node:
    parameters = {"Dashboard": "true", "Regions": ",".join(REGIONS[:count])}
    stack = evaluate(template, parameters=parameters)
    [body] = stack.of_type("AWS::CloudWatch::Dashboard").values()
    return json.loads(body["DashboardBody"])


def test_there_is_no_dashboard_unless_it_is_asked_for(template: Node) -> None:
    stack = evaluate(template)
    assert not stack.of_type("AWS::CloudWatch::Dashboard")
    assert "DashboardUrl" not in stack.outputs


@pytest.mark.parametrize("count", [2, 3, 5])
def test_it_has_the_structure_that_cloudwatch_documents(template: Node, count: int) -> None:
    validate(dashboard(template, count), BODY)


@pytest.mark.parametrize("count", [2, 5])
def test_every_region_stands_beside_the_others(template: Node, count: int) -> None:
    for widget in dashboard(template, count)["widgets"][-4:]:
        title, metrics = widget["properties"]["title"], widget["properties"]["metrics"]
        named = {each[-1]["region"] for each in metrics}
        assert named == set(REGIONS[:count]), title


def test_what_is_antipodes_own_is_drawn_of_this_stack_alone(template: Node) -> None:
    parameters = {"Dashboard": "true", "Regions": ",".join(REGIONS)}
    stack = evaluate(template, stack_name="shop", parameters=parameters)
    [body] = stack.of_type("AWS::CloudWatch::Dashboard").values()
    drawn = [
        json.dumps(metric)
        for widget in json.loads(body["DashboardBody"])["widgets"]
        for metric in widget["properties"].get("metrics", [])
        if "Antipode" in json.dumps(metric)
    ]
    assert len(drawn) > 20
    for metric in drawn:
        assert '"Stack", "shop"' in metric or 'Stack=\\"shop\\"' in metric, metric


def test_no_two_expressions_of_a_picture_have_one_id(template: Node) -> None:
    for widget in dashboard(template, 5)["widgets"]:
        ids = re.findall(r'"id": "(\w+)"', json.dumps(widget))
        assert len(ids) == len(set(ids))


def test_no_picture_lies_over_another(template: Node) -> None:
    cells = [
        (x, y)
        for each in dashboard(template)["widgets"]
        for x in range(each["x"], each["x"] + each["width"])
        for y in range(each["y"], each["y"] + each["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_what_is_drawn_is_what_the_alarms_watch(template: Node) -> None:
    drawn = json.dumps(dashboard(template))
    for metric in (
        "ReplicationLag",
        "Published",
        "Failed",
        "Undelivered",
        "IteratorAge",
        "ApproximateNumberOfMessagesVisible",
        "DestinationDeliveryFailures",
        "4XXError",
        "ActiveConnections",
        "OutboundMessages",
    ):
        assert f'"{metric}"' in drawn or f'MetricName=\\"{metric}\\"' in drawn, metric
