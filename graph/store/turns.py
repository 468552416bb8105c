"""Whose turn it is: the order in which workspaces are served, as the database alone knows it."""

from datetime import UTC, datetime

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.queries import work as queries
from graph.store import work


class Turn(Struct, frozen=True):
    """A unit that is due, and how many of its workspace come before it."""

    workspace_id: str
    key: str
    rank: int


#: Workspaces that are visited by one query, and queries for one choice: more than that may wait for a later time, when
#: an endpoint is away say, and choosing must stay cheap.
_WORKSPACES = 16
_VISITS = 16


async def next_due(database: Database, after: str, each: int = 1) -> list[Turn]:
    """Whose turn it is: units that are due and that nobody holds, of each workspace in the order of their names.

    The workspaces after `after` come first, then those from the beginning; of each its longest waiting unit, then its
    second, and so on. Who goes on after the workspace that was chosen last serves all alike, however much one has
    waiting.

    Args:
        database: where to look.
        after: the workspace that had its turn last.
        each: units of one workspace at most.
    """
    now = datetime.now(UTC)

    async def look(tx: Transaction) -> list[Turn]:
        found: list[queries.TurnRow] = []
        place, around = after, False
        for _ in range(_VISITS):
            wanted = queries.Turns(after=place, workspaces=_WORKSPACES, each=each, now=now)
            rows = await tx.many(queries.TURNS, wanted)
            found += [row for row in rows if row.keys and not (around and row.workspace_id > after)]
            if len(found) >= _WORKSPACES or (around and (not rows or rows[-1].workspace_id >= after)):
                break
            if len(rows) == _WORKSPACES:
                place = rows[-1].workspace_id
            elif around or not after:
                break
            else:
                place, around = "", True
        turns = [Turn(row.workspace_id, key, rank) for row in found for rank, key in enumerate(row.keys)]
        return sorted(turns, key=lambda turn: turn.rank)

    turns = await database.read(look)
    if turns:
        return turns
    # More workspaces wait for a later time than were visited: what is due among so many is found by its time alone.
    return [Turn(after, key, 0) for key in await work.due(database, each)]
