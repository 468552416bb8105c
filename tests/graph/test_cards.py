"""Lines of a card go and come with the conclusions that say them, in the same transaction; no worker runs here."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database, Transaction
from graph.perspective import perspective
from graph.queries import cards as queries
from graph.query import Predicate
from graph.store import (
    cards,
    conclusions,
    correcting,
    deletion,
    erasing,
    peers,
    retirement,
    retraction,
    scope_members,
    scopes,
    sessions,
    workspaces,
)
from graph.store.merging import unmerge
from graph.store.sessions import SessionChange
from graph.types import PageRequest
from tests.graph.concluding import Fact, fills, run_of, tell
from tests.graph.conftest import NOON, vector
from tests.graph.deriving import follows, write
from tests.graph.holding import Held, hold
from tests.graph.looking import rows
from tests.invariants import assert_sound

NAMED = Fact(content="ann is called Annie.", said_at=NOON, filled=fills("is_called", "Annie"), vector=vector(1.0))
LISBON = Fact(content="ann lives in Lisbon.", said_at=NOON, filled=fills("lives_in", "Lisbon"), vector=vector(0.0, 1.0))
PORTO = Fact(
    content="ann lives in Porto.",
    said_at=NOON + timedelta(days=1),
    filled=fills("lives_in", "Porto"),
    vector=vector(0.0, 1.0, 1.0),
)
SISTER = Fact(
    content="ann is a sibling of Eva.",
    said_at=NOON,
    filled=fills("sibling_of", "Eva", exclusive=False),
    vector=vector(0.0, 0.0, 0.0, 1.0),
)
TEA = Fact(content="ann likes tea.", said_at=NOON, vector=vector(0.0, 0.0, 0.0, 0.0, 1.0))
_NO_CARDS: dict[str, object] = {"peer_card": {"create": False}}


async def card(database: Database, workspace_id: str, observer_id: str = "ann") -> list[str] | None:
    """The card about ann as it is, which is what would be written anew, and sound."""
    kept = await cards.get(database, workspace_id, observer_id, "ann")
    changed = await database.write(lambda tx: cards.follow(tx, workspace_id, [(observer_id, "ann")]))
    assert changed == 0
    await assert_sound(database, workspace_id)
    return kept


async def proof(database: Database, workspace_id: str) -> dict[str, set[str]]:
    """What each line of ann's card about herself rests on, as texts."""
    texts = await held(database, workspace_id)
    lines = await cards.proven(database, workspace_id, "ann", "ann")
    return {line.text: {texts[each] for each in line.conclusion_ids} for line in lines or ()}


async def held(database: Database, workspace_id: str, observer_id: str = "ann") -> dict[str, str]:
    """The texts that an observer holds, by id."""
    page = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=100))
    return {each.id: each.content for each in page.items if each.observer_id == observer_id}


async def id_of(database: Database, workspace_id: str, content: str, observer_id: str = "ann") -> str:
    (found,) = [each for each, text in (await held(database, workspace_id, observer_id)).items() if text == content]
    return found


async def test_a_card_is_written_as_soon_as_something_is_concluded_with_what_each_line_rests_on(
    database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, TEA, SISTER, LISBON, NAMED)

    assert await card(database, workspace_id) == [
        "IDENTITY: ann is called Annie.",
        "IDENTITY: ann lives in Lisbon.",
        "RELATIONSHIP: ann is a sibling of Eva.",
    ]
    assert await proof(database, workspace_id) == {
        "IDENTITY: ann is called Annie.": {NAMED.content},
        "IDENTITY: ann lives in Lisbon.": {LISBON.content},
        "RELATIONSHIP: ann is a sibling of Eva.": {SISTER.content},
    }


async def test_what_is_concluded_again_becomes_firm_and_occasions_never_are(
    database: Database, workspace_id: str
) -> None:
    trip = Fact(content="ann lives in Rome.", said_at=NOON, filled=fills("lives_in", "Rome"), lasting="occasion")
    tired = Fact(content="ann is tired.", said_at=NOON, lasting="while", vector=vector(0.0, 0.0, 1.0))

    await tell(database, workspace_id, TEA, TEA, trip, trip, tired, tired)

    assert await card(database, workspace_id) == ["ATTRIBUTE: ann likes tea."]


