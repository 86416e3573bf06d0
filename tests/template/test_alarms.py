"""Whom the stack calls, and when: docs/operations.md has the table, which each alarm leads to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .evaluate import Stack, TemplateError, evaluate
from .reading import Node, load_file, walk

TOPIC = "arn:aws:sns:eu-west-1:111122223333:on-call"
EVERY = {
    "AlarmTopicArn": TOPIC,
    "AuthMode": "AWS_LAMBDA",
    "WebAcl": "true",
    "CanaryModel": "ItemsModel",
}

# The children of the composite alarm, which call nobody themselves.
LATE = {
    "IteratorAgeAlarm",
    "ErrorsAlarm",
    "FailedAlarm",
    "ThrottlesAlarm",
    "ReplicationLagAlarm",
    "CanaryAlarm",
}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/operations.md").read_text()


@pytest.fixture(scope="module")
def stack(template: Node) -> Stack:
    return evaluate(template, stack_name="shop", parameters=EVERY)


def alarms(stack: Stack) -> dict[str, Node]:
    single = stack.of_type("AWS::CloudWatch::Alarm")
    return {**single, **stack.of_type("AWS::CloudWatch::CompositeAlarm")}


def anchors(page: str) -> set[str]:
    """The addresses of the sections, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_is_no_alarm_unless_somebody_is_to_be_called(template: Node) -> None:
    stack = evaluate(template)
    assert alarms(stack) == {}
    assert "MetricsConfigurations" not in stack.resources["OnFailureBucket"]["Properties"]


def test_the_alarms_are_those_of_the_page_and_no_others(stack: Stack, page: str) -> None:
    rows = re.findall(r"^\| `(\w+Alarm)`", page, re.MULTILINE)
    assert sorted(rows) == sorted(alarms(stack))
    assert len(rows) == len(set(rows))


def test_an_alarm_of_what_is_not_there_is_not_there_either(template: Node) -> None:
    there = alarms(evaluate(template, parameters={"AlarmTopicArn": TOPIC}))
    every = alarms(evaluate(template, parameters=EVERY))
    assert every.keys() - there.keys() == {
        "KeysUnavailableAlarm",
        "SignedRateAlarm",
        "CanaryAlarm",
    }


def test_each_alarm_names_a_section_of_the_page(stack: Stack, page: str) -> None:
    sections = anchors(page)
    for name, alarm in alarms(stack).items():
        [section] = re.findall(r"docs/operations\.md#([\w-]+)$", alarm["AlarmDescription"])
        assert section in sections, name


def test_the_runbooks_are_wherever_the_page_is_published(template: Node) -> None:
    parameters = {**EVERY, "RunbookUrl": "https://wiki.example.com/antipode"}
    for name, alarm in alarms(evaluate(template, parameters=parameters)).items():
        assert "https://wiki.example.com/antipode#" in alarm["AlarmDescription"], name


def test_missing_data_is_no_alarm_but_of_the_canary(stack: Stack) -> None:
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        missing = "breaching" if name == "CanaryAlarm" else "notBreaching"
        assert alarm["TreatMissingData"] == missing, name
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold", name


def test_one_cause_calls_once(stack: Stack) -> None:
    called = {name for name, alarm in alarms(stack).items() if "AlarmActions" in alarm}
    assert alarms(stack).keys() - called == LATE
    [late] = stack.of_type("AWS::CloudWatch::CompositeAlarm").values()
    assert set(late["AlarmRule"].split(" OR ")) == {f'ALARM("${{{name}}}")' for name in LATE}
    for name in called:
        assert alarms(stack)[name]["AlarmActions"] == [TOPIC], name
        assert alarms(stack)[name]["OKActions"] == [TOPIC], name


def watched(alarm: Node) -> tuple[str, str, str, dict[str, str]]:
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    return alarm["Namespace"], alarm["MetricName"], alarm["Statistic"], dimensions


def test_each_alarm_watches_the_metric_that_the_page_names(stack: Stack, page: str) -> None:
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        if name == "ReplicationLagAlarm":
            continue
        namespace, metric, statistic, _ = watched(alarm)
        [row] = re.findall(rf"^\| `{name}`.*$", page, re.MULTILINE)
        assert f"`{namespace}` `{metric}`" in row, name
        assert statistic in row, name


