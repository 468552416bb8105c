"""The small filter language that restricts recall to sessions (contract section 4.8)."""

from collections.abc import Sequence
from typing import cast

from graph.errors import Invalid
from graph.metadata_terms import is_array, is_object
from graph.names import check_new_name

#: The most sessions that one request may name.
MOST_SESSIONS = 1000

_KEY = "session_id"


def read_allowlist(filters: object) -> list[str] | None:
    """The sessions that a filter allows, each once, in the order given; None when there is no filter.

    An empty list is a valid filter: it allows nothing.

    Args:
        filters: decoded JSON: None, or an object with `session_id` as a name, a list of names, or `{"in": [names]}`.

    Raises:
        Invalid: it is anything else.
    """
    if filters is None:
        return None
    if not is_object(filters) or _KEY not in filters:
        raise Invalid(f"filters must hold {_KEY}")
    strange = sorted(key for key in filters if key != _KEY)
    if strange:
        raise Invalid(f"filters must hold {_KEY} alone, not {strange[0]}")
    allowed = filters[_KEY]
    if is_object(allowed):
        if set(allowed) != {"in"} or not is_array(allowed["in"]):
            raise Invalid(f"filters.{_KEY} must be a name, a list of names or {{'in': [names]}}")
        allowed = allowed["in"]
    return check_allowlist(allowed if is_array(allowed) else [allowed], f"filters.{_KEY}")


def check_allowlist(names: Sequence[object], field: str) -> list[str]:
    """Names of sessions, each once, in the order given.

    Raises:
        Invalid: one is no valid name, or there are too many; the sentence names the field.
    """
    for name in names:
        if not isinstance(name, str):
            raise Invalid(f"{field} must hold names of sessions")
        try:
            check_new_name("session", name)
        except Invalid as fault:
            raise Invalid(f"{field}: {fault.detail}") from fault
    known = list(dict.fromkeys(cast("Sequence[str]", names)))
    if len(known) > MOST_SESSIONS:
        raise Invalid(f"{field} must name at most {MOST_SESSIONS} sessions")
    return known
