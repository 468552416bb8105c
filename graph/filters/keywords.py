"""The words of the filter language."""

from collections.abc import Mapping

from graph.errors import Invalid
from graph.filters.conditions import Operator

#: Stands for any value: what is asked with it is not asked.
WILDCARD = "*"
MEMBER = "in"
SUBSTRING = ("contains", "icontains")
COMPARISONS = {
    "gte": Operator.AT_LEAST,
    "lte": Operator.AT_MOST,
    "gt": Operator.MORE,
    "lt": Operator.LESS,
    "ne": Operator.DIFFERENT,
}
OPERATORS = (*COMPARISONS, MEMBER, *SUBSTRING)

_SHOWN_CHARACTERS = 64


def known_operators(asked: Mapping[str, object], path: str) -> bool:
    """Whether an object names operators: all of its keys, or none.

    Raises:
        Invalid: it names operators and something else.
    """
    strange = [key for key in asked if key not in OPERATORS]
    if strange and len(strange) < len(asked):
        raise Invalid(f"{path}.{shown(strange[0])} is no operator; the operators are {', '.join(OPERATORS)}")
    return bool(asked) and not strange


def shown(key: str) -> str:
    """A caller's key as error sentences show it."""
    plain = key.encode("utf-8", "replace").decode()
    return plain if len(plain) <= _SHOWN_CHARACTERS else plain[:_SHOWN_CHARACTERS] + "..."
