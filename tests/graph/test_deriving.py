"""What is derived rests on all its premises, in every perspective that holds them, and never on itself."""

import random

import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.store import retraction, weighing
from graph.store.confidence import confidence
from graph.store.grounds import grounds
from graph.store.retirement import retire
from tests.graph.concluding import Fact, commit, fills, say, tell
from tests.graph.conftest import NOON, vector
from tests.graph.deriving import follows, write
from tests.graph.holding import Held, hold
from tests.graph.looking import miscounted, rows, unsound
from tests.graph.test_revising import day
from tests.invariants import assert_sound

_DERIVED = """
MATCH (c:Conclusion {workspace_id: $w})
WHERE c.created_at IS NOT NULL AND (c.level <> 'explicit' OR EXISTS { (c)-[:DERIVED_FROM]->(:Conclusion) })
RETURN
  c.observer_id, c.content, CASE WHEN c:Held THEN true ELSE c.retired_because END,
  COLLECT {
    MATCH (c)-[e:DERIVED_FROM]->(p)
    WITH e.support AS support, p.content AS text ORDER BY text
    WITH support, collect(text) AS texts
    RETURN reduce(whole = '', text IN texts | whole + text)
  }
ORDER BY c.observer_id, c.created_at
"""
_IDS = "MATCH (c:Held {workspace_id: $w}) WHERE c.observer_id = $o RETURN c.content, c.id ORDER BY c.created_at"


def fact(content: str, at: int = 0, *observers: str, direction: float = 0.0) -> Fact:
    """A statement with a direction of its own, so that none merges by chance."""
    named = vector(*([0.0] * (2 + at)), 1.0) if not direction else vector(direction)
    return Fact(content=content, said_at=NOON + day(at), vector=named, observers=observers or ("ann",))


async def held(server: Neo4jServer, workspace_id: str, observer_id: str = "ann") -> dict[str, str]:
    """Ids of what an observer holds, by content."""
    found = await rows(server, _IDS, w=workspace_id, o=observer_id)
    return {str(content): str(each) for content, each in found}


async def derived(server: Neo4jServer, workspace_id: str) -> dict[tuple[str, str], tuple[object, list[str]]]:
    """What was derived, by observer and content: living or why not, and for each derivation its premises joined."""
    found = await rows(server, _DERIVED, w=workspace_id)
    return {(str(row[0]), str(row[1])): (row[2], sorted(row[3])) for row in found}  # pyright: ignore[reportArgumentType] -- a list of strings


async def sound(server: Neo4jServer, database: Database, workspace_id: str) -> None:
    assert await miscounted(server, workspace_id) == []
    assert await unsound(server, workspace_id) == 0
    await assert_sound(database, workspace_id)


async def heard(database: Database, workspace_id: str, *facts: Fact, session_id: str = "s") -> None:
    """Let ann say the facts; who else hears them exists."""
    said = await say(database, workspace_id, session_id, *facts)
    for name in {name for each in facts for name in each.observers}:
        await database.schema_statement("MERGE (:Peer {workspace_id: $w, id: $o})", {"w": workspace_id, "o": name})
    await commit(database, workspace_id, session_id, said, facts)


