"""Pages of messages: any costs what the first costs, and none is wrong while others write."""

import asyncio

import pytest

from graph.driver import Database
from graph.filters import Resource, compile_filter
from graph.queries import messages as queries
from graph.query import Predicate
from graph.store import messages
from graph.store.messages import Deployment
from graph.types import PageRequest
from tests.graph.conftest import said

SIZE = 50

_FILL = """
MERGE (s:Session {workspace_id: $workspace_id, id: $session_id})
ON CREATE SET s.is_active = true, s.uid = 'u', s.created_at = datetime()
SET s.seq = $number
WITH s
UNWIND range(1, $number) AS seq
CREATE (m:Message {
  id: $workspace_id + $session_id + seq, workspace_id: $workspace_id, session_id: $session_id, seq: seq, peer_id: 'ann',
  content: 'text ' + seq, token_count: 2, metadata: '{}', metadata_terms: [], created_at: datetime()
})
CREATE (m)-[:IN_SESSION]->(s)
"""

#: The messages are made by hand, without all that belongs to them.
pytestmark = pytest.mark.unsound


async def _fill(database: Database, workspace_id: str, session_id: str, number: int) -> None:
    await database.schema_statement(_FILL, {"workspace_id": workspace_id, "session_id": session_id, "number": number})


async def _seqs(
    database: Database, workspace_id: str, request: PageRequest, where: Predicate | None = None
) -> list[int]:
    page = await messages.page(database, workspace_id, "s", where or Predicate(), request)
    return [message.seq for message in page.items]


async def test_the_last_page_of_a_hundred_times_as_many_messages_touches_as_much(
    database: Database, workspace_id: str
) -> None:
    touched: dict[tuple[int, str], int] = {}
    for number in (2 * SIZE, 200 * SIZE):
        session_id = f"s{number}"
        await _fill(database, workspace_id, session_id, number)
        size = queries.InSession(workspace_id=workspace_id, session_id=session_id)
        counting = await database.profile(queries.SIZE, size)
        for name, after in (("first", 0), ("last", number - SIZE)):
            wanted = queries.Stretch(workspace_id=workspace_id, session_id=session_id, after=after, until=after + SIZE)
            touched[number, name] = counting + await database.profile(queries.STRETCH, wanted)

    assert len(set(touched.values())) == 1, touched
    assert touched[200 * SIZE, "last"] < 20 * SIZE


@pytest.mark.parametrize("raw", [None, {}])
@pytest.mark.parametrize("reverse", [False, True])
async def test_pages_by_number_are_those_of_a_filter_that_all_pass(
    database: Database, workspace_id: str, reverse: bool, raw: object
) -> None:
    await _fill(database, workspace_id, "s", 23)
    every = compile_filter(Resource.MESSAGE, raw)
    assert every.takes_all
    passing = compile_filter(Resource.MESSAGE, {"peer_id": "ann"})

    for size in (1, 7, 22, 23, 24):
        for number in range(1, 23 // size + 3):
            request = PageRequest(page=number, size=size, reverse=reverse)
            by_number = await messages.page(database, workspace_id, "s", every, request)
            assert by_number == await messages.page(database, workspace_id, "s", passing, request)


async def test_a_session_that_is_not_there_has_no_pages(database: Database, workspace_id: str) -> None:
    page = await messages.page(database, workspace_id, "s", Predicate(), PageRequest())
    assert (page.items, page.total) == ([], 0)


async def test_pages_read_oldest_first_neither_repeat_nor_skip_while_others_write(
    database: Database, workspace_id: str
) -> None:
    writing = True

    async def write(writer: int) -> None:
        for turn in range(25):
            batch = [said(f"p{writer}", f"{turn}.{part}") for part in range(1 + turn % 4)]
            await messages.append(
                database, workspace_id=workspace_id, session_id="s", messages=batch, deployment=Deployment()
            )

    async def read() -> list[int]:
        found: list[int] = []
        while True:
            ended = not writing
            seqs = await _seqs(database, workspace_id, PageRequest(page=len(found) // 10 + 1, size=10))
            # A page that is not full yet is read again, from its beginning.
            found += seqs if len(seqs) == 10 or ended else []
            if ended and len(seqs) < 10:
                return found

    reading = [asyncio.create_task(read()) for _ in range(2)]
    await asyncio.gather(*(write(writer) for writer in range(4)))
    writing = False

    total = 4 * sum(1 + turn % 4 for turn in range(25))
    assert [await one for one in reading] == [list(range(1, total + 1))] * 2
