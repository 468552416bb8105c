"""Dreams: asking for one, and what it reads and writes of its perspective."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from graph.configuration import Card, Dream, of_peer, resolve_card, resolve_dream
from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.names import check_known_name, refuse_scope_peer
from graph.perspective import perspective
from graph.queries import dreams as queries
from graph.store.json_text import decode
from graph.store.requesting import request
from graph.types import Unit, Wake

#: `omni` consolidates what is held and writes the card; `card_refresh` writes the card alone.
Kind = Literal["omni", "card_refresh"]


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of a dream.

    Attributes:
        session_id: the session whose configuration counts too, or None.
        rebuild: write the card even over one that a caller set.
        dry_run: write nothing, and only tell what would change.
    """

    kind: Kind
    session_id: str | None = None
    rebuild: bool = False
    dry_run: bool = False


class Allowed(Struct, frozen=True):
    """What the configurations allow: to dream at all, and to write cards; and what they ask dreams for besides."""

    dreams: bool
    cards: bool
    instructions: str | None = None


def unit(workspace_id: str, observer_id: str, observed_id: str, asked: Asked, *, once: bool = False) -> Unit:
    """The unit of work that is a dream of one kind over one perspective."""
    what = f"dry_{asked.kind}" if asked.dry_run else asked.kind
    return Unit(
        key=f"dream/{what}/{workspace_id}/{observer_id}/{observed_id}",
        kind="dream",
        peer_id=observed_id,
        observer_id=observer_id,
        detail=msgspec.json.encode(asked).decode(),
        once=once,
    )


def asked_of(detail: str) -> Asked:
    """What a unit's detail asks for."""
    return msgspec.json.decode(detail, type=Asked)


async def schedule(
    database: Database, workspace_id: str, observer_id: str, observed_id: str, asked: Asked
) -> list[Wake]:
    """Ask for a dream; nothing when the same one waits or runs already. Peers and session need not exist.

    Returns:
        the unit of work to wake workers for.

    Raises:
        Invalid: a name that nothing can have, or one under which no peer is observed.
        NotFound: there is no such workspace.
        StoreFault: the database did not do its part.
    """
    check_known_name("peer", observer_id)
    check_known_name("peer", observed_id)
    refuse_scope_peer(observed_id)
    if asked.session_id is not None:
        check_known_name("session", asked.session_id)

    async def ask(tx: Transaction) -> list[Wake]:
        if await tx.maybe(queries.WORKSPACE, queries.InWorkspace(workspace_id=workspace_id)) is None:
            raise NotFound(f"Workspace {workspace_id} not found")
        return await request(tx, workspace_id, [unit(workspace_id, observer_id, observed_id, asked, once=True)])

    return await database.write(ask)


async def allowed(database: Database, workspace_id: str, observed_id: str, session_id: str | None) -> Allowed:
    """What the configurations of the workspace, the observed peer and a session allow; nothing without a workspace."""
    wanted = queries.LevelsOf(workspace_id=workspace_id, observed_id=observed_id, session_id=session_id)
    row = await database.maybe(queries.LEVELS, wanted)
    if row is None:
        return Allowed(False, False)
    levels = (decode(row.workspace), of_peer(decode(row.peer)), decode(row.session))
    dream = resolve_dream(Dream(), *levels)
    return Allowed(dream.enabled, resolve_card(Card(), *levels).create, dream.instructions)


async def dreamed(
    tx: Transaction,
    workspace_id: str,
    observer_id: str,
    observed_id: str,
    dreamed_at: datetime,
    left_ids: Sequence[str] = (),
) -> None:
    """Record until when a perspective was dreamt over, and the conclusions that are left for the next dream."""
    wanted = queries.Dreamed(
        workspace_id=workspace_id,
        observer_id=observer_id,
        observed_id=observed_id,
        perspective=perspective(workspace_id, observer_id, observed_id),
        dreamed_at=dreamed_at,
        left_ids=list(left_ids),
        now=datetime.now(UTC),
    )
    await tx.run(queries.DREAMED, wanted)