async def test_one_derivation_is_written_for_all_who_hold_its_premises_on_their_own_premises(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await heard(database, workspace_id, fact("A.", 0, "ann", "bob", "cat"))
    await heard(database, workspace_id, fact("B.", 1, "ann", "bob"))
    ids = await held(neo4j_server, workspace_id)

    written = await write(database, workspace_id, follows("C.", ids["A."], ids["B."]), follows("D.", ids["A."]))

    found = await derived(neo4j_server, workspace_id)
    assert found == {
        ("ann", "C."): (True, ["A.B."]),
        ("ann", "D."): (True, ["A."]),
        ("bob", "C."): (True, ["A.B."]),
        ("bob", "D."): (True, ["A."]),
        ("cat", "D."): (True, ["A."]),
    }
    assert len(written) == 5
    crossing = await rows(
        neo4j_server,
        "MATCH (c:Held {workspace_id: $w})-[:DERIVED_FROM]->(p:Conclusion) WHERE c.perspective <> p.perspective "
        "RETURN 1",
        w=workspace_id,
    )
    assert crossing == []
    await sound(neo4j_server, database, workspace_id)


async def test_who_holds_a_premise_only_in_what_it_was_merged_into_shares_as_well(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    live = [Fact(content=text, said_at=NOON + day(at), observers=("ann", "bob"), vector=vector(1.0))
            for at, text in enumerate(("ann lives in Porto.", "ann really lives in Porto."))]  # fmt: skip
    live[0] = Fact(content=live[0].content, said_at=live[0].said_at, vector=vector(1.0), observers=("ann",))
    await heard(database, workspace_id, live[0])
    await heard(database, workspace_id, live[1])
    ids = await held(neo4j_server, workspace_id)
    assert list(ids) == ["ann lives in Porto."], "the second merged into the first"

    await write(database, workspace_id, follows("ann lives in Portugal.", ids["ann lives in Porto."]))

    found = await derived(neo4j_server, workspace_id)
    assert found[("bob", "ann lives in Portugal.")] == (True, ["ann really lives in Porto."])
    await sound(neo4j_server, database, workspace_id)


async def test_what_is_held_already_gets_a_derivation_more_and_the_same_reasons_add_nothing(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, *(fact(text, at) for at, text in enumerate(("A.", "B.", "C."))))
    ids = await held(neo4j_server, workspace_id)
    await write(database, workspace_id, follows("D.", ids["A."]))

    await write(
        database, workspace_id, follows("d.", ids["B."]), follows("C.", ids["A."], embedding=vector(0, 0, 0, 0, 1))
    )
    assert await write(database, workspace_id, follows("D.", ids["B."]), follows("D.", ids["B."], ids["A."])) == []

    found = await derived(neo4j_server, workspace_id)
    assert found == {("ann", "D."): (True, ["A.", "B."]), ("ann", "C."): (True, ["A.", "C."])}
    await sound(neo4j_server, database, workspace_id)


async def test_a_conclusion_never_comes_to_rest_on_itself(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, fact("A.", 0), fact("B.", 1))
    ids = await held(neo4j_server, workspace_id)
    await write(database, workspace_id, follows("D.", ids["A."]))
    ids = await held(neo4j_server, workspace_id)
    await write(database, workspace_id, follows("E.", ids["D."], ids["B."], embedding=vector(0, 0, 0, 0, 0, 1)))
    ids = await held(neo4j_server, workspace_id)

    written = await write(
        database,
        workspace_id,
        follows("A.", ids["E."], embedding=vector(0, 0, 1)),
        follows("D.", ids["E."]),
        follows("D.", ids["D."]),
    )

    assert written == []
    await sound(neo4j_server, database, workspace_id)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_derived_in_whatever_order_no_circle_comes_about(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str, seed: int
) -> None:
    chance = random.Random(seed)
    said = await tell(database, workspace_id, *(fact(f"T{number}.", number) for number in range(6)))
    texts = [f"T{number}." for number in range(12)]
    away: set[str] = set()
    for _ in range(15):
        ids = await held(neo4j_server, workspace_id)
        some = [
            follows(
                text,
                *chance.sample(sorted(ids.values()), min(len(ids), chance.randint(1, 3))),
                level=chance.choice(("deductive", "deductive", "inductive")),
                embedding=vector(*([0.0] * (2 + int(text[1:-1]))), 1.0),
            )
            for text in chance.sample(texts, 4)
        ]
        await write(database, workspace_id, *some)
        message = chance.choice(said).id
        away ^= {message}
        await (retraction.retract if message in away else retraction.restore)(database, workspace_id, "s", message)
    await sound(neo4j_server, database, workspace_id)


async def test_a_retracted_premise_takes_what_was_derived_with_it_for_every_observer_and_brings_it_back(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    said = await say(database, workspace_id, "s", fact("A.", 0), fact("B.", 1))
    await database.schema_statement("MERGE (:Peer {workspace_id: $w, id: 'bob'})", {"w": workspace_id})
    facts = [fact("A.", 0, "ann", "bob"), fact("B.", 1, "ann", "bob")]
    await commit(database, workspace_id, "s", said, facts)
    ids = await held(neo4j_server, workspace_id)
    await write(database, workspace_id, follows("C.", ids["A."], ids["B."]), follows("D.", ids["A."]))
    await write(database, workspace_id, follows("D.", ids["B."]))
    before = await derived(neo4j_server, workspace_id)

    await retraction.retract(database, workspace_id, "s", said[0].id)
    after = await derived(neo4j_server, workspace_id)
    await retraction.restore(database, workspace_id, "s", said[0].id)

    assert {key: state for key, (state, _) in after.items()} == {
        ("ann", "C."): "unsupported",
        ("bob", "C."): "unsupported",
        ("ann", "D."): True,
        ("bob", "D."): True,
    }
    assert await derived(neo4j_server, workspace_id) == before
    await sound(neo4j_server, database, workspace_id)


async def test_what_lost_its_support_is_held_again_when_it_is_derived_anew(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    said = await tell(database, workspace_id, fact("A.", 0), fact("B.", 1))
    ids = await held(neo4j_server, workspace_id)
    await write(database, workspace_id, follows("C.", ids["A."], ids["B."]))
    await retraction.retract(database, workspace_id, "s", said[0].id)

    await write(database, workspace_id, follows("C.", ids["B."]))

    assert await derived(neo4j_server, workspace_id) == {("ann", "C."): (True, ["A.B.", "B."])}
    await sound(neo4j_server, database, workspace_id)


async def test_what_a_client_deleted_does_not_come_back_by_the_same_reasons(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, fact("A.", 0), fact("B.", 1))
    ids = await held(neo4j_server, workspace_id)
    (gone,) = await write(database, workspace_id, follows("C.", ids["A."]))
    await retire(database, workspace_id, gone)

    assert await write(database, workspace_id, follows("C.", ids["A."])) == []
    (other,) = await write(database, workspace_id, follows("C.", ids["B."]))
    assert other != gone
    await sound(neo4j_server, database, workspace_id)


async def test_an_induction_needs_two_sources_in_each_perspective_and_its_confidence_follows_them(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    facts = [fact(f"A{number}.", number, "ann", *(["bob"] if number < 1 else [])) for number in range(3)]
    await database.schema_statement("MERGE (:Peer {workspace_id: $w, id: 'bob'})", {"w": workspace_id})
    said = await say(database, workspace_id, "s", *facts)
    await commit(database, workspace_id, "s", said, facts)
    ids = await held(neo4j_server, workspace_id)

    thin = follows("P.", ids["A0."], level="inductive")
    assert await write(database, workspace_id, thin) == []
    await write(database, workspace_id, follows("P.", *list(ids.values()), level="inductive"))
    await write(database, workspace_id, follows("P.", ids["A0."], ids["A1."], level="inductive"))

    sure = "MATCH (c:Held {workspace_id: $w, level: 'inductive'}) RETURN c.observer_id, c.confidence, c.times_derived"
    assert await rows(neo4j_server, sure, w=workspace_id) == [["ann", "medium", 3]]
    await retraction.retract(database, workspace_id, "s", said[2].id)
    assert await rows(neo4j_server, sure, w=workspace_id) == []
    await retraction.restore(database, workspace_id, "s", said[2].id)
    assert await rows(neo4j_server, sure, w=workspace_id) == [["ann", "medium", 3]]
    await sound(neo4j_server, database, workspace_id)


@pytest.mark.parametrize(
    ("messages", "speakers", "sure"),
    [
        (2, 1, "low"),
        (2, 0, "low"),
        (2, 2, "medium"),
        (3, 1, "medium"),
        (4, 1, "medium"),
        (3, 2, "high"),
        (5, 1, "high"),
        (9, 3, "high"),
    ],
)
def test_confidence_counts_messages_and_speakers(messages: int, speakers: int, sure: str) -> None:
    assert confidence(messages, speakers) == sure


async def test_what_begins_to_hold_waits_to_be_derived_from_until_just_that_was_read(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    said = await tell(database, workspace_id, fact("A.", 0), fact("B.", 1))
    first = await weighing.unweighed(database, workspace_id, "ann", 10)
    assert [each.kind for each in first] == ["said", "said"]
    tokens = {each.id: each.token for each in first}
    await tell(database, workspace_id, fact("A.", 2))

    await database.write(lambda tx: weighing.weighed(tx, workspace_id, tokens))
    (again,) = await weighing.unweighed(database, workspace_id, "ann", 10)
    assert again.token != tokens[again.id], "it was said once more meanwhile"
    await database.write(lambda tx: weighing.weighed(tx, workspace_id, {again.id: again.token}))
    await retraction.retract(database, workspace_id, "s", said[1].id)
    await retraction.restore(database, workspace_id, "s", said[1].id)

    assert len(await weighing.unweighed(database, workspace_id, "ann", 10)) == 1


async def test_grounds_are_what_is_asked_about_what_fills_the_same_slots_and_what_is_near(
    database: Database, workspace_id: str
) -> None:
    facts = [
        Fact(content="ann likes tea.", said_at=NOON, filled=fills("likes", "tea"), vector=vector(1.0)),
        Fact(content="ann likes rum.", said_at=NOON + day(1), filled=fills("likes", "rum"), vector=vector(0, 1.0)),
        Fact(content="ann drinks tea.", said_at=NOON + day(2), vector=vector(0.9, 0, 0.3)),
        Fact(content="ann sings.", said_at=NOON + day(3), vector=vector(0, 0, 0, 1.0)),
    ]
    said = await tell(database, workspace_id, *facts)
    seed = next(each for each in await weighing.unweighed(database, workspace_id, "ann", 10))

    found = await grounds(database, workspace_id, "ann", "ann", [seed.id])

    assert [each.content for each in found] == ["ann likes tea.", "ann likes rum.", "ann drinks tea."]
    assert [each.seed for each in found] == [True, False, False]
    assert [source.id for source in found[0].sources] == [said[0].id]
    assert [source.speaker_id for source in found[0].sources] == ["ann"]


async def test_what_a_client_stated_is_a_source_without_a_speaker(database: Database, workspace_id: str) -> None:
    ids = await hold(
        database, *(Held(content=f"ann likes {each}.", workspace_id=workspace_id) for each in ("tea", "rum"))
    )
    found = await grounds(database, workspace_id, "ann", "ann")
    assert {source for each in found for source in (each.sources[0].id, each.sources[0].speaker_id)} == {*ids, ""}

    (pattern,) = await write(database, workspace_id, follows("ann likes drinks.", *ids, level="inductive"))
    assert pattern not in ids
    await assert_sound(database, workspace_id)
