"""The table of continents."""

from __future__ import annotations

from antipode_tools.operate.route.countries import CONTINENTS


def test_the_table_of_continents_has_every_country_once() -> None:
    countries = [code for codes in CONTINENTS.values() for code in codes.split()]
    assert len(countries) == len(set(countries)) == 250
    assert all(len(code) == 2 and code.isupper() for code in countries)
