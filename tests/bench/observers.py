"""Measures what observers cost: `python -m tests.bench.observers`.

The same messages are told to a scripted model in a session that 1, 4 or 10 peers observe besides those who talk. What
a model is asked, and what it is shown, must not grow with them: one extraction serves all, and so does one derivation.
Only what is written does. Tokens are counted as `tiktoken` counts what is sent and what comes back. The verbs are those
of the worker, in this process, on the Neo4j that `NEO4J_URI` names, or on one that is started for it and thrown away.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from app.models import tokens
from app.settings import load
from graph.ids import new_id
from graph.query import Predicate
from graph.store import conclusions, members, messages, runs
from graph.store.messages import Deployment
from graph.types import MemberConfiguration, NewMessage, PageRequest
from tests.bench.database import database
from tests.bench.load import SENTENCES
from tests.draining import drain
from tests.models.noting import claim, material
from tests.models.scripted import Call, Reply, Say, ScriptedServer
from workers.service import Service, open_service

OBSERVERS = (1, 4, 10)
MESSAGES = 100
#: Messages between which the workers come round.
TOGETHER = 10
SPEAKERS = ("ana", "ben")
_SESSION = "s"
_EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
_AT_ONCE = Deployment(wait=timedelta(0))


class Cost(Struct, frozen=True, kw_only=True):
    """What some messages cost.

    Attributes:
        observers: how many listen besides those who talk.
        calls: of the model, by step.
        tokens: sent and received, of all calls.
        conclusions: that are held in the end.
    """

    observers: int
    messages: int
    calls: Mapping[str, int]
    tokens: int
    conclusions: int
    seconds: float


async def measure(environment: Mapping[str, str], numbers: Sequence[int], said: int) -> list[Cost]:
    """Tell the same messages with each number of observers."""
    with ScriptedServer(attentive) as model:
        named = {**environment, "OPENAI_BASE_URL": model.url, "DOXA_LLM_MODEL": "scripted", "OPENAI_API_KEY": "none"}
        service = await open_service(load(named))
        try:
            return [await _told(service, number, said) for number in numbers]
        finally:
            await service.close()


async def _told(service: Service, observers: int, said: int) -> Cost:
    workspace_id = f"bench-{new_id()}"
    listening = {f"observer-{number}": MemberConfiguration(observe_others=True) for number in range(observers)}
    await members.add(service.database, workspace_id, _SESSION, listening)
    begun = time.perf_counter()
    for first in range(0, said, TOGETHER):
        await messages.append(
            service.database,
            workspace_id=workspace_id,
            session_id=_SESSION,
            messages=[_message(number) for number in range(first, min(said, first + TOGETHER))],
            deployment=_AT_ONCE,
        )
        await drain(service, workspace_id)
    seconds = time.perf_counter() - begun
    used = await runs.usage(service.database, workspace_id, *_EVER)
    page = await conclusions.page(service.database, workspace_id, Predicate(), PageRequest(size=1))
    return Cost(
        observers=observers,
        messages=said,
        calls={one.step: one.calls for one in used if one.calls},
        tokens=sum(one.prompt_tokens + one.completion_tokens for one in used),
        conclusions=page.total,
        seconds=seconds,
    )


def _message(number: int) -> NewMessage:
    content = SENTENCES[number % len(SENTENCES)].format(n=number)
    # Given, so that what the model is shown is the same each time.
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC) + timedelta(minutes=number)
    # All that is said in turns of two is statements of both.
    peer_id = SPEAKERS[number // 2 % len(SPEAKERS)]
    return NewMessage(peer_id=peer_id, content=content, token_count=tokens.count(content), metadata={}, created_at=at)


class _Known(Struct):
    id: str
    new: bool
    text: str


class _Grounds(Struct):
    subject: str
    known: list[_Known]


def attentive(call: Call) -> Reply:
    """A model that notes down whatever begins with "I", and infers one thing from it; its tokens are counted."""
    makers = {"propositions": _noted, "derivations": _inferred, "summary": _summed_up}
    said = json.dumps(makers[call.form](call) if call.form in makers else {"ready": True})
    words = "".join(text for _, text in call.messages)
    return Say(said, prompt_tokens=tokens.count(words), completion_tokens=tokens.count(said))


def _summed_up(call: Call) -> dict[str, object]:
    return {"summary": "They talked about their homes and their work."}


def _noted(call: Call) -> dict[str, object]:
    given = material(call)
    return {
        "propositions": [
            claim(f"{given.subject} {line.text.removeprefix('I ')}", [line.id], line.text)
            for line in given.messages
            if line.new and line.author == given.subject and line.text.startswith("I ")
        ]
    }


def _inferred(call: Call) -> dict[str, object]:
    given = msgspec.json.decode(call.messages[1][1], type=_Grounds)
    moved = [line.id for line in given.known if line.new and "Lisbon" in line.text]
    text = f"{given.subject} can be met in Lisbon."
    return {"conclusions": [{"text": text, "premises": [one], "kind": "deduction"} for one in moved[:1]]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=MESSAGES, help="how many are told each time")
    chosen = parser.parse_args()
    with database() as environment:
        found = asyncio.run(measure(environment, OBSERVERS, chosen.messages))
    steps = sorted({step for cost in found for step in cost.calls})
    table = Table("observers", "calls per 100 messages", *steps, "tokens a message", "conclusions", "seconds")
    for column in table.columns:
        column.justify = "right"
    for cost in found:
        table.add_row(
            str(cost.observers),
            f"{sum(cost.calls.values()) / cost.messages * 100:.0f}",
            *(str(cost.calls.get(step, 0)) for step in steps),
            f"{cost.tokens / cost.messages:.0f}",
            str(cost.conclusions),
            f"{cost.seconds:.1f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
