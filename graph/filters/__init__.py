"""The filter language: what a caller may ask of stored rows, as a typed condition and as a Cypher predicate.

`parsing` reads JSON into the conditions of `conditions`, `compiling` writes them as Cypher over the columns
of `columns`. The language is described in docs/filters.md.
"""

from collections.abc import Mapping, Set

import msgspec

from graph.filters.columns import Resource
from graph.filters.compiling import Writer
from graph.filters.keywords import WILDCARD
from graph.filters.parsing import parse
from graph.metadata_terms import is_object
from graph.query import Predicate

__all__ = ["Compiled", "Resource", "compile_filter", "plain_string"]


class Compiled(Predicate, frozen=True):
    """A filter as a boolean Cypher expression, `true` when it asks for nothing.

    Attributes:
        extras: the values of the extra keys that the filter named.
    """

    extras: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])


def compile_filter(
    resource: Resource, raw: object, *, variable: str = "n", extra_keys: Set[str] = frozenset()
) -> Compiled:
    """Compile the decoded JSON of a filter.

    Args:
        resource: what it selects; decides which keys it may name.
        raw: the JSON object; None and the empty object ask for nothing.
        variable: the node's name in the query.
        extra_keys: keys allowed at the root besides; they are handed back in `extras` and add nothing to the text.

    Raises:
        Invalid: the filter breaks a rule; the sentence names the key and the rule.
    """
    condition = parse(resource, raw, extra_keys)
    writer = Writer(variable)
    text = writer.write(condition)
    extras = {key: str(value) for key, value in raw.items() if key in extra_keys} if is_object(raw) else {}
    return Compiled(text, writer.parameters, extras)


def plain_string(raw: object, *names: str) -> str | None:
    """The first of `names` that a filter asks a plain string of at its root, or None; the wildcard pins nothing."""
    if not is_object(raw):
        return None
    found = (raw.get(name) for name in names)
    return next((value for value in found if isinstance(value, str) and value != WILDCARD), None)
