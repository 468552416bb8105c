"""From the JSON of a filter to a condition, with one sentence for whatever is wrong with it."""

from collections.abc import Mapping, Set
from decimal import Decimal

from graph.errors import Invalid
from graph.filters.columns import COLUMNS, Column, Kind, Resource
from graph.filters.conditions import (
    Always,
    Condition,
    HasText,
    IsAnyOf,
    IsNull,
    Never,
    Operator,
    all_of,
    negation,
    some_of,
)
from graph.filters.json_columns import parse_metadata, parse_sources
from graph.filters.keywords import COMPARISONS, MEMBER, SUBSTRING, WILDCARD, known_operators, shown
from graph.filters.operands import comparison, integer, operand, text
from graph.metadata_terms import is_array, is_object

#: How deep AND, OR and NOT may nest below the root.
NESTING = 5
_GROUPS = ("AND", "OR", "NOT")


def parse(resource: Resource, raw: object, extra_keys: Set[str] = frozenset()) -> Condition:
    """Read a filter.

    Args:
        resource: what it selects; decides the columns it may name.
        raw: decoded JSON; None is the empty filter.
        extra_keys: keys allowed at the root besides, with a non-empty string each; they add no condition.

    Raises:
        Invalid: a key, an operator or an operand breaks a rule; the sentence names it.
    """
    return Always() if raw is None else _Reader(resource, extra_keys).filter(raw, "filters", 0)


class _Reader:
    def __init__(self, resource: Resource, extra_keys: Set[str]) -> None:
        self._resource = resource
        self._columns = COLUMNS[resource]
        self._extra_keys = extra_keys

    def filter(self, raw: object, path: str, depth: int) -> Condition:
        if not is_object(raw):
            raise Invalid(f"{path} must be an object")
        if depth > NESTING:
            raise Invalid(f"{path}: AND, OR and NOT may nest at most {NESTING} levels deep")
        return all_of([self._entry(key, value, f"{path}.{shown(key)}", depth) for key, value in raw.items()])

    def _entry(self, key: str, value: object, path: str, depth: int) -> Condition:
        if key in _GROUPS:
            return self._group(key, value, path, depth)
        if depth == 0 and key in self._extra_keys:
            if not text(value, path):
                raise Invalid(f"{path} must not be empty")
            return Always()
        column = self._columns.get(key)
        if column is None:
            raise Invalid(f"{path}: a {self._resource} cannot be filtered by it, only by {', '.join(self._columns)}")
        if column.kind is Kind.METADATA:
            return parse_metadata(column, value, path)
        if column.kind is Kind.SOURCES:
            return parse_sources(column, value, path)
        return parse_column(column, value, path)

    def _group(self, key: str, value: object, path: str, depth: int) -> Condition:
        if not is_array(value):
            raise Invalid(f"{path} must be a list of filters")
        parts = [self.filter(part, f"{path}[{index}]", depth + 1) for index, part in enumerate(value)]
        if key == "NOT":
            return all_of([negation(part) for part in parts])
        # An empty OR asks for nothing, so it refuses nothing.
        return some_of(parts) if key == "OR" and parts else all_of(parts)


def parse_column(column: Column, value: object, path: str) -> Condition:
    """Read what is asked of an ordinary column.

    Raises:
        Invalid: an operator or an operand breaks a rule.
    """
    if value is None:
        return IsNull(column)
    if value == WILDCARD:
        return Always()
    if is_array(value):
        return _member(column, value, path)
    if is_object(value):
        return _operators(column, value, path)
    return comparison(column, Operator.EQUAL, operand(column, value, path))


def _operators(column: Column, asked: Mapping[str, object], path: str) -> Condition:
    if not known_operators(asked, path):
        raise Invalid(f"{path} must be a value, a list or an object of operators, and the object names no operator")
    return all_of([_operation(column, name, value, f"{path}.{name}") for name, value in asked.items()])


def _operation(column: Column, name: str, value: object, path: str) -> Condition:
    if isinstance(value, str) and value == WILDCARD:
        return Always()
    if name == MEMBER:
        return _member(column, value, path)
    if value is None:
        if name == "ne":
            return negation(IsNull(column))
        raise Invalid(f"{path}: only ne may be compared with null")
    if name in SUBSTRING:
        if column.kind not in (Kind.TEXT, Kind.CHOICE):
            raise Invalid(f"{path}: only text can be searched for a part of it")
        return HasText(column, str(operand(column, value, path)))
    return comparison(column, COMPARISONS[name], operand(column, value, path))


def _member(column: Column, values: object, path: str) -> Condition:
    if not is_array(values):
        raise Invalid(f"{path} must be a list")
    if WILDCARD in values:
        return Always()
    operands = [operand(column, value, f"{path}[{index}]") for index, value in enumerate(values)]
    stored = [integer(value) if isinstance(value, Decimal) else value for value in operands]
    found = [value for value in stored if value is not None]
    return IsAnyOf(column, tuple(found)) if found else Never()
