"""Messages by what they say: by their words, by the text as it stands and by their meaning, in one order."""

import asyncio

from graph import search_terms
from graph.driver import Database, Transaction
from graph.queries import search as queries
from graph.query import NoParameters
from graph.recall.branches import LONG_WINDOW, WINDOW, Sought, as_it_stands, by_meaning, by_words
from graph.recall.fusion import fuse
from graph.store.messages import message
from graph.types import Message

#: How long a search waits for the full-text index to catch up with what was stored before it. It takes some
#: milliseconds, and a second while messages pour in by the thousand; the text as it stands is found even so.
REFRESH_SECONDS = 1.0
#: Candidates of each branch, at least.
CANDIDATES = 100

_catching_up: set[asyncio.Task[None]] = set()


async def search_messages(database: Database, workspace_id: str, sought: Sought) -> list[Message]:
    """The messages that fit best, best first; an unknown workspace, session or peer has none.

    Raises:
        StoreFault: the database did not do its part.
    """
    if sought.session_ids is not None and not sought.session_ids:
        return []
    await catch_up(database)
    return await database.read(lambda tx: _search(tx, workspace_id, sought))


async def catch_up(database: Database) -> None:
    """Let the full-text index take in what was stored before, if it does so soon.

    Raises:
        StoreFault: the database did not do its part.
    """
    waiting = asyncio.create_task(database.read(lambda tx: tx.run(queries.REFRESH, NoParameters())))
    # Let go of, it would be cancelled, and its connection with it.
    _catching_up.add(waiting)
    waiting.add_done_callback(_catching_up.discard)
    done, _ = await asyncio.wait({waiting}, timeout=REFRESH_SECONDS)
    for each in done:
        each.result()


async def _search(tx: Transaction, workspace_id: str, sought: Sought) -> list[Message]:
    limit = max(CANDIDATES, 2 * sought.limit)
    words = await by_words(tx, workspace_id, sought, limit)
    literal = await as_it_stands(tx, workspace_id, sought, 2 * sought.limit, WINDOW if words else LONG_WINDOW)
    meaning = (
        await by_meaning(tx, workspace_id, sought, sought.vector, limit, [*words, *literal])
        if sought.vector is not None
        else []
    )
    total = fuse(words, literal, meaning, search_terms.several_words(sought.text))
    best = sorted(total, key=lambda key: -total[key])[: sought.limit]
    rows = await tx.many(queries.MESSAGES, queries.Ids(workspace_id=workspace_id, ids=best))
    return [message(row) for row in rows]
