"""Conditions on JSON: metadata, and the list of a conclusion's sources."""

from collections.abc import Mapping

from graph.errors import Invalid
from graph.filters.columns import Column
from graph.filters.conditions import (
    Always,
    Condition,
    FieldHasText,
    FieldIsAnyOf,
    FieldNumber,
    FieldText,
    HasSources,
    Holds,
    IsNull,
    Never,
    all_of,
    negation,
)
from graph.filters.keywords import COMPARISONS, MEMBER, SUBSTRING, WILDCARD, known_operators, shown
from graph.filters.operands import check_json, text
from graph.metadata_terms import is_array, is_object, number_key, scalar_text


def parse_metadata(column: Column, value: object, path: str) -> Condition:
    """Read what is asked of a metadata object.

    Raises:
        Invalid: it is a scalar, or an operator or an operand breaks a rule.
    """
    if value is None:
        return IsNull(column)
    if value == WILDCARD:
        return Always()
    check_json(value, path)
    if is_array(value):
        return Never()  # metadata is an object, and no object contains a list
    if not is_object(value):
        raise Invalid(f"{path} must be an object, a list, null or {WILDCARD!r}")
    if known_operators(value, path):
        return all_of([_whole(column, name, asked, f"{path}.{name}") for name, asked in value.items()])
    return _fields(column, value, path)


def parse_sources(column: Column, value: object, path: str) -> Condition:
    """Read what is asked of a list of ids.

    Raises:
        Invalid: it is a scalar, or an operator or an operand breaks a rule.
    """
    if value is None:
        return IsNull(column)
    if value == WILDCARD:
        return Always()
    if is_object(value) and known_operators(value, path):
        return all_of([_sources(column, name, asked, f"{path}.{name}") for name, asked in value.items()])
    return _contained_sources(column, value, path, scalars=False)


def _sources(column: Column, name: str, asked: object, path: str) -> Condition:
    if asked == WILDCARD:
        return Always()
    if name != "contains":
        raise Invalid(f"{path}: source_ids knows only the operator contains")
    return _contained_sources(column, asked, path, scalars=True)


def _contained_sources(column: Column, asked: object, path: str, *, scalars: bool) -> Condition:
    if scalars and isinstance(asked, str):
        return HasSources(column, (text(asked, path),))
    if is_object(asked):
        return Never()  # no list contains an object
    if not is_array(asked):
        raise Invalid(f"{path} must be {'an id, ' if scalars else ''}a list of ids or an object")
    check_json(asked, path)
    ids = [item for item in asked if isinstance(item, str)]
    if len(ids) < len(asked):
        return Never()
    return HasSources(column, tuple(ids)) if ids else negation(IsNull(column))


def _whole(column: Column, name: str, asked: object, path: str) -> Condition:
    if asked == WILDCARD:
        return Always()
    if name != "contains":
        raise Invalid(f"{path}: the whole of a JSON column knows only the operator contains")
    if is_array(asked):
        return Never()
    if not is_object(asked):
        raise Invalid(f"{path} must be an object or a list")
    return Holds(column, asked) if asked else Always()


def _fields(column: Column, asked: Mapping[str, object], path: str) -> Condition:
    contained: dict[str, object] = {}
    conditions: list[Condition] = []
    for field, value in asked.items():
        at = f"{path}.{shown(field)}"
        if value == WILDCARD:
            continue
        if is_object(value) and known_operators(value, at):
            conditions += [_field(column, field, name, part, f"{at}.{name}") for name, part in value.items()]
        else:
            contained[field] = value
    return all_of([*conditions, Holds(column, contained)] if contained else conditions)


def _field(column: Column, field: str, name: str, asked: object, path: str) -> Condition:
    if asked == WILDCARD:
        return Always()
    if name == MEMBER:
        return _field_member(column, field, asked, path)
    if asked is None:
        if name == "ne":
            return FieldHasText(column, field, "")
        raise Invalid(f"{path}: only ne may be compared with null")
    operand = _field_operand(asked, path)
    if name in SUBSTRING:
        return FieldHasText(column, field, operand)
    number = number_key(asked)
    if number is None:
        return FieldText(column, field, COMPARISONS[name], operand)
    return FieldNumber(column, field, COMPARISONS[name], number)


def _field_member(column: Column, field: str, asked: object, path: str) -> Condition:
    if not is_array(asked):
        raise Invalid(f"{path} must be a list")
    if WILDCARD in asked:
        return Always()
    texts = [_field_operand(item, f"{path}[{index}]") for index, item in enumerate(asked)]
    return FieldIsAnyOf(column, field, tuple(texts)) if texts else Never()


def _field_operand(asked: object, path: str) -> str:
    if asked is None or is_object(asked) or is_array(asked):
        raise Invalid(f"{path} must be a string, a number, true or false")
    return scalar_text(asked)
