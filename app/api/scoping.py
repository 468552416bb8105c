"""The `scope` option of routes that recall: whose eyes to see through, or in which sessions to look."""

from collections.abc import Sequence
from typing import Annotated, cast

from msgspec import Meta

from app.api.access import require_wide
from app.api.service import Service
from app.api.wire.problems import Refused
from app.keys import Caller
from graph.errors import Invalid
from graph.names import scope_peer
from graph.store import scopes

#: How many scopes a request may name.
MOST_SCOPES = 100


async def scope_observer(service: Service, caller: Caller, workspace_id: str, name: str) -> str:
    """The hidden peer that holds what was said in a scope's sessions: recall with it as the observer.

    Raises:
        Unauthorised: the key is a peer's or a session's.
        Invalid: no scope can have that name, or an ordinary peer occupies it.
        NotFound: there is no such scope.
    """
    require_wide(caller)
    await scopes.get(service.database, workspace_id, name)
    return scope_peer(name)


async def scope_sessions(service: Service, caller: Caller, workspace_id: str, names: Sequence[str]) -> list[str]:
    """The active sessions of all these scopes, each once: recall in them alone; none recalls nothing.

    Raises:
        Unauthorised: the key is a peer's or a session's.
        Invalid: no scope can have one of the names, or they hold more than 1000 sessions together.
        NotFound: one of the scopes does not exist.
    """
    require_wide(caller)
    if not 1 <= len(names) <= MOST_SCOPES:
        raise Invalid(f"scope must name 1 to {MOST_SCOPES} scopes")
    return await scopes.union(service.database, workspace_id, names)


def _names(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, list):
        raise Refused("string_type", "Input should be a valid string or a list of strings")
    names = cast("list[object]", value)
    if not 1 <= len(names) <= MOST_SCOPES:
        short = not names
        sentence = f"List should have {'at least 1 item' if short else f'at most {MOST_SCOPES} items'}"
        limit: dict[str, object] = {"min_length": 1} if short else {"max_length": MOST_SCOPES}
        raise Refused("too_short" if short else "too_long", f"{sentence} after validation, not {len(names)}", limit)
    if not all(isinstance(name, str) for name in names):
        raise Refused("string_type", "Input should be a valid string or a list of strings")
    return names


#: The body field `scope`: the name of a scope (`str`), 1 to 100 names (`list[str]`), or None. Its default is None.
ScopeNames = Annotated[object, Meta(extra={"rule": _names})]


def names_of(scope: object) -> list[str]:
    """The names in a list that `ScopeNames` has read."""
    return cast("list[str]", scope)
