"""A newer statement supersedes, equals contradict, near duplicates merge: judged by nodes and edges on the engine."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from app.cli.main import group
from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.errors import Conflict, NotFound
from graph.queries.revisions import RIVALS, Rivals
from graph.query import Predicate
from graph.store import conclusions
from graph.store.correcting import correct
from graph.store.merging import unmerge
from graph.types import PageRequest
from tests.graph.concluding import Fact, commit, fills, say, tell
from tests.graph.conftest import NOON, vector
from tests.graph.holding import Held, hold
from tests.graph.looking import miscounted, rows, unsound

PORTO = fills("lives_in", "Porto")
LISBON = fills("lives_in", "Lisbon")

_NODES = """
MATCH (c:Conclusion {workspace_id: $workspace_id})
WHERE c.created_at IS NOT NULL AND c.observer_id = $observer_id
RETURN c.content, c:Held, c.retired_because, c.times_derived, c.level
ORDER BY c.created_at
"""
_EDGES = """
MATCH (a:Conclusion {workspace_id: $workspace_id})-[e:SUPERSEDES|CONTRADICTS|MERGED_INTO]->(b:Conclusion)
WHERE a.created_at IS NOT NULL
RETURN a.content, type(e), b.content
ORDER BY a.created_at, b.created_at
"""
_SOURCES = """
MATCH (c:Conclusion {workspace_id: $workspace_id})-[e:DERIVED_FROM]->(m:Message)
WHERE c.created_at IS NOT NULL AND c.content = $content
RETURN m.id, e.via IS NOT NULL, e.support = m.id
ORDER BY m.seq
"""


def day(number: int) -> timedelta:
    return timedelta(days=number)


def lives(value: str, at: int, **more: object) -> Fact:
    return Fact(content=f"ann lives in {value}.", said_at=NOON + day(at), filled=fills("lives_in", value), **more)  # pyright: ignore[reportArgumentType] -- fields of Fact


async def nodes(server: Neo4jServer, workspace_id: str, observer_id: str = "ann") -> dict[str, object]:
    """By content: living, or why not."""
    found = await rows(server, _NODES, workspace_id=workspace_id, observer_id=observer_id)
    return {str(content): held or because for content, held, because, _, _ in found}


async def id_of(database: Database, workspace_id: str, content: str) -> str:
    page = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=100))
    (found,) = [each.id for each in page.items if each.content == content]
    return found


async def edges(server: Neo4jServer, workspace_id: str) -> list[list[object]]:
    return await rows(server, _EDGES, workspace_id=workspace_id)


async def sound(server: Neo4jServer, workspace_id: str) -> None:
    assert await miscounted(server, workspace_id) == []
    assert await unsound(server, workspace_id) == 0


async def test_a_newer_value_of_an_exclusive_slot_supersedes_the_older(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    await tell(database, workspace_id, lives("Lisbon", 1), session_id="t")

    assert await nodes(neo4j_server, workspace_id) == {
        "ann lives in Porto.": "superseded",
        "ann lives in Lisbon.": True,
    }
    assert await edges(neo4j_server, workspace_id) == [["ann lives in Lisbon.", "SUPERSEDES", "ann lives in Porto."]]
    await sound(neo4j_server, workspace_id)


async def test_what_was_said_earlier_but_is_learnt_later_arrives_superseded(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Lisbon", 1))
    await tell(database, workspace_id, lives("Porto", 0), session_id="t")

    assert await nodes(neo4j_server, workspace_id) == {
        "ann lives in Lisbon.": True,
        "ann lives in Porto.": "superseded",
    }
    assert await edges(neo4j_server, workspace_id) == [["ann lives in Lisbon.", "SUPERSEDES", "ann lives in Porto."]]
    await sound(neo4j_server, workspace_id)


async def test_changes_in_one_batch_leave_the_newest_whatever_order_they_come_in(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Rome", 2), lives("Porto", 0), lives("Lisbon", 1))

    assert await nodes(neo4j_server, workspace_id) == {
        "ann lives in Rome.": True,
        "ann lives in Porto.": "superseded",
        "ann lives in Lisbon.": "superseded",
    }
    await sound(neo4j_server, workspace_id)


async def test_the_time_spoken_of_counts_before_the_time_of_speaking(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 5))
    await tell(database, workspace_id, lives("Lisbon", 9, about_at=NOON - day(400)), session_id="t")

    assert (await nodes(neo4j_server, workspace_id))["ann lives in Lisbon."] == "superseded"
    assert (await nodes(neo4j_server, workspace_id))["ann lives in Porto."] is True


@pytest.mark.parametrize("slot", ["likes", "speaks", "favourite_colour"])
async def test_slots_with_room_for_several_and_slots_of_no_list_invalidate_nothing(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str, slot: str
) -> None:
    facts = [
        Fact(content=f"ann {value}.", said_at=NOON + day(place), filled=fills(slot, value), vector=vector(1.0, place))
        for place, value in enumerate(("one", "two"))
    ]
    await tell(database, workspace_id, *facts)

    assert await nodes(neo4j_server, workspace_id) == {"ann one.": True, "ann two.": True}
    assert await edges(neo4j_server, workspace_id) == []


async def test_without_slots_nothing_is_invalidated(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(
        database,
        workspace_id,
        Fact(content="ann lives in Porto.", said_at=NOON),
        Fact(content="ann lives in Lisbon.", said_at=NOON + day(1)),
    )

    assert list((await nodes(neo4j_server, workspace_id)).values()) == [True, True]


async def test_a_value_that_says_more_and_an_occasion_supersede_nothing(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(
        database, workspace_id, lives("Lisbon", 0), lives("Lisbon, Portugal", 1), lives("Rome", 2, lasting="occasion")
    )

    assert list((await nodes(neo4j_server, workspace_id)).values()) == [True, True, True]


async def test_a_negation_supersedes_its_value_and_leaves_others_and_is_superseded_in_turn(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    def likes(value: str, at: int, *, negated: bool = False) -> Fact:
        content = f"ann {'no longer ' if negated else ''}likes {value} ({at})."
        filled = fills("likes", value, exclusive=False, negated=negated)
        return Fact(content=content, said_at=NOON + day(at), filled=filled, vector=vector(1.0, len(value), at))

    await tell(database, workspace_id, likes("jazz", 0), likes("chess", 0))
    await tell(database, workspace_id, likes("Jazz", 1, negated=True))
    assert await nodes(neo4j_server, workspace_id) == {
        "ann likes jazz (0).": "superseded",
        "ann likes chess (0).": True,
        "ann no longer likes Jazz (1).": True,
    }

    await tell(database, workspace_id, likes("jazz", 2))
    assert (await nodes(neo4j_server, workspace_id))["ann no longer likes Jazz (1)."] == "superseded"
    assert (await nodes(neo4j_server, workspace_id))["ann likes jazz (2)."] is True
    await sound(neo4j_server, workspace_id)


async def test_two_that_cannot_be_ordered_contradict_and_both_stay(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    await tell(database, workspace_id, lives("Lisbon", 0), session_id="t")

    found = await rows(neo4j_server, _NODES, workspace_id=workspace_id, observer_id="ann")
    assert [(row[1], row[4]) for row in found] == [(True, "explicit"), (True, "explicit"), (True, "contradiction")]
    assert [row[1] for row in await edges(neo4j_server, workspace_id)] == ["CONTRADICTS"]
    proof = await rows(
        neo4j_server,
        "MATCH (run:Run)-[:PRODUCED]->(c:Conclusion {workspace_id: $w})-[e:DERIVED_FROM]->(p:Held) "
        "WHERE c.created_at IS NOT NULL AND c.level = 'contradiction' RETURN p.content, e.support = run.id",
        w=workspace_id,
    )
    assert sorted(proof) == [["ann lives in Lisbon.", True], ["ann lives in Porto.", True]]
    await sound(neo4j_server, workspace_id)


@pytest.mark.parametrize("towns", [("Porto", "Rome", "Lisbon"), ("Lisbon", "Porto", "Rome", "Lisbon")])
async def test_of_one_moment_what_stands_later_in_the_session_is_newer(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str, towns: tuple[str, ...]
) -> None:
    # As a client sends them in one request, without times of their own.
    await tell(database, workspace_id, *(lives(town, 0) for town in towns))

    assert await nodes(neo4j_server, workspace_id) == {
        "ann lives in Porto.": "superseded",
        "ann lives in Rome.": "superseded",
        "ann lives in Lisbon.": True,
    }
    assert {row[1] for row in await edges(neo4j_server, workspace_id)} == {"SUPERSEDES"}
    await sound(neo4j_server, workspace_id)


async def test_what_one_message_says_both_ways_is_a_contradiction(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    facts = [lives("Porto", 0), lives("Lisbon", 0)]
    (said,) = await say(database, workspace_id, "s", facts[0])

    await commit(database, workspace_id, "s", [said, said], facts)

    assert [row[1] for row in await edges(neo4j_server, workspace_id)] == ["CONTRADICTS"]
    await sound(neo4j_server, workspace_id)


async def test_a_contradiction_goes_when_something_newer_settles_it(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    await tell(database, workspace_id, lives("Lisbon", 0), session_id="t")
    await tell(database, workspace_id, lives("Rome", 1))

    found = await rows(neo4j_server, _NODES, workspace_id=workspace_id, observer_id="ann")
    assert [(row[2], row[4]) for row in found] == [
        ("superseded", "explicit"),
        ("superseded", "explicit"),
        ("unsupported", "contradiction"),
        (None, "explicit"),
    ]
    await sound(neo4j_server, workspace_id)


async def test_perspectives_are_revised_each_by_itself(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0, observers=("ann",)))
    await say(database, workspace_id, "b", lives("x", 0))
    await database.schema_statement("MERGE (:Peer {workspace_id: $w, id: 'bob'})", {"w": workspace_id})
    await tell(database, workspace_id, lives("Lisbon", 1, observers=("bob",)), session_id="t")

    assert await nodes(neo4j_server, workspace_id, "ann") == {"ann lives in Porto.": True}
    assert await nodes(neo4j_server, workspace_id, "bob") == {"ann lives in Lisbon.": True}
    await sound(neo4j_server, workspace_id)


async def test_of_two_workers_that_conclude_at_once_one_sees_the_other(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    towns = [lives(f"Town{number}", number) for number in range(8)]
    said = [await say(database, workspace_id, f"s{place}", town) for place, town in enumerate(towns)]

    await asyncio.gather(
        *(commit(database, workspace_id, f"s{place}", said[place], [town]) for place, town in enumerate(towns))
    )

    living = [content for content, held in (await nodes(neo4j_server, workspace_id)).items() if held is True]
    assert living == ["ann lives in Town7."]
    await sound(neo4j_server, workspace_id)


async def test_what_a_client_corrects_fills_the_slot_and_is_superseded_by_what_is_said_later(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    await tell(database, workspace_id, lives("Lisbon", 0), session_id="t")
    porto = await id_of(database, workspace_id, "ann lives in Porto.")

    await correct(database, workspace_id, porto, "ann lives in Faro", vector(1.0))

    # The client knows better than either of the two that contradicted each other.
    found = await edges(neo4j_server, workspace_id)
    assert len([edge for edge in found if edge[1] == "CONTRADICTS"]) == 1
    assert sorted(edge for edge in found if edge[1] == "SUPERSEDES") == [
        ["ann lives in Faro", "SUPERSEDES", "ann lives in Lisbon."],
        ["ann lives in Faro", "SUPERSEDES", "ann lives in Porto."],
    ]
    living = [content for content, held in (await nodes(neo4j_server, workspace_id)).items() if held is True]
    assert living == ["ann lives in Faro"]

    later = datetime.now(UTC) - NOON + day(1)
    await tell(database, workspace_id, lives("Rome", later.days), session_id="u")

    assert ["ann lives in Rome.", "SUPERSEDES", "ann lives in Faro"] in await edges(neo4j_server, workspace_id)
    living = [content for content, held in (await nodes(neo4j_server, workspace_id)).items() if held is True]
    assert living == ["ann lives in Rome."]
    await sound(neo4j_server, workspace_id)


async def test_what_a_client_corrects_in_other_words_fills_no_slot(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    porto = await id_of(database, workspace_id, "ann lives in Porto.")

    new = await correct(database, workspace_id, porto, "ann lived in Faro.", vector(1.0))

    found = await rows(neo4j_server, "MATCH (c:Held {id: $id}) RETURN c.slot, c.slot_value", id=new.id)
    assert found == [[None, None]]
    await sound(neo4j_server, workspace_id)


SAID = Fact(content="ann likes jazz.", said_at=NOON, vector=vector(1.0))
ALIKE = Fact(content="ann enjoys jazz.", said_at=NOON + day(1), vector=vector(1.0, 0.05))


async def counts(server: Neo4jServer, workspace_id: str) -> dict[str, object]:
    found = await rows(server, _NODES, workspace_id=workspace_id, observer_id="ann")
    return {str(row[0]): (row[1], row[2], row[3]) for row in found}


async def sources(server: Neo4jServer, workspace_id: str, content: str) -> list[list[object]]:
    return await rows(server, _SOURCES, workspace_id=workspace_id, content=content)


async def test_a_near_duplicate_is_kept_beside_what_counts_it(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    (first,) = await tell(database, workspace_id, SAID)
    (second,) = await tell(database, workspace_id, ALIKE)

    assert await counts(neo4j_server, workspace_id) == {
        SAID.content: (True, None, 2),
        ALIKE.content: (False, "merged", 1),
    }
    assert await edges(neo4j_server, workspace_id) == [[ALIKE.content, "MERGED_INTO", SAID.content]]
    assert await sources(neo4j_server, workspace_id, SAID.content) == [[first.id, False, True], [second.id, True, True]]
    assert await sources(neo4j_server, workspace_id, ALIKE.content) == [[second.id, False, True]]
    await sound(neo4j_server, workspace_id)


async def test_near_duplicates_of_one_batch_and_repeats_of_a_merged_text_pile_nothing_up(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, SAID, ALIKE)
    await tell(database, workspace_id, ALIKE)
    await tell(database, workspace_id, SAID)

    assert await counts(neo4j_server, workspace_id) == {
        SAID.content: (True, None, 4),
        ALIKE.content: (False, "merged", 2),
    }


async def test_unmerging_takes_back_just_what_merging_gave(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    (first,) = await tell(database, workspace_id, SAID)
    await tell(database, workspace_id, ALIKE)
    also = Fact(content="ann is enjoying jazz.", said_at=NOON + day(2), vector=vector(1.0, -0.05))
    (third,) = await tell(database, workspace_id, also)
    (merged_id,) = (await rows(neo4j_server, "MATCH (c:Conclusion {workspace_id: $w}) WHERE c.created_at IS NOT NULL "
                               "AND c.content = $c RETURN c.id", w=workspace_id, c=ALIKE.content))[0]  # fmt: skip

    await unmerge(database, workspace_id, str(merged_id))

    assert await counts(neo4j_server, workspace_id) == {
        SAID.content: (True, None, 2),
        ALIKE.content: (True, None, 1),
        also.content: (False, "merged", 1),
    }
    assert await sources(neo4j_server, workspace_id, SAID.content) == [[first.id, False, True], [third.id, True, True]]
    await sound(neo4j_server, workspace_id)
    with pytest.raises(Conflict):
        await unmerge(database, workspace_id, str(merged_id))
    with pytest.raises(NotFound):
        await unmerge(database, workspace_id, "nothing")


async def test_the_command_unmerges_by_the_id_alone(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, SAID, ALIKE)
    ((merged_id,),) = await rows(
        neo4j_server,
        "MATCH (c:Conclusion {workspace_id: $w})-[:MERGED_INTO]->() WHERE c.created_at IS NOT NULL RETURN c.id",
        w=workspace_id,
    )
    where = {"NEO4J_URI": neo4j_server.uri, "NEO4J_USERNAME": neo4j_server.user}

    def run(conclusion_id: object) -> Result:
        environment = {**where, "NEO4J_PASSWORD": neo4j_server.password}
        return CliRunner().invoke(group, ["conclusion", "unmerge", str(conclusion_id)], env=environment)

    done = await asyncio.to_thread(run, merged_id)
    again = await asyncio.to_thread(run, merged_id)

    assert (done.exit_code, done.output) == (0, f"Holds again: {ALIKE.content}\n")
    assert isinstance(again.exception, Conflict)
    assert (await nodes(neo4j_server, workspace_id))[ALIKE.content] is True


@pytest.mark.parametrize(
    "other",
    [
        Fact(content="ann does not like jazz.", said_at=NOON),
        Fact(content="ann likes 2 jazz.", said_at=NOON),
        Fact(content="bea likes jazz.", said_at=NOON),
        Fact(content="ann liked jazz.", said_at=NOON),
        Fact(content="ann enjoys jazz.", said_at=NOON, filled=fills("likes", "jazz", exclusive=False)),
        Fact(content="ann enjoys jazz.", said_at=NOON, about_at=NOON),
        Fact(content="ann enjoys jazz.", said_at=NOON, vector=vector(1.0, 0.5)),
    ],
)
async def test_whatever_differs_is_not_merged(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str, other: Fact
) -> None:
    await tell(database, workspace_id, SAID)
    await tell(database, workspace_id, other)

    assert list((await nodes(neo4j_server, workspace_id)).values()) == [True, True]
    assert await edges(neo4j_server, workspace_id) == []


async def test_texts_of_two_sessions_stay_apart(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, SAID)
    await tell(database, workspace_id, ALIKE, session_id="t")

    assert list((await nodes(neo4j_server, workspace_id)).values()) == [True, True]


async def test_in_a_large_session_the_index_finds_what_is_alike(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    crowd = [
        Fact(content=f"ann owns item {number}.", said_at=NOON, vector=vector(0.0, 1.0, number / 400))
        for number in range(320)
    ]
    for start in range(0, 320, 80):
        await tell(database, workspace_id, *crowd[start : start + 80])
    await tell(database, workspace_id, SAID)
    await tell(database, workspace_id, ALIKE)

    assert (await counts(neo4j_server, workspace_id))[ALIKE.content] == (False, "merged", 1)
    assert len(await edges(neo4j_server, workspace_id)) == 1


async def test_revising_costs_what_the_slot_holds_not_what_the_perspective_does(
    database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    await tell(database, workspace_id, lives("Lisbon", 0), session_id="t")
    page = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=10))
    wanted = Rivals(workspace_id=workspace_id, conclusion_ids=[one.id for one in page.items], opposites={})
    few = await database.profile(RIVALS, wanted)
    crowd = [Held(content=f"fact {number}", workspace_id=workspace_id, minutes=number) for number in range(600)]
    await hold(database, *crowd)

    assert await database.profile(RIVALS, wanted) <= few * 1.1
