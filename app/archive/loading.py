"""The parts in which an archive is written into a store: what each line becomes, in which order."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from msgspec import Struct

from app.archive import rows as lines
from app.archive.container import Reader, in_batches
from app.archive.rows import Line
from app.archive.shaping import Loading, message_row, node_row, summary_row, tie_row, unit_rows
from app.archive.values import vector_of
from graph import archive_table as table
from graph.driver import Transaction
from graph.perspective import perspective
from graph.store import archive_writing as store

L = TypeVar("L", bound=Line)
T = TypeVar("T")

#: Writes a batch; how many of its things count for the stage.
Effect = Callable[[Transaction], Awaitable[int]]


class Batch(Struct, frozen=True):
    """Lines of one transaction: how many, and what makes their effect; what takes long is done before it begins."""

    lines: int
    prepare: Callable[[Loading], Awaitable[Effect]]


class Part(Struct, frozen=True):
    """One pass over a member.

    Attributes:
        title: what it does, for whoever watches.
        batches: reads them from an archive, after so many lines.
    """

    title: str
    member: str
    batches: Callable[[Reader, int], Iterator[Batch]]


def _part(
    title: str, member: str, kind: type[L], size: int, prepare: Callable[[Loading, Sequence[L]], Awaitable[Effect]]
) -> Part:
    def batches(archive: Reader, skip: int) -> Iterator[Batch]:
        for some in in_batches(islice(archive.lines(member, kind), skip, None), size):
            yield Batch(len(some), lambda loading, some=some: prepare(loading, some))

    return Part(title, member, batches)


async def _workspaces(loading: Loading, batch: Sequence[lines.Workspace]) -> Effect:
    async def effect(tx: Transaction) -> int:
        for line in batch:
            name = loading.renaming.workspace(line.workspace)
            await store.workspace(tx, name, loading.renaming.node("Workspace", line.properties))
        return len(batch)

    return effect


async def _peers(loading: Loading, batch: Sequence[lines.Peer]) -> Effect:
    return _per_workspace(loading, batch, lambda line: [node_row(loading, "Peer", line.labels, line)], store.peers)


async def _peer_ties(loading: Loading, batch: Sequence[lines.Peer]) -> Effect:
    def rows(line: lines.Peer) -> list[dict[str, object]]:
        return [tie_row(loading, str(line.properties["id"]), tie) for tie in line.outward]

    return _per_workspace(loading, batch, rows, store.peer_ties)


async def _sessions(loading: Loading, batch: Sequence[lines.Session]) -> Effect:
    async def effect(tx: Transaction) -> int:
        for name, some in _by_workspace(loading, batch):
            nodes = [node_row(loading, "Session", line.labels, line) for line in some]
            members = [tie_row(loading, str(line.properties["id"]), tie) for line in some for tie in line.inward]
            await store.sessions(tx, name, nodes, members)
        return len(batch)

    return effect


async def _messages(loading: Loading, batch: Sequence[lines.Message]) -> Effect:
    groups = _grouped(batch, lambda line: (loading.renaming.workspace(line.workspace), _session(line)))
    rows = {group: [message_row(loading, line) for line in some] for group, some in groups.items()}

    async def effect(tx: Transaction) -> int:
        for (name, session_id), some in rows.items():
            await store.messages(tx, name, session_id, some)
        return len(batch)

    return effect


async def _summaries(loading: Loading, batch: Sequence[lines.Session]) -> Effect:
    async def effect(tx: Transaction) -> int:
        for line in batch:
            if line.summaries:
                name = loading.renaming.workspace(line.workspace)
                rows = [summary_row(loading, one) for one in line.summaries]
                await store.summaries(tx, name, str(line.properties["id"]), rows)
        return sum(len(line.summaries) for line in batch)

    return effect


async def _runs(loading: Loading, batch: Sequence[lines.Run]) -> Effect:
    return _per_workspace(loading, batch, lambda line: [node_row(loading, "Run", line.labels, line)], store.runs)


async def _conclusions(loading: Loading, batch: Sequence[lines.Conclusion]) -> Effect:
    vectors = [vector_of(line.vector) if loading.vectors else None for line in batch]
    missing = [place for place, vector in enumerate(vectors) if vector is None]
    if missing:
        texts = [str(batch[place].properties["content"]) for place in missing]
        for place, vector in zip(missing, await loading.embedder.passages(texts), strict=True):
            vectors[place] = vector
    rows = {
        id(line): {
            **node_row(loading, "Conclusion", line.labels, line),
            "session_uid": loading.renaming.uid(line.session_uid),
            "vector": vector,
        }
        for line, vector in zip(batch, vectors, strict=True)
    }
    return _per_workspace(loading, batch, lambda line: [rows[id(line)]], store.conclusions)


async def _conclusion_ties(loading: Loading, batch: Sequence[lines.Conclusion]) -> Effect:
    groups: dict[tuple[str, str, bool], list[dict[str, object]]] = {}
    for line in batch:
        name = loading.renaming.workspace(line.workspace)
        own = loading.renaming.id(str(line.properties["id"]))
        for ties, outward in ((line.outward, True), (line.inward, False)):
            for tie in ties:
                groups.setdefault((name, tie.node, outward), []).append(tie_row(loading, own, tie))

    async def effect(tx: Transaction) -> int:
        for (name, other, outward), rows in groups.items():
            await store.conclusion_ties(tx, name, other, outward, rows)
        return sum(len(rows) for rows in groups.values())

    return effect


async def _unsupported(loading: Loading, batch: Sequence[lines.Conclusion]) -> Effect:
    return _per_ids(loading, batch, store.unsupported)


async def _barren(loading: Loading, batch: Sequence[lines.Run]) -> Effect:
    return _per_ids(loading, batch, store.barren)


async def _views(loading: Loading, batch: Sequence[lines.View]) -> Effect:
    def rows(line: lines.View) -> list[dict[str, object]]:
        name = loading.renaming.workspace(line.workspace)
        return [
            {
                "observer_id": line.observer,
                "observed_id": line.observed,
                "perspective": perspective(name, line.observer, line.observed),
                "properties": loading.renaming.edge(line.properties),
            }
        ]

    return _per_workspace(loading, batch, rows, store.views)


async def _webhooks(loading: Loading, batch: Sequence[lines.Webhook]) -> Effect:
    return _per_workspace(
        loading, batch, lambda line: [node_row(loading, "Webhook", line.labels, line)], store.webhooks
    )


async def _units(loading: Loading, batch: Sequence[lines.Unit]) -> Effect:
    return _per_workspace(loading, batch, lambda line: unit_rows(loading, line), store.units)


async def _settle(loading: Loading, batch: Sequence[lines.Session]) -> Effect:
    async def effect(tx: Transaction) -> int:
        pending = 0
        for line in batch:
            name = loading.renaming.workspace(line.workspace)
            pending += await store.settle(tx, name, str(line.properties["id"]))
        return pending

    return effect


async def _wake(loading: Loading, batch: Sequence[lines.Unit]) -> Effect:
    async def effect(tx: Transaction) -> int:
        for name, some in _by_workspace(loading, batch):
            waiting = [line for line in some if line.properties["kind"] not in table.SETTLED]
            await store.wake(tx, name, [loading.renaming.key(line.properties) for line in waiting])
        return 0

    return effect


PARTS: tuple[Part, ...] = (
    _part("workspaces", "workspaces.jsonl", lines.Workspace, 500, _workspaces),
    _part("peers", "peers.jsonl", lines.Peer, 500, _peers),
    _part("ties of peers", "peers.jsonl", lines.Peer, 500, _peer_ties),
    _part("sessions", "sessions.jsonl", lines.Session, 200, _sessions),
    _part("messages", "messages.jsonl", lines.Message, 200, _messages),
    _part("runs", "runs.jsonl", lines.Run, 500, _runs),
    _part("summaries", "sessions.jsonl", lines.Session, 200, _summaries),
    _part("conclusions", "conclusions.jsonl", lines.Conclusion, 200, _conclusions),
    _part("proofs", "conclusions.jsonl", lines.Conclusion, 200, _conclusion_ties),
    _part("checking proofs", "conclusions.jsonl", lines.Conclusion, 500, _unsupported),
    _part("checking runs", "runs.jsonl", lines.Run, 500, _barren),
    _part("views", "views.jsonl", lines.View, 200, _views),
    _part("webhooks", "webhooks.jsonl", lines.Webhook, 500, _webhooks),
    _part("work", "units.jsonl", lines.Unit, 500, _units),
    _part("cursors", "cursors.jsonl", lines.Unit, 500, _units),
    # Only now, when all is there, may anybody write to a session or reason over it.
    _part("putting sessions into use", "sessions.jsonl", lines.Session, 20, _settle),
    _part("putting work into use", "units.jsonl", lines.Unit, 500, _wake),
)
"""In this order: what a thing is tied to is there before it."""


def _session(line: lines.Message) -> str:
    return str(line.properties["session_id"])


def _per_workspace(
    loading: Loading,
    batch: Sequence[L],
    rows: Callable[[L], list[dict[str, object]]],
    put: Callable[[Transaction, str, store.Rows], Awaitable[None]],
) -> Effect:
    groups = [(name, [row for line in some for row in rows(line)]) for name, some in _by_workspace(loading, batch)]

    async def effect(tx: Transaction) -> int:
        for name, some in groups:
            if some:
                await put(tx, name, some)
        return len(batch)

    return effect


def _per_ids(
    loading: Loading,
    batch: Sequence[lines.Conclusion] | Sequence[lines.Run],
    delete: Callable[[Transaction, str, Sequence[str]], Awaitable[int]],
) -> Effect:
    groups = [
        (name, [loading.renaming.id(str(line.properties["id"])) for line in some])
        for name, some in _by_workspace(loading, batch)
    ]

    async def effect(tx: Transaction) -> int:
        return sum([await delete(tx, name, ids) for name, ids in groups])

    return effect


def _by_workspace(loading: Loading, batch: Sequence[L]) -> Iterable[tuple[str, list[L]]]:
    return _grouped(batch, lambda line: loading.renaming.workspace(line.workspace)).items()


def _grouped(batch: Sequence[L], key: Callable[[L], T]) -> Mapping[T, list[L]]:
    groups: dict[T, list[L]] = {}
    for line in batch:
        groups.setdefault(key(line), []).append(line)
    return groups
