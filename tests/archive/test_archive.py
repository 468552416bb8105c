"""An archive carries everything, is refused when it is not what was written, and is written whole or not at all."""

import asyncio
import os
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from app.archive import restore as restoring
from app.archive import rows
from app.archive.container import reading
from app.archive.errors import ArchiveFault
from app.archive.restore import import_workspace
from app.importers.progress import Report
from graph.cause import caused_by
from graph.errors import Conflict, NotFound
from graph.queries import archive_writing as queries
from graph.recall.branches import Sought
from graph.recall.message_search import search_messages
from graph.store import (
    archive_writing,
    cards,
    conclusions,
    members,
    retirement,
    retraction,
    scope_members,
    scopes,
    webhooks,
)
from graph.store.conclusions import Stated
from graph.types import MemberConfiguration
from tests.archive.conftest import back_up, bring_back, empty, finish_work, say
from tests.invariants import assert_sound
from workers.service import Service

pytestmark = pytest.mark.engine

LONG = "The committee reviewed the minutes of the previous meeting. " * 60


async def _story(service: Service) -> str:
    """A workspace with everything in it; a conclusion of it that was retired."""
    database = service.database
    await members.add(database, "old", "s", {"bot": MemberConfiguration(observe_me=False, observe_others=True)})
    await say(service, "old", "s", "ann", "I live in Porto.", LONG)
    await scopes.get_or_create(database, "old", "team", {"colour": "red"})
    await scope_members.add(database, "old", "team", ["s"])
    await say(service, "old", "s", "ann", "I have two cats.")
    await say(service, "old", "t", "ann", "I live in Porto.")
    await finish_work(service)
    (taken,) = await say(service, "old", "t", "ann", "I have a boat.")
    await finish_work(service)
    await retraction.retract(database, "old", "t", taken)
    await finish_work(service)
    for card in (["lives by the lake"], ["lives by the sea"]):
        await cards.put(database, "old", "bot", "ann", card)
    await webhooks.add(database, "old", "https://example.org/hook")
    held = await conclusions.nearest(
        database, "old", "bot", "ann", await service.embedder.query("How many cats?"), top_k=1
    )
    await retirement.retire(database, "old", held[0].conclusion.id)
    # What other parts of Doxa store on these nodes, known here or not.
    await database.schema_statement(
        "MATCH (c:Conclusion {id: $id})<-[:HOLDS]-(:Peer)-[:HOLDS]->(d:Held) SET c.later = [datetime(), datetime()] "
        "WITH c, d LIMIT 1 CREATE (d)-[:SUPERSEDES {why: 'newer', at: datetime()}]->(c)",
        {"id": held[0].conclusion.id},
    )
    await say(service, "old", "s", "ann", "I work as a nurse.")
    return held[0].conclusion.id


def _content(path: Path) -> dict[str, list[object]]:
    """An archive's lines in an order that does not depend on when each was read; work, which goes on, is left out."""
    found: dict[str, list[object]] = {}
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name not in ("manifest.json", "units.jsonl", "cursors.jsonl"):
                lines = [msgspec.json.decode(line) for line in file.read(name).splitlines()]
                found[name] = sorted((_ordered(line) for line in lines), key=str)
    return found


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        kept = msgspec.convert(value, dict[str, object])
        volatile = ("locked_at", "touched_at", "asked_at")
        return {key: _ordered(kept[key]) for key in sorted(kept) if key not in volatile}
    if isinstance(value, list):
        items = msgspec.convert(value, list[object])
        return sorted(map(_ordered, items), key=str) if any(isinstance(item, dict) for item in items) else items
    return value


async def test_what_is_restored_is_what_was_stored_and_goes_on(service: Service, tmp_path: Path) -> None:
    await _story(service)
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    manifest = await back_up(service, first)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["first.zip"]
    assert manifest.members["conclusions.jsonl"].lines > 5

    await bring_back(service, first)
    await back_up(service, second)

    before, after = _content(first), _content(second)
    assert before.keys() == after.keys()
    for name in before:
        assert before[name] == after[name], name
    text = str(before)
    for carried in (
        "SUPERSEDES",
        "later",
        "lives by the lake",
        "lives by the sea",
        "scope.team",
        "retired_at",
        "quote",
        "example.org",
        "Retracted",
    ):
        assert carried in text, carried
    assert any("pieces" in str(line) for line in before["messages.jsonl"])
    await finish_work(service)
    vector = await service.embedder.query("What is her job?")
    (nearest, _) = await conclusions.nearest(service.database, "old", "bot", "ann", vector, top_k=2)
    assert "nurse" in nearest.conclusion.content


