"""What an updated item held before, for those who chose it by that: they hear it leave.

Nothing here may keep the new values from being announced. So an old value that AppSync would not
take for the type of its field, which whoever repairs an item leaves behind, is told as null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from antipode.json_values import Json
from antipode.relay.attributes import join, quoted
from antipode.relay.change import Change, ChangeKind
from antipode.relay.documents import Model

# No filter compares with a longer text, so that none could match by it.
# https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
MAX_CHARACTERS = 256

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_NULL = "null"


def earlier(change: Change, model: Model) -> str:
    """The JSON text of `_was`: the earlier values of the fields that subscribers choose by.

    null unless an update changed one of them; and where it gave the item to another owner, who is
    not told what it was before it was theirs.
    """
    old = change.earlier
    if change.kind is not ChangeKind.UPDATE or not old or not model.earlier:
        return _NULL
    if any(old.get(owner) != change.image.get(owner) for owner in model.owners):
        return _NULL
    if not any(_changed(old, change.image, name, type_) for name, type_ in model.earlier.items()):
        return _NULL
    return join({name: _value(old.get(name), type_) for name, type_ in model.earlier.items()})


def _changed(old: Mapping[str, Json], new: Mapping[str, Json], name: str, type_: str) -> bool:
    """Whether what may be told of a field differs: two texts that are too long are the same."""
    before, after = old.get(name), new.get(name)
    return before != after and _value(before, type_) != _value(after, type_)


def _value(value: Json, type_: str) -> str:
    if not isinstance(value, dict) or len(value) != 1:
        return _NULL
    [(tag, content)] = value.items()
    return _READERS[type_](tag, content)


def _text(tag: str, content: Json) -> str:
    """A number too: DynamoDB may hold an ID as one, and it is announced as a text."""
    if tag not in ("S", "N") or not isinstance(content, str) or len(content) > MAX_CHARACTERS:
        return _NULL
    return _NULL if _HALF_PAIR.search(content) else quoted(content)


def _number(tag: str, content: Json) -> str:
    return content if tag == "N" and _fits(_NUMBER, content) else _NULL


def _whole_number(tag: str, content: Json) -> str:
    return content if tag == "N" and _fits(_WHOLE, content) else _NULL


def _int(tag: str, content: Json) -> str:
    number = _whole_number(tag, content)
    return number if number != _NULL and -(2**31) <= int(number) < 2**31 else _NULL


def _boolean(tag: str, content: Json) -> str:
    if tag != "BOOL" or not isinstance(content, bool):
        return _NULL
    return "true" if content else "false"


def _fits(form: re.Pattern[str], content: Json) -> bool:
    return isinstance(content, str) and form.fullmatch(content) is not None


# By the types that `antipode schema` gives these fields, and no others.
_READERS: Mapping[str, Callable[[str, Json], str]] = {
    "String": _text,
    "Int": _int,
    "Float": _number,
    "AWSTimestamp": _whole_number,
    "Boolean": _boolean,
}
