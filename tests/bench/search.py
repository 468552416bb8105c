"""Measures how well messages are found: `python -m tests.bench.search locomo.json`.

The conversations of a file in LoCoMo's published shape are written into workspaces of their own and embedded; then each
question that names its evidence is asked, and what is found among the first ten is counted. The verbs are those of the
service, in this process, on the Neo4j that `NEO4J_URI` names, or on one that is started for it and thrown away.
"""

import argparse
import asyncio
import re
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from app.api.searching import find_messages
from app.api.service import Service
from app.importers.locomo import read_locomo
from app.importers.turns import Turn
from app.settings import Settings, load
from graph.driver import Transaction
from graph.ids import new_id
from graph.recall.branches import Sought, by_meaning, by_words
from graph.store import messages, passages, work
from graph.store.messages import Deployment
from graph.types import NewMessage
from tests.bench.database import database
from workers.service import Service as Worker
from workers.service import open_service
from workers.steps.embedding import embed_messages

FIRST = 10
#: Questions of category 5 ask for what was never said.
ADVERSARIAL = 5
_EVIDENCE = re.compile(r"D\d+:\d+")


class Question(Struct, frozen=True):
    """What is asked, and the messages that hold the answer."""

    workspace_id: str
    text: str
    evidence: frozenset[str]
    category: int


class _Asked(Struct):
    question: str
    category: int
    evidence: list[str] = []


class _Sample(Struct):
    qa: list[_Asked]
    sample_id: str | int | None = None


async def write(worker: Worker, path: Path) -> list[Question]:
    """Store the conversations, and embed them.

    Returns:
        the questions that name evidence.
    """
    run = f"bench-{new_id()}"
    stored: dict[str, dict[str, str]] = defaultdict(dict)
    sessions: dict[tuple[str, str], list[Turn]] = defaultdict(list)
    with path.open("rb") as file:
        for entry in read_locomo(file):
            if not isinstance(entry, Turn):
                raise SystemExit(f"{path}: {entry}")
            sessions[entry.circle or "", entry.session].append(entry)
    for (sample, session_id), turns in sessions.items():
        for start in range(0, len(turns), 100):
            part = turns[start : start + 100]
            appended = await messages.append(
                worker.database,
                workspace_id=f"{run}-{sample}",
                session_id=session_id,
                messages=[_message(turn) for turn in part],
                deployment=Deployment(wait=timedelta(0)),
            )
            stored[sample] |= {
                str(turn.metadata["dia_id"]): said.id for turn, said in zip(part, appended.messages, strict=True)
            }
        await _embed(worker, passages.unit_key(f"{run}-{sample}", session_id))
    return _questions(path, run, list(stored), stored)


def _message(turn: Turn) -> NewMessage:
    return NewMessage(
        peer_id=turn.peer, content=turn.content, token_count=1, metadata=turn.metadata, created_at=turn.created_at
    )


async def _embed(worker: Worker, key: str) -> None:
    held = await work.lease(worker.database, key, 600)
    while held is not None and await embed_messages(worker, held):
        held = await work.renew(worker.database, held, 600)


def _questions(path: Path, run: str, samples: Sequence[str], stored: Mapping[str, Mapping[str, str]]) -> list[Question]:
    found: list[Question] = []
    for sample, name in zip(msgspec.json.decode(path.read_bytes(), type=list[_Sample]), samples, strict=True):
        for asked in sample.qa:
            named = _EVIDENCE.findall(" ".join(asked.evidence))
            evidence = frozenset(stored[name][turn] for turn in named if turn in stored[name])
            if evidence and asked.category != ADVERSARIAL:
                found.append(Question(f"{run}-{name}", asked.question, evidence, asked.category))
    return found


async def ask(service: Service, question: Question) -> dict[str, list[str]]:
    """The first ten messages by each branch alone, and by the service's own verb."""
    vector = await service.embedder.query(question.text)
    sought = Sought(text=question.text, limit=FIRST, vector=vector)

    async def alone(tx: Transaction) -> dict[str, list[str]]:
        words = await by_words(tx, question.workspace_id, sought, FIRST)
        meaning = await by_meaning(tx, question.workspace_id, sought, vector, FIRST, ())
        return {"words": [hit.id for hit in words], "meaning": [hit.id for hit in meaning[:FIRST]]}

    found = await find_messages(service, question.workspace_id, question.text, limit=FIRST)
    return {**await service.database.read(alone), "search": [message.id for message in found]}


async def measure(settings: Settings, path: Path, console: Console) -> None:
    """Write, ask and print."""
    async with _open(settings) as (service, worker):
        begun = time.perf_counter()
        questions = await write(worker, path)
        console.print(f"written and embedded in {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        answers = [await ask(service, question) for question in questions]
        each = (time.perf_counter() - begun) / max(1, len(questions))
        console.print(f"{len(questions)} questions, {each * 1000:.0f} ms each for three searches")
    table = Table("branch", "share", "any", "all", *(f"category {n}" for n in (1, 2, 3, 4)), title="Evidence at 10")
    for branch in ("words", "meaning", "search"):
        shares = [
            (question.category, len(question.evidence & set(answer[branch])) / len(question.evidence))
            for question, answer in zip(questions, answers, strict=True)
        ]
        columns = [_mean([share for _, share in shares]), _mean([float(share > 0) for _, share in shares])]
        columns.append(_mean([float(share == 1) for _, share in shares]))
        columns += [_mean([share for kind, share in shares if kind == category]) for category in (1, 2, 3, 4)]
        table.add_row(branch, *(f"{value:.3f}" for value in columns))
    console.print(table)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


@asynccontextmanager
async def _open(settings: Settings) -> AsyncGenerator[tuple[Service, Worker]]:
    worker = await open_service(settings)
    service = Service(settings)
    try:
        await service.open()
        yield service, worker
    finally:
        await service.close()
        await worker.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path, help="conversations in LoCoMo's published shape")
    chosen = parser.parse_args()
    with database() as environment:
        asyncio.run(measure(load(environment), chosen.file, Console()))


if __name__ == "__main__":
    main()
