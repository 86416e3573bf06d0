"""Any filters and items, and what of the items the filters find: a model of their meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypothesis import strategies as st

from localaws.appsync.ports import Json

# Fields that are called as placeholders are, here and in AppSync's own helpers.
TEXTS = ("x", "or_0_x", "faa", "a_eq", "and_0_or_0_x")
NUMBERS = ("n", "or_0_n", "fab", "fab_end", "size")
# moto fails at the size of what is missing, which DynamoDB has none of.
SIZED = "sized"

_texts = st.text("ab", max_size=3)
_prefixes = st.text("ab", min_size=1, max_size=2)
_numbers = st.integers(-2, 3)


def _comparisons(
    values: st.SearchStrategy[Json], **more: st.SearchStrategy[Json]
) -> st.SearchStrategy[Json]:
    operators: dict[str, st.SearchStrategy[Json]] = {
        **dict.fromkeys(("eq", "ne"), st.none() | values),
        **dict.fromkeys(("lt", "le", "gt", "ge"), st.none() | values),
        "between": st.lists(values, min_size=2, max_size=2).map(sorted),
        "attributeExists": st.booleans(),
        "attributeType": st.sampled_from(["string", "number", "list"]),
        **more,
    }
    return st.fixed_dictionaries({}, optional=operators).filter(lambda each: len(each) < 4)


_in_text = {"contains": _prefixes, "notContains": _prefixes, "beginsWith": _prefixes}
_size = st.fixed_dictionaries({}, optional={"eq": _numbers, "ge": _numbers})
_fields = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(TEXTS, _comparisons(_texts, **_in_text)),
        SIZED: _comparisons(_texts, **_in_text, size=_size),
        **dict.fromkeys(NUMBERS, _comparisons(_numbers)),
    },
).filter(lambda each: len(each) < 4)


def _nested(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    groups = {
        "and": st.lists(inner, max_size=3),
        "or": st.lists(inner, max_size=3),
        "not": inner,
    }
    return st.builds(
        lambda fields, group: {**fields, **group},
        _fields,
        st.fixed_dictionaries({}, optional=groups),
    )


FILTERS = st.recursive(_fields, _nested, max_leaves=6)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {SIZED: _texts},
        optional={**dict.fromkeys(TEXTS, _texts), **dict.fromkeys(NUMBERS, _numbers)},
    ),
    min_size=1,
    max_size=3,
)

_KINDS = {"string": str, "number": int, "list": list}


def holds(filter: Json, item: Mapping[str, Json]) -> bool | None:
    """Whether a filter is true of an item; None if it asks for nothing."""
    asked = [each for each in _parts(filter, item) if each is not None]
    return all(asked) if asked else None


def _parts(filter: Json, item: Mapping[str, Json]) -> Iterator[bool | None]:
    for name, value in filter.items():
        if name == "not":
            inner = holds(value, item)
            yield None if inner is None else not inner
        elif name in ("and", "or"):
            members = [each for each in (holds(f, item) for f in value) if each is not None]
            join = all if name == "and" else any
            yield join(members) if members else None
        else:
            for operator, operand in value.items():
                yield _compared(operator, item.get(name), operand)


def _compared(operator: str, value: Json, operand: Json) -> bool | None:
    if operator == "size":
        sizes = [
            _compared(op, None if value is None else len(value), n) for op, n in operand.items()
        ]
        return all(sizes) if sizes else None
    if operand is None:
        return {"eq": value is None, "ne": value is not None}.get(operator)
    match operator:
        case "attributeExists":
            return (value is not None) is operand
        case "ne":
            return bool(value != operand)
        case "notContains":
            return value is None or operand not in value
    if value is None:
        return False
    match operator:
        case "attributeType":
            return isinstance(value, _KINDS[operand])
        case "between":
            return bool(operand[0] <= value <= operand[1])
        case "contains":
            return operand in value
        case "beginsWith":
            return bool(value.startswith(operand))
        case _:
            orders: dict[str, bool] = {
                "eq": value == operand,
                "lt": value < operand,
                "le": value <= operand,
                "gt": value > operand,
                "ge": value >= operand,
            }
            return orders[operator]


def attributes(item: Mapping[str, Json]) -> dict[str, Json]:
    """An item as DynamoDB has it."""
    return {
        name: {"S": value} if isinstance(value, str) else {"N": str(value)}
        for name, value in item.items()
    }
