"""Message search on the engine: what the indexes do, and how the statements are planned once filters are in them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from graph.driver import Database
from graph.filters import Resource, compile_filter
from graph.filters.stays import while_present
from graph.queries import search as queries
from graph.query import Predicate, Query
from graph.recall.branches import WIDER, Sought, by_meaning
from graph.recall.message_search import search_messages
from graph.store import messages, passages
from graph.store.messages import Deployment
from graph.store.passages import Vectors
from graph.types import Message
from tests.graph.conftest import NOON, said, vector
from tests.graph.test_queries import FORBIDDEN


async def _say(database: Database, workspace_id: str, session_id: str, *contents: str) -> list[Message]:
    new = [said("ann", content, NOON + timedelta(minutes=place)) for place, content in enumerate(contents)]
    appended = await messages.append(
        database, workspace_id=workspace_id, session_id=session_id, messages=new, deployment=Deployment()
    )
    return list(appended.messages)


async def _meant(database: Database, workspace_id: str, sought: Sought, limit: int = 10) -> list[str]:
    assert sought.vector is not None
    vector = sought.vector
    hits = await database.read(lambda tx: by_meaning(tx, workspace_id, sought, vector, limit, ()))
    return [hit.id for hit in sorted(hits, key=lambda hit: -hit.score)]


async def test_speaker_date_and_other_forms_of_a_word_are_found(database: Database, workspace_id: str) -> None:
    (painted, _) = await _say(database, workspace_id, "s", "We painted lakes.", "Nothing.")
    for text in ("painting a lake", "What did Ann paint in May 2026?"):
        found = await search_messages(database, workspace_id, Sought(text=text, limit=5))
        assert found[0].id == painted.id


async def test_a_message_is_as_near_as_the_nearest_of_its_pieces_and_found_once(
    database: Database, workspace_id: str
) -> None:
    long, short = await _say(database, workspace_id, "s", "long", "short")
    pieces = [vector(0.0, 1.0), vector(1.0, 0.0), vector(0.9, 0.1)]
    await passages.replace(database, [Vectors(long.id, pieces), Vectors(short.id, [vector(0.8, 0.6)])])
    sought = Sought(text="", limit=2, vector=vector(1.0, 0.0))

    assert await _meant(database, workspace_id, sought) == [long.id, short.id]
    assert await _meant(database, workspace_id, Sought(text="", limit=2, vector=vector(0.0, 1.0))) == [
        long.id,
        short.id,
    ]
    await passages.replace(database, [Vectors(long.id, [])])
    assert await _meant(database, workspace_id, sought) == [short.id]


async def test_a_filter_reaches_what_lies_behind_all_that_the_vector_index_hands_out(
    database: Database, workspace_id: str
) -> None:
    crowd = await _say(database, workspace_id, "crowd", *("near" for _ in range(100)))
    (far,) = await _say(database, workspace_id, "far", "far")
    await passages.replace(database, [Vectors(each.id, [vector(1.0, place / 1e4)]) for place, each in enumerate(crowd)])
    await passages.replace(database, [Vectors(far.id, [vector(0.0, 1.0)])])
    assert WIDER * 10 < 100
    where = compile_filter(Resource.MESSAGE, {"session_id": {"ne": "crowd"}})
    for sought in (
        Sought(text="", limit=10, vector=vector(1.0), where=where),
        Sought(text="", limit=10, vector=vector(1.0), session_ids=["far", "none"]),
        Sought(text="", limit=10, vector=vector(1.0), session_id="far", peer_id="ann"),
    ):
        assert await _meant(database, workspace_id, sought) == [far.id]


async def test_equal_vectors_in_two_workspaces_stay_apart(database: Database, workspace_id: str) -> None:
    (mine,) = await _say(database, workspace_id, "s", "same")
    (theirs,) = await _say(database, f"{workspace_id}-other", "s", "same")
    await passages.replace(database, [Vectors(each.id, [vector(1.0)]) for each in (mine, theirs)])
    for sought in (
        Sought(text="", limit=5, vector=vector(1.0)),
        Sought(text="", limit=5, vector=vector(1.0), session_id="s"),
        Sought(text="", limit=5, vector=vector(1.0), peer_id="ann"),
        Sought(text="", limit=5, vector=vector(1.0), where=Predicate("n.token_count = 1")),
    ):
        assert await _meant(database, workspace_id, sought) == [mine.id]


async def test_many_sessions_are_searched_alone(database: Database, workspace_id: str) -> None:
    kept = await _say(database, workspace_id, "kept", "A walnut here.")
    await _say(database, workspace_id, "other", "A walnut there.")
    for number in (0, 400, 1500):
        names = ["kept", *(f"none-{place}" for place in range(number))]
        found = await search_messages(database, workspace_id, Sought(text="walnut", limit=5, session_ids=names))
        assert [message.id for message in found] == [message.id for message in kept]


FILTERED: Sequence[Query[Any, Any]] = [
    queries.WORDS,
    queries.LITERAL,
    queries.LITERAL_IN_SESSION,
    queries.LITERAL_OF_PEER,
    queries.NEAREST,
    queries.NEAREST_IN_SESSION,
    queries.NEAREST_OF_PEER,
    queries.NEAREST_EXACT,
    queries.NEAREST_EXACT_OF_PEER,
    queries.SIZE,
]


@pytest.mark.parametrize("query", FILTERED, ids=lambda query: query.name)
async def test_statements_plan_with_indexes_whatever_the_filter(query: Query[Any, Any], database: Database) -> None:
    stays = while_present("ann")
    for sought in (
        Sought(text="", limit=1, where=stays),
        Sought(text="", limit=1, where=stays, session_id="s", peer_id="ann"),
        Sought(text="", limit=1, session_ids=["s", "t"]),
    ):
        values = {
            "workspace_id": "w",
            "session_id": "s",
            "peer_id": "p",
            "query": "x",
            "text": "x",
            "vector": vector(1.0),
        }
        values |= {"fetch": 1, "limit": 1, "window": 1, "bound": 1, **sought.condition.parameters}
        plan = await database.explain(query.statement(sought.condition), values)
        assert not FORBIDDEN & {operator for operator, _ in plan.operators}
