"""What an update's announcement says of the item as it was: the fields that subscribers choose by.

The filter of whoever chose an item by what it was matches there, and so they hear it leave.
"""

from __future__ import annotations

from antipode_tools.schema.definitions import Definitions, Field
from antipode_tools.schema.model import Model
from antipode_tools.schema.models import is_single
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import WAS

_COMMENT = (
    "The item's values before an update that changed one of these; null otherwise, and in queries.",
)


def was_type(model: Model) -> str:
    """The type of the field: one of its own, since caches take two objects of one type and id for
    one."""
    return f"{model.name}Was"


def was_field(definitions: Definitions, model: Model) -> Field | None:
    """The field of the model's type; None where nothing would be in it."""
    if not earlier_fields(definitions, model):
        return None
    return Field(WAS, was_type(model), 0, _COMMENT)


def earlier_fields(definitions: Definitions, model: Model) -> tuple[Field, ...]:
    """What is in it: what is compared as one value, without the key, which never changes, the
    fields that say who may hear, by which the server chooses, those with rules of their own, and
    the stamps, which tell of the write.

    Texts are String there, whatever they are in the model, and enums too: an old value that the
    model does not take any more must not keep the new one from being announced.
    """
    return tuple(
        Field(field.name, _type(field), 0)
        for field in model.stored
        if is_single(field, definitions) and not model.is_key(field) and _is_told(model, field)
    )


def _is_told(model: Model, field: Field) -> bool:
    return field.name not in model.deciding and model.is_shown(field)


def _type(field: Field) -> str:
    scalar = SCALARS.get(field.named)
    return "String" if scalar is None or scalar.key_type == "S" else field.named