def test_what_is_watched_is_this_stacks_own(stack: Stack) -> None:
    relay = {"FunctionName": "${RelayFunction}"}
    queue = {"QueueName": "${UndeliveredQueue.QueueName}"}
    assert {
        name: watched(alarm)[3]
        for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items()
        if "Dimensions" in alarm
    } == {
        "UndeliveredAlarm": queue,
        "UndeliveredAgeAlarm": queue,
        "GivenUpAlarm": {"BucketName": "${OnFailureBucket}", "FilterId": "EntireBucket"},
        "LostBatchAlarm": relay,
        "KeysUnavailableAlarm": {"Stack": "shop", "service": "authorizer"},
        "ClientErrorsAlarm": {"GraphQLAPIId": "${Api.ApiId}"},
        "SignedRateAlarm": {"Rule": "SignedRate", "WebACL": "ApiWebAcl", "Region": "eu-west-1"},
        "IteratorAgeAlarm": relay,
        "ErrorsAlarm": relay,
        "FailedAlarm": {"Stack": "shop", "service": "relay"},
        "ThrottlesAlarm": relay,
        "CanaryAlarm": {"Stack": "shop", "service": "canary"},
    }
    bucket = stack.resources["OnFailureBucket"]["Properties"]
    assert bucket["MetricsConfigurations"] == [{"Id": "EntireBucket"}]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_lag_is_watched_from_every_region(template: Node, count: int) -> None:
    regions = ["eu-west-1", "ap-southeast-2", "us-east-1", "us-west-2", "sa-east-1"][:count]
    parameters = {**EVERY, "Regions": ",".join(regions), "AlarmReplicationLag": "900"}
    alarm = evaluate(template, parameters=parameters).resources["ReplicationLagAlarm"]["Properties"]
    [math, *metrics] = alarm["Metrics"]
    assert math["Expression"] == "MAX(FILL(METRICS(), 0))"
    assert [
        (each["MetricStat"]["Stat"], each["MetricStat"]["Metric"]["Dimensions"], each["ReturnData"])
        for each in metrics
    ] == [
        (
            "p99",
            [
                {"Name": "Stack", "Value": "antipode"},
                {"Name": "service", "Value": "relay"},
                {"Name": "SourceRegion", "Value": region},
            ],
            False,
        )
        for region in regions
    ]
    assert alarm["Threshold"] == "900"


def test_the_thresholds_on_the_page_are_the_parameters_defaults(template: Node, page: str) -> None:
    days = {"AlarmUndeliveredAge": 86_400}
    found = re.findall(r"> `(Alarm\w+)` \(([\d,]+)", page)
    assert {name: int(told.replace(",", "")) * days.get(name, 1) for name, told in found} == {
        name: each["Default"]
        for name, each in template["Parameters"].items()
        if name.startswith("Alarm") and each["Type"] == "Number"
    }


def test_every_threshold_that_is_a_parameter_is_some_alarms(template: Node) -> None:
    thresholds = {
        node["Threshold"]["Ref"]
        for node in walk(template["Resources"])
        if isinstance(node, dict) and isinstance(node.get("Threshold"), dict)
    }
    named = {name for name, each in template["Parameters"].items() if each["Type"] == "Number"}
    assert thresholds == {name for name in named if name.startswith("Alarm")}


@pytest.mark.parametrize("topic", ["on-call", "arn:aws:sqs:eu-west-1:111122223333:on-call"])
def test_what_is_no_topic_is_refused_at_once(template: Node, topic: str) -> None:
    with pytest.raises(TemplateError, match="AlarmTopicArn"):
        evaluate(template, parameters={"AlarmTopicArn": topic})


def test_the_mappings_count_what_they_do_where_it_is_asked_for(template: Node) -> None:
    plain, counting = (
        evaluate(template, parameters=parameters).resources["ItemsModelMapping"]["Properties"]
        for parameters in ({}, {"MappingMetrics": "true"})
    )
    assert counting == {**plain, "MetricsConfig": {"Metrics": ["EventCount"]}}


def test_the_edge_calls_when_its_routes_lead_nowhere(root: Path) -> None:
    template = load_file(root / "edge/template.yaml")
    alarm = template["Resources"]["RoutesAlarm"]
    watched = [each["MetricStat"]["Metric"] for each in alarm["Properties"]["Metrics"][1:]]
    filters = [template["Resources"][name] for name in ("AllDrainedMetric", "NoRoutesMetric")]
    told = [each["Properties"]["MetricTransformations"][0] for each in filters]
    assert [(each["Namespace"], each["MetricName"]) for each in watched] == [
        (each["MetricNamespace"], each["MetricName"]) for each in told
    ]
    # Two edges of one account are watched apart.
    assert {each["Namespace"]["Fn::Sub"] for each in watched} == {"Antipode/Edge/${AWS::StackName}"}
    section = re.search(r"#([\w-]+)$", alarm["Properties"]["AlarmDescription"]["Fn::Sub"])
    assert section
    assert section[1] in anchors((root / "docs/routing.md").read_text())
