"""How large DynamoDB's guide says that an item is, whoever read it."""

from __future__ import annotations

import pytest

from antipode_tools.project.item_size import Item, bytes_of, write_units


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({}, 0),
        ({"id": {"S": "äb"}}, 2 + 3),
        ({"é": {"S": "é"}}, 2 + 2),
        ({"t": {"BOOL": True}, "f": {"BOOL": False}, "u": {"NULL": True}}, 3 * 2),
        ({"s": {"SS": ["a", "bc"]}, "n": {"NS": ["1", "22", "333"]}}, 1 + 3 + 1 + 2 + 2 + 3),
        ({"m": {"M": {"ab": {"S": "c"}}}}, 1 + 3 + 1 + 2 + 1),
        ({"m": {"M": {}}, "l": {"L": []}}, 2 * (1 + 3)),
        ({"l": {"L": [{"S": "ab"}, {"BOOL": True}]}}, 1 + 3 + 1 + 2 + 1 + 1),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(given: Item, size: int) -> None:
    assert bytes_of(given) == size


@pytest.mark.parametrize(
    ("number", "size"),
    [
        ("0", 1),
        ("7", 2),
        ("12", 2),
        ("12345", 4),
        ("-12.34", 3),
        ("100", 2),
        ("0.0025", 2),
        ("1.05E+20", 3),
    ],
)
def test_a_number_takes_a_byte_for_two_significant_digits_and_one(number: str, size: int) -> None:
    assert bytes_of({"n": {"N": number}}) == 1 + size


@pytest.mark.parametrize(
    "given",
    [
        {"b": {"B": b"\x00\x01\x02"}, "s": {"BS": [b"x", b"yz"]}},  # as boto3 has them
        {"b": {"B": "AAEC"}, "s": {"BS": ["eA==", "eXo="]}},  # as a stream's JSON has them
    ],
)
def test_what_is_binary_is_as_large_as_it_is_in_either_form(given: Item) -> None:
    assert bytes_of(given) == 1 + 3 + 1 + 1 + 2


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1024, 1), (1025, 2), (4002, 4)])
def test_a_write_counts_by_the_kilobyte_begun(size: int, units: int) -> None:
    assert write_units(size) == units
