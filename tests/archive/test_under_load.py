"""A backup made while messages are written, reasoned over and deleted is whole, and what it restores goes on."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from app.archive import rows
from app.archive.container import reading
from graph.driver import Database
from graph.queries import archive_reading
from graph.store import archive_reading as reading_store
from graph.store import conclusions, work
from tests.archive.conftest import Load, back_up, bring_back, finish_work
from workers.service import Service

pytestmark = pytest.mark.engine

BACKUPS = 2


class Held(Struct, frozen=True):
    """A conclusion as it is stored."""

    id: str
    workspace_id: str
    session_id: str | None
    content: str
    observer_id: str
    times_derived: int
    sources: frozenset[str]


class Made(Struct, frozen=True):
    """A backup, and what was acknowledged and concluded when it was begun."""

    path: Path
    said: dict[tuple[str, str], set[str]]
    concluded: dict[str, Held]
    deleted: frozenset[tuple[str, str]]


async def _concluded(database: Database, workspaces: tuple[str, ...]) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for workspace_id in workspaces:
        for peer in ("ann", "bob"):
            wanted = archive_reading.OfPeer(workspace_id=workspace_id, peer_id=peer)
            for row in await database.many(archive_reading.HELD, wanted):
                if "Held" in row.labels:
                    sources = frozenset(tie.id or "" for tie in row.outward if tie.type == "DERIVED_FROM")
                    held = msgspec.convert(
                        {"session_id": None, **row.properties, "sources": sources}, Held, strict=False
                    )
                    found[held.id] = held
    return found


async def test_a_backup_under_load_holds_all_that_was_acknowledged_and_nothing_half(
    service: Service, tmp_path: Path
) -> None:
    database = service.database
    load = Load(service, seed=7)
    await load.prepare()
    running = asyncio.ensure_future(load.run())
    made = [await _make(load, tmp_path / f"{number}.zip", number) for number in range(BACKUPS)]
    load.running = False
    await running

    waiting = 0
    for one in made:
        restored = await bring_back(service, one.path)
        waiting += restored.counts["putting sessions into use"]
        archived = _archived(one.path)
        await _is_whole(database, load.workspaces)
        await _holds_what_was(one, archived, await _concluded(database, load.workspaces))

        await finish_work(service, but="embedding")

        await _is_whole(database, load.workspaces)
        await _took_effect_once(database, load, archived)
        for workspace_id in load.workspaces:
            counts = (await work.status(database, workspace_id)).overall
            assert (counts.pending, counts.in_progress, counts.failed) == (0, 0, 0)
    assert waiting > 0, "nothing waited when the backups were made: they show nothing about what waits"


async def _make(load: Load, path: Path, number: int) -> Made:
    """Back up while the load goes on, the second time while a session is being deleted."""
    load.allow(20)
    await asyncio.sleep(1.5)
    if number:
        await load.delete(load.workspaces[0], "s2")
    said = {session: set(ids) for session, ids in load.said.items()}
    concluded = await _concluded(load.service.database, load.workspaces)
    load.allow(40)
    begun, written = datetime.now(UTC), sum(map(len, load.said.values()))
    manifest = await back_up(load.service, path)
    assert manifest.started_at >= begun
    assert sum(map(len, load.said.values())) > written, "nothing was written meanwhile"
    # What was being deleted may be in the archive or not, but never half.
    return Made(path, said, concluded, frozenset(load.deleted))


async def _holds_what_was(one: Made, archived: dict[tuple[str, str], set[str]], now: dict[str, Held]) -> None:
    """What was acknowledged before the backup began is in it, and what was concluded by then."""
    for session, ids in one.said.items():
        if session not in one.deleted:
            assert ids <= archived[session], session
    gone = {held.id for held in one.concluded.values() if (held.workspace_id, held.session_id) in one.deleted}
    for held in one.concluded.values():
        if held.session_id is None:
            # A pattern loses what was said in a session that is deleted, and falls with the last but one.
            left = held.sources - gone
            assert len(left) < 2 or held.observer_id.startswith("scope.") or left <= now[held.id].sources, held
            continue
        # A scope lets go and takes up again what it holds, as sessions come and go.
        if (held.workspace_id, held.session_id) not in one.deleted and not held.observer_id.startswith("scope."):
            assert now[held.id].times_derived >= held.times_derived, held
            assert held.sources <= now[held.id].sources, held


async def _took_effect_once(database: Database, load: Load, archived: dict[tuple[str, str], set[str]]) -> None:
    """Each message has its one conclusion, once for each who observed it, and none has another."""
    by_message: dict[str, list[Held]] = {}
    for held in (await _concluded(database, load.workspaces)).values():
        # What was said alike in several messages is a pattern besides, which is of no session.
        if " cat " in held.content and held.session_id is not None:
            assert held.times_derived == len(held.sources) == 1, held
            by_message.setdefault(next(iter(held.sources)), []).append(held)
    for session, ids in archived.items():
        in_scope = await _in_scope(database, session)
        for message_id in ids & load.unique.keys():
            observers = [held.observer_id for held in by_message[message_id]]
            assert len(observers) == len(set(observers)), observers
            assert load.unique[message_id].split()[0] in observers
            assert {held.content for held in by_message[message_id]} == {load.unique[message_id]}
            assert ("scope.team" in observers) == in_scope, (session, observers)


async def _is_whole(database: Database, workspaces: tuple[str, ...]) -> None:
    sound = await conclusions.soundness(database)
    faults = (sound.without_holder, sound.without_subject, sound.without_source, sound.without_run)
    assert (*faults, sound.without_vector) == (0, 0, 0, 0, 0)
    for workspace_id in workspaces:
        found = await reading_store.unwhole(database, workspace_id)
        assert found.conclusions > 0
        assert (found.ahead, found.miscounted, found.gaps, found.strangers, found.forgotten) == (0, 0, 0, 0, 0), found


def _archived(path: Path) -> dict[tuple[str, str], set[str]]:
    """The messages of the archive's sessions."""
    with reading(path) as archive:
        sessions = {
            (line.workspace, str(line.properties["id"])): set[str]()
            for line in archive.lines("sessions.jsonl", rows.Session)
        }
        for line in archive.lines("messages.jsonl", rows.Message):
            session = (line.workspace, str(line.properties["session_id"]))
            if session in sessions:
                sessions[session].add(str(line.properties["id"]))
    return sessions


async def _in_scope(database: Database, session: tuple[str, str]) -> bool:
    wanted = archive_reading.OfSession(workspace_id=session[0], session_id=session[1])
    row = await database.one(archive_reading.SESSION, wanted)
    return any(tie.id == "scope.team" and "left_at" not in tie.properties for tie in row.inward)