async def test_the_traces_that_led_to_work_stay_in_the_deployment_that_they_are_of(
    service: Service, tmp_path: Path
) -> None:
    with caused_by("of-here"):
        await say(service, "old", "s", "ann", "I live in Porto.")
    await back_up(service, tmp_path / "old.zip")

    with zipfile.ZipFile(tmp_path / "old.zip") as file:
        work = file.read("units.jsonl") + file.read("cursors.jsonl")
    assert b"embedding/old/s" in work and b"reasoning/old/s/ann" in work
    assert b"of-here" not in work and b"led_by" not in work


async def test_a_copy_under_another_name_stands_beside_the_original_with_ids_of_its_own(
    service: Service, tmp_path: Path, report: Report
) -> None:
    await _story(service)
    path = tmp_path / "old.zip"
    # A card from before its lines told what they rest on.
    await service.database.schema_statement(
        "MATCH (:Peer {workspace_id: 'old', id: 'scope.team'})-[view:VIEWS]->(:Peer {id: 'ann'}) "
        "SET view.card = ['ATTRIBUTE: ann is gone.'], view.card_rests = null, view.card_origin = 'reasoning'",
        {},
    )
    await back_up(service, path, "old")
    with pytest.raises(Conflict, match="another name"):
        await import_workspace(service.database, path, report, service.embedder)

    name, _ = await import_workspace(service.database, path, report, service.embedder, "new")
    assert name == "new"
    await finish_work(service)

    copy = tmp_path / "new.zip"
    await back_up(service, copy, "new")
    for kind in (rows.Message, rows.Conclusion, rows.Run):
        member = {rows.Message: "messages", rows.Conclusion: "conclusions", rows.Run: "runs"}[kind]
        assert not (_ids(path, f"{member}.jsonl", kind) & _ids(copy, f"{member}.jsonl", kind))
    assert '"old' not in zipfile.ZipFile(copy).read("conclusions.jsonl").decode()
    for workspace_id in ("old", "new"):
        vector = await service.embedder.query("What is her job?")
        (nearest,) = await conclusions.nearest(service.database, workspace_id, "bot", "ann", vector, top_k=1)
        assert "nurse" in nearest.conclusion.content
        assert nearest.conclusion.workspace_id == workspace_id
        found = await search_messages(service.database, workspace_id, Sought(text="nurse", limit=3))
        assert [message.workspace_id for message in found] == [workspace_id]
        assert await cards.get(service.database, workspace_id, "bot", "ann") == ["lives by the sea"]
    assert (await _proof(service, "new", "scope.team"))[0] == ("IDENTITY: ann lives in Porto.", ["ann lives in Porto."])
    assert await _proof(service, "new", "ann") == await _proof(service, "old", "ann")
    await assert_sound(service.database, "new")


async def test_a_copy_knows_the_cards_of_the_past(service: Service, tmp_path: Path, report: Report) -> None:
    """Of one that a caller set before times were kept, from when it was seen last."""
    database, path = service.database, tmp_path / "old.zip"
    await say(service, "old", "s", "ann", "I live in Porto.")
    await finish_work(service)
    moments: list[datetime] = []
    for card in (["by the lake"], ["by the sea"], None):
        if card is None:
            await database.write(lambda tx: cards.refresh(tx, "old", "ann", "ann", rebuild=True))
        else:
            await cards.put(database, "old", "ann", "ann", card)
        moments.append(await _moment())
    await cards.put(database, "old", "ann", "bot", ["long ago"])
    await database.schema_statement("MATCH (:Peer)-[view:VIEWS]->(:Peer {id: 'bot'}) SET view.card_set_at = null", {})
    stood = [await cards.get(database, "old", "ann", "ann", as_of=when) for when in moments]
    assert stood == [["by the lake"], ["by the sea"], ["IDENTITY: ann lives in Porto."]]
    await back_up(service, path, "old")

    await import_workspace(database, path, report, service.embedder, "new")

    assert [await cards.get(database, "new", "ann", "ann", as_of=when) for when in moments] == stood
    # What is held beside it changes; the card was there before.
    imported = await _moment()
    vector = await service.embedder.query("helpful")
    stated = Stated(content="Bot helps.", observer_id="ann", observed_id="bot", session_id=None, embedding=vector)
    await conclusions.create(database, "new", [stated])
    assert await cards.get(database, "new", "ann", "bot", as_of=imported) == ["long ago"]


async def _moment() -> datetime:
    await asyncio.sleep(0.02)
    now = datetime.now(UTC)
    await asyncio.sleep(0.02)
    return now


async def _proof(service: Service, workspace_id: str, observer_id: str) -> list[tuple[str, list[str]]]:
    """The lines of a card about ann with the texts they rest on, all of them held in that workspace."""
    lines = await cards.proven(service.database, workspace_id, observer_id, "ann")
    assert lines
    return [
        (
            line.text,
            [(await conclusions.get(service.database, workspace_id, each)).content for each in line.conclusion_ids],
        )
        for line in lines
    ]


