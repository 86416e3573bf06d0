"""The keys of some models, as the template tells the resolvers: ItemsModel has none to tell."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "KEYS_1": ";Order=customer,number;Visit=id,at",
    "KEYS_2": ";Part=code",
    "KEYS_3": ";",
    "KEYS_4": ";",
}
