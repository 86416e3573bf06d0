"""AppSync's scalars, in and out."""

import ipaddress
import json
import string
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.appsync.ports import Json
from localaws.appsync.scalars import SCALARS, InvalidValue, Scalar, parse_json, render_json

BY_NAME = {scalar.name: scalar for scalar in SCALARS}

VALID: dict[str, list[Json]] = {
    "AWSDate": ["1970-01-01", "1970-01-01Z", "1970-01-01-07:00", "1970-01-01+05:30:30",
                "-2017-05-01", "0000-02-29", "2024-02-29"],
    "AWSTime": ["12:30", "12:30:24", "12:30:24.5", "23:59:59.123456789Z", "12:30:24-07:00",
                "12:30:24.500+05:30"],
    "AWSDateTime": ["1970-01-01T12:00Z", "1970-01-01T12:00:00.2Z",
                    "1970-01-01T12:00:00.123456789+05:30:12", "-9999-01-01T00:00-18:00"],
    "AWSTimestamp": [0, -1, 1_700_000_000, 10**12],
    "AWSEmail": ["a@b", "first.last+tag@sub.example.com"],
    "AWSURL": ["https://www.amazon.com/dp/B000NZW3KC/", "mailto:example@example.com",
               "http://localhost:4001/graphql?x=//y"],
    "AWSPhone": ["+44 20 7946 0958", "+14155552671", "415-555-2671", "1 415 555 2671"],
    "AWSIPAddress": ["127.0.0.1", "123.45.67.89/16", "1a2b:3c4b::1234:4567", "::1/128"],
}  # fmt: skip

INVALID: dict[str, list[Json]] = {
    "AWSDate": ["1970-1-1", "1970-02-30", "2023-02-29", "1970-13-01", "1970-01-01T", "70-01-01",
                "1970-01-01+19:00", "1970-01-01+18:30", "1970-01-01 ", "", 1970, None, True],
    "AWSTime": ["24:00", "12:60", "12:30:60", "12", "12:30.5", "12:30:24.", "12:30:24.1234567890",
                "12:30:24+7:00"],
    "AWSDateTime": ["1970-01-01T12:00", "1970-01-01 12:00Z", "1970-01-01", "1970-02-30T12:00Z",
                    "1970-01-01T12:00:00z", "yesterday"],
    "AWSTimestamp": ["0", 1.5, True, None, float("inf"), float("nan")],
    "AWSEmail": ["a", "a@", "@b", "a@b@c", "a b@c", "a@b..c", "a@.b"],
    "AWSURL": ["www.amazon.com", "https://example.com//double", "https://", "http://a b", "//a",
               "http://[::1", ""],
    "AWSPhone": ["1110004444", "123", "+0123456789", "call me", "+1", "+1234567890123456", ""],
    "AWSIPAddress": ["256.0.0.1", "1.2.3", "[::1]", "fe80::1%eth0", "1.2.3.4/33",
                     "1.2.3.4/255.0.0.0", "1.2.3.4/", "localhost"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("scalar", "value"), [(BY_NAME[name], value) for name in VALID for value in VALID[name]]
)
def test_a_documented_form_is_taken_and_given_back_as_it_is(scalar: Scalar, value: Json) -> None:
    assert scalar.parse(value) == value
    assert scalar.render(value) == value


@pytest.mark.parametrize(
    ("scalar", "value"), [(BY_NAME[name], value) for name in INVALID for value in INVALID[name]]
)
def test_another_form_is_refused_in_both_directions(scalar: Scalar, value: Json) -> None:
    with pytest.raises(InvalidValue):
        scalar.parse(value)
    with pytest.raises(InvalidValue):
        scalar.render(value)


@pytest.mark.parametrize(
    "text", ["{", "", "hello", "NaN", '{"a": Infinity}', "1e999", "[" * 100_000]
)
def test_what_is_not_json_is_refused_as_awsjson(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_json(text)


@pytest.mark.parametrize("value", [{"a": 1}, [], 1, True, None])
def test_awsjson_is_given_as_a_string(value: Json) -> None:
    with pytest.raises(InvalidValue):
        parse_json(value)


@pytest.mark.parametrize("value", [float("nan"), {"a": object()}])
def test_what_json_cannot_hold_is_not_rendered(value: Json) -> None:
    with pytest.raises(InvalidValue):
        render_json(value)


def test_awsjson_renders_a_string_as_the_json_of_a_string() -> None:
    assert render_json('{"a": 1}') == '"{\\"a\\": 1}"'


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)  # fmt: skip


@given(JSON_VALUES)
def test_awsjson_in_and_out_are_each_others_reverse(value: Json) -> None:
    assert parse_json(render_json(value)) == value
    assert json.loads(render_json(value)) == value


@given(st.dates())
def test_every_date_is_an_awsdate(day: date) -> None:
    assert BY_NAME["AWSDate"].parse(day.isoformat()) == day.isoformat()


OFFSETS = st.integers(-18 * 60, 18 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=OFFSETS))
def test_every_moment_with_an_offset_is_an_awsdatetime(moment: datetime) -> None:
    assert BY_NAME["AWSDateTime"].parse(moment.isoformat()) == moment.isoformat()
    assert BY_NAME["AWSTime"].parse(moment.isoformat().partition("T")[2])


@given(st.datetimes())
def test_no_moment_without_an_offset_is_an_awsdatetime(moment: datetime) -> None:
    with pytest.raises(InvalidValue):
        BY_NAME["AWSDateTime"].parse(moment.isoformat())


@given(st.integers())
def test_every_whole_number_is_an_awstimestamp(seconds: int) -> None:
    assert BY_NAME["AWSTimestamp"].parse(seconds) == seconds


@given(st.ip_addresses())
def test_every_address_is_an_awsipaddress(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert BY_NAME["AWSIPAddress"].parse(str(address)) == str(address)


@given(st.sampled_from([s for s in SCALARS if s.name != "AWSJSON"]), st.text(string.printable))
def test_no_text_makes_a_scalar_break(scalar: Scalar, text: str) -> None:
    try:
        assert scalar.parse(text) == text
    except InvalidValue:
        with pytest.raises(InvalidValue):
            scalar.render(text)


def test_the_epoch_in_every_form_of_time() -> None:
    epoch = datetime.fromtimestamp(0, UTC)
    assert BY_NAME["AWSTimestamp"].parse(epoch.timestamp()) == 0
    assert BY_NAME["AWSDateTime"].parse(epoch.isoformat()) == "1970-01-01T00:00:00+00:00"