async def test_a_restore_that_was_stopped_goes_on_and_an_archive_goes_into_an_empty_store_only(
    service: Service, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _story(service)
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    await back_up(service, first)
    with pytest.raises(Conflict, match="not empty"):
        await restoring.restore(service.database, first, report, service.embedder)

    parts = archive_writing.part
    for stop in (2, 6, 11):
        await empty(service.database)
        written = 0

        async def dies(*arguments: object, stop: int = stop) -> object:
            nonlocal written
            written += 1
            if written > stop:
                raise asyncio.CancelledError
            return await parts(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(restoring.store, "part", dies)
        with pytest.raises(asyncio.CancelledError):
            await restoring.restore(service.database, first, report, service.embedder)
        monkeypatch.undo()
        await restoring.restore(service.database, first, report, service.embedder)

        second.unlink(missing_ok=True)
        await back_up(service, second)
        assert _content(first) == _content(second), stop


async def test_what_is_damaged_or_foreign_is_refused_and_nothing_is_written(
    service: Service, tmp_path: Path, report: Report
) -> None:
    await say(service, "old", "s", "ann", "I live in Porto.")
    sound = tmp_path / "sound.zip"
    await back_up(service, sound)
    await empty(service.database)
    data = sound.read_bytes()
    damaged = {
        "truncated": data[: len(data) // 2],
        "a bit": data[:200] + bytes([data[200] ^ 1]) + data[201:],
        "no archive": b"PK\x03\x04 nothing",
        "another text": _changed(sound, tmp_path / "changed.zip", "messages.jsonl", b"Porto", b"Paris"),
        "a line less": _changed(sound, tmp_path / "less.zip", "peers.jsonl", b"\n", b""),
        "a later version": _changed(sound, tmp_path / "later.zip", "manifest.json", b'"version": 1', b'"version": 2'),
        "a later schema": _changed(sound, tmp_path / "schema.zip", "manifest.json", b'"schema": ', b'"schema": 9'),
    }
    for what, content in damaged.items():
        path = tmp_path / "damaged.zip"
        path.write_bytes(content)
        with pytest.raises(ArchiveFault, match=r"damaged|version|no archive"):
            await restoring.restore(service.database, path, report, service.embedder)
        assert not await _filled(service), what


async def test_an_existing_file_and_a_missing_workspace_are_refused(service: Service, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_text("mine")
    with pytest.raises(ArchiveFault, match="exists already"):
        await back_up(service, there)
    assert there.read_text() == "mine"
    with pytest.raises(NotFound):
        await back_up(service, tmp_path / "none.zip", "nobody")
    with pytest.raises(ArchiveFault, match="cannot be written"):
        await back_up(service, tmp_path / "no" / "folder.zip")
    assert os.listdir(tmp_path) == ["there.zip"]


async def test_what_no_archive_knows_is_refused_and_leaves_no_file(service: Service, tmp_path: Path) -> None:
    await say(service, "old", "s", "ann", "I live in Porto.")
    await service.database.schema_statement(
        "MATCH (p:Peer {workspace_id: 'old', id: 'ann'}) CREATE (p)-[:LIKES]->(:Peer {workspace_id: 'old', id: 'x'})"
    )
    with pytest.raises(ArchiveFault, match="LIKES"):
        await back_up(service, tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


async def test_a_restore_embeds_anew_where_the_embedder_is_another(
    service: Service, tmp_path: Path, report: Report
) -> None:
    await say(service, "old", "s", "ann", "I live in Porto.", "I have two cats.")
    await finish_work(service)
    path = tmp_path / "old.zip"
    await back_up(service, path)
    path.write_bytes(_changed(path, tmp_path / "other.zip", "manifest.json", b'"model": "', b'"model": "other-'))
    restored = await bring_back(service, path)
    assert not restored.vectors
    vector = await service.embedder.query("Where does she live?")
    (nearest, _) = await conclusions.nearest(service.database, "old", "ann", "ann", vector, top_k=2)
    assert "Porto" in nearest.conclusion.content
    sought = Sought(text="pets", limit=1, vector=await service.embedder.query("pets that purr"))
    await finish_work(service)
    assert [found.content for found in await search_messages(service.database, "old", sought)] == ["I have two cats."]


def _ids(path: Path, member: str, kind: type[rows.Message | rows.Conclusion | rows.Run]) -> set[str]:
    with reading(path) as archive:
        return {str(line.properties["id"]) for line in archive.lines(member, kind)}


def _changed(source: Path, target: Path, member: str, old: bytes, new: bytes) -> bytes:
    """The archive with another text in one member, a sound ZIP nevertheless."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, text.replace(old, new, 1) if name == member else text)
    changed = target.read_bytes()
    target.unlink()
    return changed


async def _filled(service: Service) -> bool:
    return (await service.database.one(queries.FILLED, queries.Key(key=""))).filled