async def test_a_line_goes_with_a_retracted_message_and_is_back_when_it_is_restored(
    database: Database, workspace_id: str
) -> None:
    _, lisbon = await tell(database, workspace_id, NAMED, LISBON)
    await tell(database, workspace_id, LISBON, session_id="t")
    before = await proof(database, workspace_id)
    (again,) = await tell(database, workspace_id, SISTER, session_id="u")
    whole = await card(database, workspace_id)

    await retraction.retract(database, workspace_id, "s", lisbon.id)
    assert await card(database, workspace_id) == whole, "another session says so as well"
    await retraction.retract(database, workspace_id, "u", again.id)
    assert await proof(database, workspace_id) == before
    assert await card(database, workspace_id) == ["IDENTITY: ann is called Annie.", "IDENTITY: ann lives in Lisbon."]

    await retraction.restore(database, workspace_id, "u", again.id)
    await retraction.restore(database, workspace_id, "s", lisbon.id)
    assert await card(database, workspace_id) == whole


async def test_what_is_derived_is_told_as_long_as_its_premise_stands(database: Database, workspace_id: str) -> None:
    (said,) = await tell(database, workspace_id, TEA)
    premise = await id_of(database, workspace_id, TEA.content)
    vegan = fills("eats", "vegan food", exclusive=False)
    await write(database, workspace_id, follows("ann eats vegan food.", premise, filled=vegan))
    assert await proof(database, workspace_id) == {"ATTRIBUTE: ann eats vegan food.": {"ann eats vegan food."}}

    await retraction.retract(database, workspace_id, "s", said.id)
    assert await card(database, workspace_id) is None
    await retraction.restore(database, workspace_id, "s", said.id)
    assert await card(database, workspace_id) == ["ATTRIBUTE: ann eats vegan food."]


async def test_a_newer_value_takes_the_line_and_the_older_has_it_back(database: Database, workspace_id: str) -> None:
    await tell(database, workspace_id, LISBON)
    (moved,) = await tell(database, workspace_id, PORTO)
    assert await card(database, workspace_id) == ["IDENTITY: ann lives in Porto."]

    await retraction.retract(database, workspace_id, "s", moved.id)
    assert await card(database, workspace_id) == ["IDENTITY: ann lives in Lisbon."]
    await retraction.restore(database, workspace_id, "s", moved.id)
    assert await card(database, workspace_id) == ["IDENTITY: ann lives in Porto."]


async def test_what_is_contradicted_is_not_told_until_it_is_settled(database: Database, workspace_id: str) -> None:
    other = Fact(content="ann lives in Porto.", said_at=NOON, filled=PORTO.filled, vector=PORTO.vector)
    await tell(database, workspace_id, LISBON)
    (said,) = await tell(database, workspace_id, other, session_id="t")
    assert await card(database, workspace_id) is None

    await retraction.retract(database, workspace_id, "t", said.id)
    assert await card(database, workspace_id) == ["IDENTITY: ann lives in Lisbon."]
    await retraction.restore(database, workspace_id, "t", said.id)
    assert await card(database, workspace_id) is None


