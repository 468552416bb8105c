"""Cards of the past: what stood then, made anew of what was held, or as a caller had set it; no worker runs here."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from app.engine.neo4j import Neo4jServer
from graph import schema
from graph.card_past import Former
from graph.driver import Database, Transaction
from graph.errors import NotFound
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
    sessions,
    workspaces,
)
from graph.store.merging import unmerge
from graph.store.sessions import SessionChange
from graph.types import PageRequest
from tests.graph.concluding import Fact, fills, tell
from tests.graph.conftest import NOON, vector
from tests.graph.deriving import follows, write
from tests.graph.holding import Held, hold
from tests.graph.looking import rows

NAMED = Fact(content="ann is called Annie.", said_at=NOON, filled=fills("is_called", "Annie"), vector=vector(1.0))
TEA = Fact(content="ann likes tea.", said_at=NOON, vector=vector(0.0, 0.0, 0.0, 0.0, 1.0))
RICE = Fact(content="ann likes rice.", said_at=NOON, vector=vector(0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
SISTER = Fact(
    content="ann is a sibling of Eva.",
    said_at=NOON,
    filled=fills("sibling_of", "Eva", exclusive=False),
    vector=vector(0.0, 0.0, 0.0, 1.0),
)
_NO_CARDS: dict[str, object] = {"peer_card": {"create": False}}

#: A moment, and the card that stood then: its lines with the ids under each.
Stood = tuple[datetime, list[tuple[str, list[str]]] | None]


def lives(value: str, *, day: int = 0, words: str = "lives in", near: float = 0.0) -> Fact:
    said_at = NOON + timedelta(days=day)
    filled = fills("lives_in", value)
    return Fact(content=f"ann {words} {value}.", said_at=said_at, filled=filled, vector=vector(0.0, 1.0, near))


async def moment() -> datetime:
    """A moment after all that was stored and before all that will be: what a batch stores is microseconds apart."""
    await asyncio.sleep(0.02)
    now = datetime.now(UTC)
    await asyncio.sleep(0.02)
    return now


async def at(database: Database, workspace_id: str, as_of: datetime | None) -> list[tuple[str, list[str]]] | None:
    lines = await cards.proven(database, workspace_id, "ann", "ann", as_of=as_of)
    return None if lines is None else [(line.text, list(line.conclusion_ids)) for line in lines]


async def texts(database: Database, workspace_id: str, as_of: datetime | None) -> list[str] | None:
    return await cards.get(database, workspace_id, "ann", "ann", as_of=as_of)


async def id_of(database: Database, workspace_id: str, content: str) -> str:
    page = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=100))
    (found,) = [each.id for each in page.items if each.content == content]
    return found


class Past:
    """Notes what the card says now, and holds it against what is said of then."""

    def __init__(self, database: Database, workspace_id: str) -> None:
        self.database, self.workspace_id = database, workspace_id
        self.stood: list[Stood] = []

    async def note(self) -> list[tuple[str, list[str]]] | None:
        now = await at(self.database, self.workspace_id, None)
        self.stood.append((await moment(), now))
        return now

    async def check(self) -> None:
        for place, (when, stood) in enumerate(self.stood):
            assert await at(self.database, self.workspace_id, when) == stood, place
        assert await at(self.database, self.workspace_id, await moment()) == self.stood[-1][1]


async def test_the_card_of_a_moment_is_the_one_that_stood_then_with_the_proof_it_had(
    database: Database, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    past = Past(database, workspace_id)
    await database.write(lambda tx: peers.ensure(tx, workspace_id, ["ann"]))
    assert await past.note() is None
    await tell(database, workspace_id, NAMED, TEA, lives("Lisbon"))
    await past.note()
    # Said again it is firm, said later again it comes first.
    await tell(database, workspace_id, TEA, RICE, RICE)
    await past.note()
    for hours, fact, other in ((1, RICE, TEA), (2, TEA, RICE), (3, RICE, TEA)):
        said_at = NOON + timedelta(hours=hours)
        await tell(database, workspace_id, Fact(content=fact.content, said_at=said_at, vector=fact.vector))
        last = [line for line, _ in await past.note() or ()][-2:]
        assert last == [f"ATTRIBUTE: {fact.content}", f"ATTRIBUTE: {other.content}"]

    (porto,) = await tell(database, workspace_id, lives("Porto", day=1))
    await past.note()
    await retraction.retract(database, workspace_id, "s", porto.id)
    assert "ann lives in Lisbon." in str(await past.note())
    await retraction.restore(database, workspace_id, "s", porto.id)
    await past.note()
    # Of two that cannot both be so none is told.
    (oslo,) = await tell(database, workspace_id, lives("Oslo", day=1), session_id="t")
    assert "lives" not in str(await past.note())
    await retraction.retract(database, workspace_id, "t", oslo.id)
    await past.note()

    await tell(database, workspace_id, lives("Porto", day=1, words="resides in", near=0.05))
    await past.note()
    statement = "MATCH (c:Conclusion)-[:MERGED_INTO]->(:Held {workspace_id: $w}) RETURN c.id"
    ((merged,),) = await rows(neo4j_server, statement, w=workspace_id)
    await unmerge(database, workspace_id, str(merged))
    await past.note()

    vegan = fills("eats", "vegan food", exclusive=False)
    rice = await id_of(database, workspace_id, RICE.content)
    await write(database, workspace_id, follows("ann eats vegan food.", rice, filled=vegan))
    await past.note()
    await retirement.retire(database, workspace_id, rice)
    await past.note()
    name = await id_of(database, workspace_id, NAMED.content)
    await correcting.correct(database, workspace_id, name, "ann is called Nan.", vector(1.0))
    await past.note()

    await past.check()
    told = [str(stood) for _, stood in past.stood]
    assert len(set(told)) == 10, "each change is seen"


async def test_what_was_derived_again_since_was_as_firm_as_it_was(database: Database, workspace_id: str) -> None:
    past = Past(database, workspace_id)
    await tell(database, workspace_id, NAMED, RICE, SISTER)
    premises = [await id_of(database, workspace_id, fact.content) for fact in (NAMED, RICE, SISTER)]
    await write(database, workspace_id, follows("ann is cheerful.", *premises[:2], embedding=vector(0.5, 0.5)))
    assert "cheerful" not in str(await past.note())
    for pair in (premises[1:], [premises[0], premises[2]]):
        await write(database, workspace_id, follows("ann is cheerful.", *pair, embedding=vector(0.5, 0.5)))
        assert "ATTRIBUTE: ann is cheerful." in str(await past.note())

    await past.check()


async def test_a_card_that_a_caller_set_stood_from_then_until_another_or_a_rebuilding(
    database: Database, workspace_id: str
) -> None:
    past = Past(database, workspace_id)
    await tell(database, workspace_id, NAMED)
    await past.note()
    for card in (["  First\thand "], ["Second", "Second"], ["Second", "Second"], []):
        await cards.put(database, workspace_id, "ann", "ann", card)
        assert await past.note() == [(line, list[str]()) for line in card]
    # What is learnt meanwhile is on no card.
    await tell(database, workspace_id, SISTER)
    await past.note()
    await database.write(lambda tx: cards.refresh(tx, workspace_id, "ann", "ann", rebuild=True))
    assert len(await past.note() or ()) == 2
    await tell(database, workspace_id, lives("Porto"))
    await past.note()
    await cards.put(database, workspace_id, "ann", "ann", ["Third"])
    await past.note()

    await past.check()


async def test_setting_the_same_again_takes_no_place_in_what_is_kept(
    database: Database, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    for card in ("one", "two", "two", "two", "three"):
        await cards.put(database, workspace_id, "ann", "bob", [card])
    statement = "MATCH (:Peer {workspace_id: $w, id: 'ann'})-[view:VIEWS]->() RETURN view.card_past, view.card"

    ((past, card),) = await rows(neo4j_server, statement, w=workspace_id)

    kept = [msgspec.json.decode(text, type=Former).lines for text in msgspec.convert(past, list[str])]
    assert (kept, card) == ([["one"], ["two"]], ["three"])


async def test_a_card_set_before_times_were_kept_stood_when_it_was_seen_last(
    database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, NAMED)
    before = await moment()
    await cards.put(database, workspace_id, "ann", "ann", ["by hand"])
    await database.schema_statement(
        "MATCH (:Peer {workspace_id: $w})-[view:VIEWS]->() SET view.card_set_at = null", {"w": workspace_id}
    )
    await database.schema_statement("MATCH (m:Migration {version: 13}) DELETE m")
    assert await schema.migrate(database) == [13]
    migrated = await moment()
    # This touches the view, but not since when the card is known to stand.
    await tell(database, workspace_id, SISTER)
    await cards.put(database, workspace_id, "ann", "ann", ["new"])

    assert await texts(database, workspace_id, migrated) == ["by hand"]
    assert await texts(database, workspace_id, before) == ["IDENTITY: ann is called Annie."]


async def test_nothing_erased_comes_back_on_a_card_of_the_past(database: Database, workspace_id: str) -> None:
    name, _ = await tell(database, workspace_id, NAMED, SISTER)
    await tell(database, workspace_id, lives("Porto"), session_id="t")
    whole = await moment()
    assert len(await texts(database, workspace_id, whole) or ()) == 3

    await erasing.message(database, workspace_id, "s", name.id, dry_run=False)
    assert await texts(database, workspace_id, whole) == [
        "IDENTITY: ann lives in Porto.",
        "RELATIONSHIP: ann is a sibling of Eva.",
    ]
    await deletion.accept_session(database, workspace_id, "t")
    await deletion.delete_session(database, workspace_id, "t")

    assert await texts(database, workspace_id, whole) == ["RELATIONSHIP: ann is a sibling of Eva."]


async def test_before_there_was_anything_there_was_no_card_and_a_time_to_come_is_answered_like_now(
    database: Database, workspace_id: str
) -> None:
    before = await moment()
    with pytest.raises(NotFound, match="ann"):
        await texts(database, workspace_id, before)
    await tell(database, workspace_id, NAMED)

    assert await texts(database, workspace_id, before) is None
    assert await cards.get(database, workspace_id, "ann", "nobody", as_of=before) is None
    for years in (0, 100):
        then = datetime.now(UTC) + timedelta(days=365 * years)
        assert await texts(database, workspace_id, then) == await texts(database, workspace_id, None)


@pytest.mark.parametrize("level", ["workspace", "peer", "session"])
async def test_what_may_be_on_a_card_of_the_past_is_configured_now(
    database: Database, workspace_id: str, level: str
) -> None:
    await tell(database, workspace_id, NAMED, lives("Porto"))
    then = await moment()
    await retirement.retire(database, workspace_id, await id_of(database, workspace_id, "ann lives in Porto."))
    if level == "workspace":
        await workspaces.upsert(database, workspace_id, metadata=None, configuration=_NO_CARDS)
    elif level == "peer":
        await peers.get_or_create(database, workspace_id, "ann", metadata=None, configuration=_NO_CARDS)
    else:
        await sessions.get_or_create(database, workspace_id, "s", SessionChange(configuration=_NO_CARDS))

    # What is on the card still was on it then.
    assert await texts(database, workspace_id, then) == ["IDENTITY: ann is called Annie."]


async def test_the_past_of_one_workspace_is_not_that_of_another(database: Database, workspace_id: str) -> None:
    other = f"{workspace_id}-other"
    await tell(database, other, NAMED)
    await cards.put(database, other, "ann", "bob", ["theirs"])
    await cards.put(database, other, "ann", "bob", ["theirs, later"])
    await tell(database, workspace_id, SISTER)
    await cards.put(database, workspace_id, "ann", "bob", ["ours"])
    then = await moment()
    await cards.put(database, workspace_id, "ann", "bob", ["ours, later"])

    assert await texts(database, workspace_id, then) == ["RELATIONSHIP: ann is a sibling of Eva."]
    assert await texts(database, other, then) == ["IDENTITY: ann is called Annie."]
    found = [await cards.get(database, each, "ann", "bob", as_of=then) for each in (workspace_id, other)]
    assert found == [["ours"], ["theirs, later"]]


async def test_a_card_of_the_past_costs_three_queries_however_much_is_held(
    database: Database, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def note(verb: str) -> None:
        plain = getattr(Transaction, verb)

        async def noting(self: Transaction, query: Any, *given: Any) -> Any:
            asked.append(query.name)
            return await plain(self, query, *given)

        monkeypatch.setattr(Transaction, verb, noting)

    async def cost(as_of: datetime) -> Sequence[str]:
        asked.clear()
        assert await texts(database, workspace_id, as_of)
        return list(asked)

    for verb in ("many", "run"):
        note(verb)
    await tell(database, workspace_id, NAMED)
    few = await moment()
    assert await cost(few) == ["cards/get_then", "history/card", "cards/sessions"]
    more = [Held(content=f"ann said {place}.", workspace_id=workspace_id, times_derived=2) for place in range(500)]
    await hold(database, *more)
    then = await moment()
    assert await cost(then) == ["cards/get_then", "history/card", "cards/sessions"]
    assert len(await texts(database, workspace_id, then) or ()) == 40
    await cards.put(database, workspace_id, "ann", "ann", ["by hand"])
    assert await cost(await moment()) == ["cards/get_then"]
