"""Concludes what a test says was said, with chosen vectors and slots, through the commit that workers use."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from graph.driver import Database
from graph.ids import new_id
from graph.store import messages, work
from graph.store.dream_timer import Ripeness
from graph.store.messages import Deployment
from graph.types import Filled, Lasting, Message, NewConclusion, NewMessage, Run
from tests.graph.conftest import vector

#: Cosine from which texts may merge here.
ALIKE = 0.98


class Fact(Struct, frozen=True, kw_only=True):
    """One statement of `ann`, said in its own message; what is called the same has the same direction."""

    content: str
    said_at: datetime
    filled: Filled | None = None
    about_at: datetime | None = None
    lasting: Lasting = "lasting"
    vector: Sequence[float] = ()
    observers: Sequence[str] = ("ann",)


def fills(slot: str, value: str, *, exclusive: bool = True, negated: bool = False) -> Filled:
    return Filled(slot=slot, value=value, exclusive=exclusive, negated=negated)


def run_of(step: str = "reasoning") -> Run:
    now = datetime.now(UTC)
    return Run(
        id=new_id(),
        step=step,
        model="test",
        prompt_hash="0",
        prompt_tokens=0,
        completion_tokens=0,
        started_at=now,
        finished_at=now,
        outcome="concluded",
        dropped={},
    )


async def say(database: Database, workspace_id: str, session_id: str, *facts: Fact) -> Sequence[Message]:
    """Store the messages; nothing is concluded yet."""
    said = [
        NewMessage(peer_id="ann", content=fact.content, token_count=5, metadata={}, created_at=fact.said_at)
        for fact in facts
    ]
    appended = await messages.append(
        database,
        workspace_id=workspace_id,
        session_id=session_id,
        messages=said,
        deployment=Deployment(wait=timedelta(0)),
    )
    return appended.messages


async def commit(
    database: Database,
    workspace_id: str,
    session_id: str,
    said: Sequence[Message],
    facts: Sequence[Fact],
    ripeness: Ripeness | None = None,
) -> None:
    """Conclude the facts from their messages as one batch, as a worker does."""
    held = await work.lease(database, f"reasoning/{workspace_id}/{session_id}/ann", 60)
    assert held is not None
    effect = work.Effect(
        cursor=said[-1].seq,
        messages=len(said),
        tokens=5 * len(said),
        run=run_of(),
        conclusions=[
            NewConclusion(
                content=fact.content,
                observer_id=observer_id,
                observed_id="ann",
                session_id=session_id,
                message_ids=[message.id],
                quotes=[message.content],
                observed_at=message.created_at,
                embedding=fact.vector or vector(1.0),
                about_at=fact.about_at,
                filled=fact.filled,
                lasting=fact.lasting,
            )
            for message, fact in zip(said, facts, strict=True)
            for observer_id in fact.observers
        ],
        merge_similarity=ALIKE,
        ripeness=ripeness,
    )
    assert not await work.commit(database, held, effect, 60)


async def tell(
    database: Database, workspace_id: str, *facts: Fact, session_id: str = "s", ripeness: Ripeness | None = None
) -> Sequence[Message]:
    """Let `ann` say the facts and conclude them."""
    said = await say(database, workspace_id, session_id, *facts)
    await commit(database, workspace_id, session_id, said, facts, ripeness)
    return said
