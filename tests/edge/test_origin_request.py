"""The Lambda@Edge function: the other way to choose the Region."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from localaws.cloudfront.events import Request, Viewer, custom_origin, origin_request
from localaws.cloudfront.function import OriginRequestFunction, Outcome
from tests.edge.stack import HOST, distribution, edge
from tests.template.reading import Node

VIEWER = Viewer("198.51.100.7", "IE")
SILENT = (
    "antipode: region.api.example.com does not tell the Region:"
    " queryCname ETIMEOUT region.api.example.com"
)

Run = Callable[..., Outcome]


@pytest.fixture
def function(template: Node) -> OriginRequestFunction:
    resources = edge(template, Routing="LAMBDA").resources
    return OriginRequestFunction(
        resources["OriginRequestFunction"]["Properties"]["Code"]["ZipFile"]
    )


@pytest.fixture
def origin(template: Node) -> Node:
    """The distribution's origin, as its events show it."""
    [declared] = distribution(edge(template, Routing="LAMBDA"))["Origins"]
    headers = {
        header["HeaderName"]: header["HeaderValue"] for header in declared["OriginCustomHeaders"]
    }
    return custom_origin(declared["DomainName"], headers)


@pytest.fixture
def run(function: OriginRequestFunction, origin: Node) -> Run:
    def told(
        request: Request | None = None, *, answer: str | None = "ap.api.example.com", at_s: int = 0
    ) -> Outcome:
        event = origin_request(request or Request(HOST), VIEWER, origin)
        return function.run(event, answer=answer, now_ms=at_s * 1_000 + 1_767_225_600_000)

    return told


def domain(told: Outcome) -> str:
    """The origin's name, which must be its host as well."""
    name: str = told.value["origin"]["custom"]["domainName"]
    assert told.value["headers"]["host"] == [{"key": "Host", "value": name}]
    return name


def test_the_origin_is_the_region_that_the_name_server_names(run: Run) -> None:
    request = Request(
        HOST, "/graphql/realtime", "GET", "header=e30=&payload=e30=", {"authorization": "a token"}
    )
    assert run(request).value == {
        "clientIp": "198.51.100.7",
        "method": "GET",
        "uri": "/graphql/realtime",
        "querystring": "header=e30=&payload=e30=",
        "headers": {
            "host": [{"key": "Host", "value": "ap.api.example.com"}],
            "authorization": [{"key": "Authorization", "value": "a token"}],
            "cloudfront-viewer-country": [{"key": "Cloudfront-Viewer-Country", "value": "IE"}],
            "x-antipode-address": [{"key": "X-Antipode-Address", "value": VIEWER.address}],
        },
        # What it is told by the distribution does not go on to AppSync.
        "origin": {"custom": custom_origin("ap.api.example.com", {})},
    }


def test_the_name_that_is_looked_up_is_the_latency_record(
    run: Run, function: OriginRequestFunction, template: Node
) -> None:
    run()
    records = edge(template, Routing="LAMBDA").resources["Choice"]["Properties"]["RecordSets"]
    assert {record["Name"] for record in records} == set(function.asked)


def test_it_is_looked_up_once_for_as_long_as_it_lives(
    run: Run, function: OriginRequestFunction
) -> None:
    assert domain(run(answer="ap.api.example.com", at_s=0)) == "ap.api.example.com"
    assert domain(run(answer="eu.api.example.com", at_s=9)) == "ap.api.example.com"
    assert domain(run(answer="eu.api.example.com", at_s=10)) == "eu.api.example.com"
    assert len(function.asked) == 2


def test_while_the_name_server_is_silent_the_last_choice_serves(run: Run) -> None:
    assert domain(run(answer="ap.api.example.com", at_s=0)) == "ap.api.example.com"
    told = run(answer=None, at_s=20)
    assert (domain(told), told.logs) == ("ap.api.example.com", (SILENT,))


def test_without_any_answer_the_first_region_serves(run: Run) -> None:
    told = run(answer=None)
    assert (domain(told), told.logs) == ("eu.api.example.com", (SILENT,))


def test_a_name_that_is_not_ours_is_not_followed(run: Run) -> None:
    told = run(answer="evil.example.net")
    assert domain(told) == "eu.api.example.com"
    assert told.logs == (
        "antipode: region.api.example.com does not tell the Region:"
        " it is evil.example.net, which is none of ours",
    )


def refused(told: Outcome) -> tuple[str, str]:
    [error] = json.loads(told.value["body"])["errors"]
    return told.value["status"], error["message"]


@pytest.mark.parametrize("path", ["/", "/graphql/", "/admin"])
def test_a_path_that_is_not_ours_is_not_found(run: Run, path: str) -> None:
    assert refused(run(Request(HOST, path))) == (
        "404",
        "there is nothing here but /graphql, /graphql/realtime, /ping",
    )


@pytest.mark.parametrize("host", ["d111111abcdef8.cloudfront.net", "eu.api.example.com"])
def test_a_host_that_is_not_ours_is_refused(run: Run, host: str) -> None:
    assert refused(run(Request(host))) == (
        "403",
        "this name is not served here: use api.example.com",
    )


def test_a_host_is_ours_in_any_case(run: Run) -> None:
    assert domain(run(Request("API.Example.com"))) == "ap.api.example.com"
