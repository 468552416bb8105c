"""What was held at a time, and what changed since: on the engine, by ids."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from graph.driver import Database
from graph.queries import changes as queries
from graph.query import Predicate
from graph.recall.reach import Reach, by_ids, nearest
from graph.recall.recipes import PEER_CONTEXT
from graph.recall.representation import Asked, representation
from graph.recall.search import search
from graph.store import changes, conclusions
from graph.store.changes import Change, Mark
from graph.store.merging import unmerge
from graph.store.retirement import retire
from graph.types import PageRequest
from tests.graph.concluding import Fact, fills, tell
from tests.graph.conftest import NOON, vector
from tests.graph.holding import Held, hold


def lives(value: str, at: int) -> Fact:
    said_at = NOON + timedelta(days=at)
    return Fact(content=f"ann lives in {value}.", said_at=said_at, filled=fills("lives_in", value))


async def moment() -> datetime:
    """A moment after all that was stored and before all that will be: what a batch stores is microseconds apart."""
    await asyncio.sleep(0.05)
    now = datetime.now(UTC)
    await asyncio.sleep(0.05)
    return now


def ask(as_of: datetime | None, *, near: Sequence[float] | None = None, frequent: bool = False) -> Asked:
    return Asked(
        observer_id="ann",
        observed_id="ann",
        recipe=PEER_CONTEXT,
        max_conclusions=10,
        include_most_frequent=frequent,
        vector=near,
        as_of=as_of,
    )


async def held(database: Database, workspace_id: str, as_of: datetime | None) -> set[str]:
    """What every way of reading says was held; they must agree."""
    page = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=100), as_of=as_of)
    found = {one.content for one in page.items}
    assert page.total == len(page.items)
    back = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=100, reverse=True), as_of=as_of)
    assert [one.id for one in back.items] == [one.id for one in reversed(page.items)]
    for asked in (ask(as_of), ask(as_of, near=vector(1.0)), ask(as_of, frequent=True)):
        told = await representation(database, workspace_id, asked)
        assert {one.conclusion.content for one in told.recalled} == found
    for filters in ({"observer_id": "ann", "observed_id": "ann"}, None):
        near = await search(database, workspace_id, filters, vector(1.0), top_k=50, as_of=as_of)
        assert {one.conclusion.content for one in near} == found
    for observer_id in ("ann", None):
        reach = Reach(
            workspace_id=workspace_id,
            observer_id=observer_id,
            observed_id=observer_id,
            allowed=None,
            session_ids=None,
            as_of=as_of,
        )
        levels = ("explicit", "deductive", "inductive", "contradiction")
        for given in (vector(1.0), None):
            assert {one.conclusion.content for one in await nearest(database, reach, given, levels, 50)} == found
        assert {one.content for one in await by_ids(database, reach, [one.id for one in page.items])} == found
    return found


async def test_what_was_held_then_is_told_although_it_was_superseded_since(
    database: Database, workspace_id: str
) -> None:
    before = await moment()
    await tell(database, workspace_id, lives("Porto", 0))
    first = await moment()
    await tell(database, workspace_id, lives("Lisbon", 1), session_id="t")
    second = await moment()
    await tell(database, workspace_id, lives("Braga", -1), session_id="u")

    assert await held(database, workspace_id, before) == set()
    assert await held(database, workspace_id, first) == {"ann lives in Porto."}
    assert await held(database, workspace_id, second) == {"ann lives in Lisbon."}
    assert await held(database, workspace_id, None) == {"ann lives in Lisbon."}
    assert await held(database, workspace_id, await moment()) == {"ann lives in Lisbon."}


async def test_what_came_back_was_away_in_between(database: Database, workspace_id: str) -> None:
    said = Fact(content="ann likes jazz.", said_at=NOON)
    alike = Fact(content="ann enjoys jazz.", said_at=NOON, vector=vector(1.0, 0.05))
    await tell(database, workspace_id, said, alike)
    merged = await moment()
    (event,) = [one for one in await told(database, workspace_id) if one.kind == "merged"]
    await unmerge(database, workspace_id, event.id)

    assert await held(database, workspace_id, merged) == {said.content}
    assert await held(database, workspace_id, await moment()) == {said.content, alike.content}
    assert [one.kind for one in await told(database, workspace_id) if one.id == event.id] == ["merged", "revived"]


async def told(
    database: Database,
    workspace_id: str,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Change]:
    """All changes, read in parts."""
    found: list[Change] = []
    mark: Mark | None = None
    while True:
        part, mark = await changes.between(
            database, workspace_id, "ann", "ann", since=since, until=until, after=mark, limit=limit
        )
        found += part
        assert len(part) <= limit
        if mark is None:
            return found


async def test_changes_name_what_happened_to_which_conclusion_and_which_message_did_it(
    database: Database, workspace_id: str
) -> None:
    (porto,) = await tell(database, workspace_id, lives("Porto", 0))
    (again,) = await tell(database, workspace_id, lives("Porto", 1))
    since = await moment()
    (lisbon,) = await tell(database, workspace_id, lives("Lisbon", 2), session_id="t")
    until = await moment()
    (rome,) = await tell(database, workspace_id, lives("Rome", 3), session_id="u")
    (oslo,) = await tell(database, workspace_id, lives("Oslo", 3), session_id="v")
    (held_rome,) = [one for one in await told(database, workspace_id) if one.content == "ann lives in Rome."]
    await retire(database, workspace_id, held_rome.id)

    found = await told(database, workspace_id)

    told_of = [(one.kind, one.content, set(one.message_ids)) for one in found]
    assert told_of[:2] == [
        ("learnt", "ann lives in Porto.", {porto.id}),
        ("reinforced", "ann lives in Porto.", {again.id}),
    ]
    assert sorted(told_of[2:4]) == [
        ("learnt", "ann lives in Lisbon.", {lisbon.id}),
        ("superseded", "ann lives in Porto.", {lisbon.id}),
    ]
    assert sorted(told_of[4:8]) == [
        ("contradicted", "ann lives in: Oslo / Rome", {rome.id, oslo.id}),
        ("learnt", "ann lives in Oslo.", {oslo.id}),
        ("learnt", "ann lives in Rome.", {rome.id}),
        ("superseded", "ann lives in Lisbon.", {rome.id}),
    ]
    # What rested on it falls at the same moment; what it had replaced meets what is left to replace it.
    assert sorted(each[:2] for each in told_of[8:]) == [
        ("retired", "ann lives in Rome."),
        ("retired", "ann lives in: Oslo / Rome"),
        ("revived", "ann lives in Lisbon."),
        ("superseded", "ann lives in Lisbon."),
    ]
    replaced = [set(each[2]) for each in told_of if each[:2] == ("superseded", "ann lives in Lisbon.")]
    assert replaced == [{rome.id}, {oslo.id}], "each time by what took its place then"
    assert [one.at for one in found] == sorted(one.at for one in found)
    ids = {one.content: one.id for one in found}
    superseded = next(one for one in found if one.kind == "superseded")
    assert list(superseded.other_ids) == [ids["ann lives in Lisbon."]]

    within = await told(database, workspace_id, since, until)
    assert within == found[2:4]
    for limit in (1, 2, 3):
        assert await told(database, workspace_id, limit=limit) == found


async def test_reading_changes_costs_what_is_read_not_what_is_held(database: Database, workspace_id: str) -> None:
    async def hits(since: datetime) -> int:
        wanted = queries.Between(
            workspace_id=workspace_id,
            perspective=f"{workspace_id}/ann/ann",
            since=since,
            until=datetime(9999, 1, 1, tzinfo=UTC),
            after="",
            limit=10,
        )
        sources = (queries.LEARNT, queries.REINFORCED, queries.RETIRED, queries.RETURNED)
        return sum([await database.profile(source, wanted) for source in sources])

    def crowd(first: int, number: int) -> list[Held]:
        places = range(first, first + number)
        return [Held(content=f"bird {place}", workspace_id=workspace_id, minutes=place) for place in places]

    await hold(database, *crowd(0, 10))
    few = await hits(NOON + timedelta(minutes=5))
    await hold(database, *crowd(10, 990))

    assert await hits(NOON + timedelta(minutes=995)) <= few * 1.2