async def test_a_merged_conclusion_is_told_by_the_one_it_became_and_by_itself_when_unmerged(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    near = Fact(content="ann resides in Lisbon.", said_at=NOON, filled=LISBON.filled, vector=vector(0.0, 1.0, 0.05))
    await tell(database, workspace_id, LISBON, near)
    assert await proof(database, workspace_id) == {"IDENTITY: ann lives in Lisbon.": {LISBON.content}}
    statement = "MATCH (c:Conclusion)-[:MERGED_INTO]->(:Held {workspace_id: $w}) RETURN c.id"
    ((merged,),) = await rows(neo4j_server, statement, w=workspace_id)

    await unmerge(database, workspace_id, str(merged))

    assert await proof(database, workspace_id) == {"IDENTITY: ann resides in Lisbon.": {LISBON.content, near.content}}


async def test_a_line_goes_with_a_deleted_conclusion_and_says_what_a_corrected_one_says(
    database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, NAMED, LISBON, SISTER)

    await retirement.retire(database, workspace_id, await id_of(database, workspace_id, NAMED.content))
    assert await card(database, workspace_id) == [
        "IDENTITY: ann lives in Lisbon.",
        "RELATIONSHIP: ann is a sibling of Eva.",
    ]
    lisbon = await id_of(database, workspace_id, LISBON.content)
    faro = await correcting.correct(database, workspace_id, lisbon, "ann lives in Faro.", vector(0.0, 1.0))

    assert await card(database, workspace_id) == [
        "IDENTITY: ann lives in Faro.",
        "RELATIONSHIP: ann is a sibling of Eva.",
    ]
    # That it fills the same slot cannot be told of other words.
    await correcting.correct(database, workspace_id, faro.id, "ann has a house in Faro.", vector(0.0, 1.0))

    assert await card(database, workspace_id) == ["RELATIONSHIP: ann is a sibling of Eva."]
    sister = await id_of(database, workspace_id, SISTER.content)
    await retirement.retire(database, workspace_id, sister)
    assert await card(database, workspace_id) is None


async def test_what_is_erased_is_on_no_card(database: Database, workspace_id: str) -> None:
    name, _ = await tell(database, workspace_id, NAMED, LISBON)
    await tell(database, workspace_id, SISTER, session_id="t")

    erased = await erasing.message(database, workspace_id, "s", name.id, dry_run=False)
    assert erased.receipt.counts.cards == 1
    assert await card(database, workspace_id) == [
        "IDENTITY: ann lives in Lisbon.",
        "RELATIONSHIP: ann is a sibling of Eva.",
    ]
    await deletion.accept_session(database, workspace_id, "s")
    await deletion.delete_session(database, workspace_id, "s")

    assert await card(database, workspace_id) == ["RELATIONSHIP: ann is a sibling of Eva."]


async def test_the_card_of_a_scope_follows_the_sessions_that_it_holds(database: Database, workspace_id: str) -> None:
    await tell(database, workspace_id, NAMED)
    await tell(database, workspace_id, LISBON, session_id="t")
    await scopes.get_or_create(database, workspace_id, "work", None)
    scope = "scope.work"

    await scope_members.add(database, workspace_id, "work", ["s", "t"])
    for session_id in ("s", "t"):
        missing = await scope_members.uncopied(database, workspace_id, scope, session_id, 10, stated=True)
        run = run_of("scope")
        await database.write(
            lambda tx, session_id=session_id, run=run, missing=missing: scope_members.copy(
                tx, workspace_id, scope, session_id, run, missing
            )
        )
    assert await card(database, workspace_id, scope) == await card(database, workspace_id)
    await scope_members.remove(database, workspace_id, "work", "t")
    await database.write(lambda tx: scope_members.retire(tx, workspace_id, scope, "t", 10))

    assert await card(database, workspace_id, scope) == ["IDENTITY: ann is called Annie."]
    assert len(await card(database, workspace_id) or ()) == 2


async def test_a_card_that_a_caller_set_stays_as_it_was_set_unless_it_is_to_be_rebuilt(
    database: Database, workspace_id: str
) -> None:
    by_hand = ["  Set by\thand ", "ann lives in Lisbon.", "ann lives in Lisbon.", "x" * 300]
    (said,) = await tell(database, workspace_id, LISBON)
    await cards.put(database, workspace_id, "ann", "ann", by_hand)

    await tell(database, workspace_id, NAMED, PORTO)
    await retraction.retract(database, workspace_id, "s", said.id)
    await erasing.message(database, workspace_id, "s", said.id, dry_run=False)
    assert await card(database, workspace_id) == by_hand
    assert await proof(database, workspace_id) == {line: set[str]() for line in by_hand}

    await database.write(lambda tx: cards.refresh(tx, workspace_id, "ann", "ann", rebuild=True))
    assert await card(database, workspace_id) == ["IDENTITY: ann is called Annie.", "IDENTITY: ann lives in Porto."]
    await cards.put(database, workspace_id, "ann", "ann", [])
    await tell(database, workspace_id, SISTER)
    assert await card(database, workspace_id) == []


@pytest.mark.parametrize("level", ["workspace", "peer", "session"])
async def test_where_cards_are_not_to_be_created_none_grows_but_what_falls_goes(
    database: Database, workspace_id: str, level: str
) -> None:
    await tell(database, workspace_id, NAMED)
    (said,) = await tell(database, workspace_id, LISBON)
    written = await card(database, workspace_id)
    if level == "workspace":
        await workspaces.upsert(database, workspace_id, metadata=None, configuration=_NO_CARDS)
    elif level == "peer":
        await peers.get_or_create(database, workspace_id, "ann", metadata=None, configuration=_NO_CARDS)
    else:
        await sessions.get_or_create(database, workspace_id, "s", SessionChange(configuration=_NO_CARDS))

    await tell(database, workspace_id, SISTER)
    assert await card(database, workspace_id) == written
    await retraction.retract(database, workspace_id, "s", said.id)
    assert await card(database, workspace_id) == ["IDENTITY: ann is called Annie."]
    await database.write(lambda tx: cards.refresh(tx, workspace_id, "ann", "ann", rebuild=True))

    assert await card(database, workspace_id) == ["IDENTITY: ann is called Annie."]


async def test_a_session_alone_may_allow_what_is_forbidden_in_general(database: Database, workspace_id: str) -> None:
    await workspaces.get_or_create(database, workspace_id, metadata={}, configuration=_NO_CARDS)
    allowed = SessionChange(configuration={"peer_card": {"create": True}})
    await sessions.get_or_create(database, workspace_id, "t", allowed)

    await tell(database, workspace_id, NAMED)
    await tell(database, workspace_id, SISTER, session_id="t")

    assert await card(database, workspace_id) == ["RELATIONSHIP: ann is a sibling of Eva."]


async def test_of_two_that_change_what_is_held_at_once_both_are_on_the_card(
    database: Database, workspace_id: str
) -> None:
    (said,) = await tell(database, workspace_id, NAMED)
    await tell(database, workspace_id, SISTER, session_id="t")

    await asyncio.gather(
        retraction.retract(database, workspace_id, "s", said.id),
        tell(database, workspace_id, LISBON, session_id="u"),
    )

    assert await card(database, workspace_id) == [
        "IDENTITY: ann lives in Lisbon.",
        "RELATIONSHIP: ann is a sibling of Eva.",
    ]


async def test_following_costs_the_same_queries_for_many_observers_and_touches_a_bounded_part_of_what_is_held(
    database: Database, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    many = Transaction.many

    async def noting(self: Transaction, query: Any, parameters: Any, where: Any = None) -> Any:
        asked.append(query.name)
        return await many(self, query, parameters, where)

    async def cost(session_id: str, observers: Sequence[str]) -> list[str]:
        asked.clear()
        fact = Fact(content=SISTER.content, said_at=NOON, filled=SISTER.filled, observers=observers)
        with monkeypatch.context() as noted:
            noted.setattr(Transaction, "many", noting)
            await tell(database, workspace_id, fact, session_id=session_id)
        return [name for name in asked if name.startswith("cards/")]

    one = await cost("s", ["ann"])
    assert one == ["cards/look", "cards/candidates", "cards/sessions", "cards/write"]
    others = [f"p{place}" for place in range(20)]
    await database.write(lambda tx: peers.ensure(tx, workspace_id, others))
    assert await cost("t", others) == one
    assert await card(database, workspace_id, "p19") == ["RELATIONSHIP: ann is a sibling of Eva."]

    touched: list[int] = []
    wanted = queries.Candidates(
        workspace_id=workspace_id,
        perspectives=[perspective(workspace_id, "ann", "ann")],
        slots=["sibling_of"],
        of_slot=5,
        firm=2,
        firmest=5,
        patterns=5,
    )
    for size in (20, 2000):
        more = [
            Held(content=f"ann said {size} {place}.", workspace_id=workspace_id, times_derived=1 + place % 3)
            for place in range(size)
        ]
        await hold(database, *more)
        touched.append(await database.profile(queries.CANDIDATES, wanted))
    print("database hits at 1x and 100x:", touched)
    assert touched[1] <= 1.1 * touched[0]
