"""The calls of a running Doxa that `doxa work` makes."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from app.importers.service import PAGE, Page, Service


class Unit(Struct, frozen=True, kw_only=True):
    """A unit of work as the API shows it."""

    id: str
    key: str
    kind: str
    state: str
    session_id: str | None
    peer_id: str | None
    observer_id: str | None
    pending: int
    pending_since: datetime | None
    age_seconds: float | None
    due_at: datetime | None
    leased_at: datetime | None
    lease_until: datetime | None
    attempts: int
    last_error: str | None
    dead_at: datetime | None
    dropped: int
    dropped_at: datetime | None
    drop_reason: str | None


class Due(Struct, frozen=True):
    """How many units became due."""

    units: int


class Queue(Service):
    """The queue of one workspace, over HTTP."""

    def units(self, workspace: str, narrow: Mapping[str, str | None]) -> Iterator[Unit]:
        """All units, dead letters first; narrowed by `state`, `kind` and `session_id`."""
        query: dict[str, str | int] = {name: value for name, value in narrow.items() if value is not None}
        number = 1
        while True:
            path = f"{_queue(workspace)}/units"
            found = self._decoded(self._again("GET", path, query={**query, "page": number, "size": PAGE}), Page[Unit])
            yield from found.items
            if found.page >= found.pages:
                return
            number += 1

    def unit(self, workspace: str, key: str) -> Unit:
        """One unit."""
        return self._decoded(self._again("GET", _unit(workspace, key)), Unit)

    def replay(self, workspace: str, key: str) -> Unit:
        """Try one unit again."""
        return self._decoded(self._again("POST", f"{_unit(workspace, key)}/replay"), Unit)

    def replay_dead(self, workspace: str, kind: str | None) -> int:
        """Try all dead letters again, or those of one kind; how many."""
        query = {"kind": kind} if kind else {}
        return self._decoded(self._again("POST", f"{_queue(workspace)}/replay", query=query), Due).units

    def drop(self, workspace: str, key: str, reason: str) -> Unit:
        """Give up what is pending for a unit."""
        return self._decoded(self._again("POST", f"{_unit(workspace, key)}/drop", {"reason": reason}), Unit)

    def flush(self, workspace: str, session: str | None) -> int:
        """Make due what waits for company, in all sessions or in one; how many."""
        query = {"session_id": session} if session else {}
        return self._decoded(self._again("POST", f"{_queue(workspace)}/flush", query=query), Due).units


def _queue(workspace: str) -> str:
    return f"/v3/workspaces/{workspace}/queue"


def _unit(workspace: str, key: str) -> str:
    return f"{_queue(workspace)}/units/{urlsafe_b64encode(key.encode()).decode().rstrip('=')}"
