"""A filter, understood: what `graph.filters.parsing` makes of JSON and `graph.filters.compiling` makes Cypher of.

A condition holds or does not hold for a row. Unknown counts as not holding everywhere, `Not` included, so
two truth values are enough.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from graph.filters.columns import Column


class Operator(StrEnum):
    """How two values are compared."""

    EQUAL = "="
    DIFFERENT = "<>"
    MORE = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


class Always(Struct, frozen=True):
    """Holds for every row."""


class Never(Struct, frozen=True):
    """Holds for no row."""


class All(Struct, frozen=True):
    """Every part holds."""

    parts: tuple["Condition", ...]


class Some(Struct, frozen=True):
    """At least one part holds."""

    parts: tuple["Condition", ...]


class Not(Struct, frozen=True):
    """The part does not hold, be it false or unknown."""

    part: "Condition"


class IsNull(Struct, frozen=True):
    """The column has no value, or is a list without an element."""

    column: Column


class Compare(Struct, frozen=True):
    """The column compares so with the value; `DIFFERENT` holds for a column without a value."""

    column: Column
    operator: Operator
    value: str | bool | int | datetime


class IsAnyOf(Struct, frozen=True):
    """The column equals one of the values."""

    column: Column
    values: tuple[str | bool | int | datetime, ...]


class HasText(Struct, frozen=True):
    """The text column contains the text, whatever the case."""

    column: Column
    text: str


class HasSources(Struct, frozen=True):
    """The list column has every one of the ids."""

    column: Column
    ids: tuple[str, ...]


class Holds(Struct, frozen=True):
    """The JSON column contains the object, as JSON containment goes."""

    column: Column
    value: Mapping[str, object]


class FieldHasText(Struct, frozen=True):
    """The text of a top-level field contains the text, whatever the case; any text when it is empty."""

    column: Column
    field: str
    text: str


class FieldIsAnyOf(Struct, frozen=True):
    """The text of a top-level field is one of the texts."""

    column: Column
    field: str
    texts: tuple[str, ...]


class FieldText(Struct, frozen=True):
    """The text of a top-level field compares so with the text; a missing field never does."""

    column: Column
    field: str
    operator: Operator
    text: str


class FieldNumber(Struct, frozen=True):
    """The number in a top-level field compares so with the one that `key` stands for; what is no number never does.

    Attributes:
        key: as `graph.metadata_terms.number_key` writes it.
    """

    column: Column
    field: str
    operator: Operator
    key: str


Value = str | bool | int | datetime
#: A condition on one column.
Test = IsNull | Compare | IsAnyOf | HasText | HasSources | Holds | FieldHasText | FieldIsAnyOf | FieldText | FieldNumber
Condition = Always | Never | All | Some | Not | Test


def all_of(parts: Iterable[Condition]) -> Condition:
    """Every part holds; nested conjunctions become one and constants go."""
    kept: list[Condition] = []
    for part in parts:
        if isinstance(part, Never):
            return part
        if isinstance(part, All):
            kept.extend(part.parts)
        elif not isinstance(part, Always):
            kept.append(part)
    if not kept:
        return Always()
    return kept[0] if len(kept) == 1 else All(tuple(kept))


def some_of(parts: Iterable[Condition]) -> Condition:
    """At least one part holds; constants go."""
    kept: list[Condition] = []
    for part in parts:
        if isinstance(part, Always):
            return part
        if not isinstance(part, Never):
            kept.append(part)
    if not kept:
        return Never()
    return kept[0] if len(kept) == 1 else Some(tuple(kept))


def negation(part: Condition) -> Condition:
    """The part does not hold."""
    if isinstance(part, Always):
        return Never()
    return Always() if isinstance(part, Never) else Not(part)
