"""Writes all that is stored, or one workspace, into an archive while the service goes on.

The order of the parts is what makes the archive agree with itself (`docs/backup.md`): units of work, then what is held
about each peer with the cursors of its units, then sessions with their messages, then peers, runs and workspaces.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

import msgspec

from app.archive import container
from app.archive.container import Embedder, Manifest, Writer
from app.archive.errors import ArchiveFault
from app.archive.rows import (
    Conclusion,
    Message,
    Peer,
    Piece,
    Properties,
    Run,
    Session,
    Summary,
    Tie,
    Unit,
    View,
    Webhook,
    Workspace,
)
from app.archive.spool import Spool
from app.archive.values import packed, vector_text
from app.importers.progress import Report, Stage
from cypher.migrations import migrations
from graph import archive_table as table
from graph.driver import Database
from graph.errors import NotFound
from graph.ids import new_id
from graph.queries.archive_reading import Edge, HeldRow, MessageRow, SessionRow, SummaryPart
from graph.store import archive_reading as store

#: Conclusions whose vectors are read at once.
BATCH = 500


async def write_archive(database: Database, path: Path, report: Report, workspace_id: str | None = None) -> Manifest:
    """Write an archive of a store, or of one workspace of it.

    Args:
        database: a migrated database; others may write meanwhile.
        path: the file; it must not exist, and appears when it is complete.
        report: hears how far it is.
        workspace_id: the workspace; None for all of them.

    Raises:
        ArchiveFault: the file exists or cannot be written, or something is stored that no archive can hold.
        NotFound: there is no such workspace, or it is being deleted.
        StoreFault: the database did not do its part.
    """
    started_at = datetime.now(UTC)
    if workspace_id is None:
        wanted = await store.workspaces(database)
    elif await store.workspace(database, workspace_id) is None:
        raise NotFound(f"Workspace {workspace_id} not found")
    else:
        wanted = [workspace_id]
    embedded = await store.embedded(database)
    with container.writing(path) as writer:
        await _Backup(database, writer, report, wanted, started_at).write()
        manifest = Manifest(
            format=container.FORMAT,
            version=container.VERSION,
            id=new_id(),
            workspace=workspace_id,
            doxa=_version(),
            schema=migrations()[-1].version,
            embedder=None if embedded is None else Embedder(embedded.model, embedded.dimensions),
            started_at=started_at,
            finished_at=datetime.now(UTC),
            members=writer.members,
        )
        writer.manifest(manifest)
    return manifest


class _Backup:
    """One archive while it is written."""

    def __init__(
        self, database: Database, writer: Writer, report: Report, workspaces: Sequence[str], started_at: datetime
    ) -> None:
        self._database, self._writer, self._report = database, writer, report
        self._workspaces, self._wanted = workspaces, frozenset(workspaces)
        self._started_at = started_at

    async def write(self) -> None:
        """Write all members, in the order that makes them agree."""
        await self._units()
        await self._conclusions()
        await self._sessions()
        await self._peers()
        await self._runs()
        await self._webhooks()
        await self._last()

    async def _units(self) -> None:
        with self._report.stage("work", 0) as stage, self._writer.lines("units.jsonl") as lines:
            async for row in store.units(self._database):
                # What is reasoned over is read with what came of it.
                left_out = row.kind == table.REASONING or row.kind in table.WORK_LEFT_OUT
                if row.workspace_id is not None and row.workspace_id in self._wanted and not left_out:
                    lines.write(
                        Unit(
                            workspace=row.workspace_id,
                            properties=_unit(row.properties),
                            session_uid=row.session_uid,
                        )
                    )
                    stage.reached(lines.count, lines.count)

    async def _conclusions(self) -> None:
        with Spool(Unit) as cursors, Spool(View) as views:
            with self._report.stage("conclusions", 0) as stage, self._writer.lines("conclusions.jsonl") as lines:
                for workspace_id in self._workspaces:
                    async for peer in store.peers(self._database, workspace_id):
                        await self._about(workspace_id, peer.id, cursors, views, lines, stage)
            with self._writer.lines("cursors.jsonl") as lines:
                for unit in cursors.lines():
                    lines.write(unit)
            with self._writer.lines("views.jsonl") as lines:
                for view in views.lines():
                    lines.write(view)

    async def _about(
        self,
        workspace_id: str,
        peer_id: str,
        cursors: Spool[Unit],
        views: Spool[View],
        lines: container.MemberWriter,
        stage: Stage,
    ) -> None:
        with Spool(Conclusion) as held:
            found = await store.about(
                self._database, workspace_id, peer_id, held.clear, lambda row: held.add(_conclusion(workspace_id, row))
            )
            for unit in found[0]:
                properties = _unit(unit.properties)
                cursors.add(Unit(workspace=workspace_id, properties=properties, session_uid=unit.session_uid))
            for view in found[1]:
                properties = packed({**view.properties, "locked_at": None})
                views.add(
                    View(workspace=workspace_id, observer=view.observer_id, observed=peer_id, properties=properties)
                )
            # A text's vector does not change: they are many bytes, and are read when nobody waits any more.
            waiting = held.lines()
            while batch := list(islice(waiting, BATCH)):
                vectors = await store.vectors(self._database, workspace_id, [_id(one.properties) for one in batch])
                for one in batch:
                    vector = vector_text(vectors.get(_id(one.properties)))
                    lines.write(msgspec.structs.replace(one, vector=vector))
                stage.reached(lines.count, lines.count)

    async def _sessions(self) -> None:
        with Spool(Session) as sessions:
            with self._report.stage("messages", 0) as stage, self._writer.lines("messages.jsonl") as lines:
                for workspace_id in self._workspaces:
                    async for session_id in store.sessions(self._database, workspace_id):
                        await self._session(workspace_id, session_id, sessions, lines, stage)
            with self._writer.lines("sessions.jsonl") as lines:
                for session in sessions.lines():
                    lines.write(session)

    async def _session(
        self,
        workspace_id: str,
        session_id: str,
        sessions: Spool[Session],
        lines: container.MemberWriter,
        stage: Stage,
    ) -> None:
        before = await store.session(self._database, workspace_id, session_id)
        if before is None:
            return
        async for message in store.messages(self._database, workspace_id, session_id, before.seq):
            lines.write(_message(workspace_id, message))
            stage.reached(lines.count, lines.count)
        after = await store.session(self._database, workspace_id, session_id)
        # One that began to be deleted meanwhile may have been read in part: without its own line no store takes it.
        if after is not None and after.uid == before.uid:
            sessions.add(_session(workspace_id, before))

    async def _peers(self) -> None:
        with self._report.stage("peers", 0) as stage, self._writer.lines("peers.jsonl") as lines:
            for workspace_id in self._workspaces:
                async for peer in store.peers(self._database, workspace_id):
                    lines.write(
                        Peer(
                            workspace=workspace_id,
                            labels=_labels("Peer", peer.labels),
                            properties=packed(peer.properties),
                            outward=_ties("Peer", peer.outward, outward=True),
                        )
                    )
                    stage.reached(lines.count, lines.count)

    async def _runs(self) -> None:
        with self._report.stage("runs", 0) as stage, self._writer.lines("runs.jsonl") as lines:
            async for run in store.runs(self._database):
                # One that ended later and concluded nothing is of words that wait to be reasoned over in the archive.
                ended = run.properties.get("finished_at")
                early = isinstance(ended, datetime) and ended < self._started_at
                if run.workspace_id in self._wanted and (run.fruitful or early):
                    labels = _labels("Run", run.labels)
                    lines.write(Run(workspace=run.workspace_id, labels=labels, properties=packed(run.properties)))
                    stage.reached(lines.count, lines.count)

    async def _webhooks(self) -> None:
        with self._writer.lines("webhooks.jsonl") as lines:
            for workspace_id in self._workspaces:
                async for hook in store.webhooks(self._database, workspace_id):
                    labels = _labels("Webhook", hook.labels)
                    lines.write(Webhook(workspace=workspace_id, labels=labels, properties=packed(hook.properties)))

    async def _last(self) -> None:
        """The workspaces that are still there: what was read of others is taken by no store."""
        with self._writer.lines("workspaces.jsonl") as lines:
            for workspace_id in self._workspaces:
                found = await store.workspace(self._database, workspace_id)
                if found is not None:
                    lines.write(Workspace(workspace=workspace_id, properties=packed(found.properties)))


def _unit(properties: Properties) -> Properties:
    """A unit as it will be when nobody holds it."""
    return packed({**properties, **dict.fromkeys(table.UNIT_LEFT_OUT)})


def _conclusion(workspace_id: str, row: HeldRow) -> Conclusion:
    return Conclusion(
        workspace=workspace_id,
        labels=_labels("Conclusion", row.labels),
        properties=packed(row.properties),
        session_uid=row.session_uid,
        outward=_ties("Conclusion", row.outward, outward=True),
        inward=_ties("Conclusion", row.inward, outward=False),
    )


def _message(workspace_id: str, row: MessageRow) -> Message:
    return Message(
        workspace=workspace_id,
        labels=_labels("Message", row.labels),
        properties=packed(row.properties),
        senders=row.senders,
        vector=vector_text(row.vector),
        pieces=[
            Piece(labels=_labels("Piece", piece.labels), properties=packed(piece.properties), vector=vector)
            for piece in row.pieces
            if (vector := vector_text(piece.vector)) is not None
        ],
    )


def _session(workspace_id: str, row: SessionRow) -> Session:
    return Session(
        workspace=workspace_id,
        labels=_labels("Session", row.labels),
        properties=packed({**row.properties, "locked_at": None}),
        inward=_ties("Session", row.inward, outward=False),
        summaries=[_summary(part) for part in row.summaries],
    )


def _summary(part: SummaryPart) -> Summary:
    return Summary(
        type=part.type,
        edge=packed(part.edge),
        labels=_labels("Summary", part.labels),
        properties=packed(part.properties),
        outward=_ties("Summary", part.outward, outward=True),
        inward=_ties("Summary", part.inward, outward=False),
    )


def _labels(own: str, labels: list[str]) -> list[str]:
    if table.node(labels) != own:
        raise ArchiveFault(f"a node with the labels {', '.join(sorted(labels))} is stored, which no archive knows")
    return sorted(labels)


def _ties(own: str, edges: Sequence[Edge], *, outward: bool) -> list[Tie]:
    ties: list[Tie] = []
    for edge in edges:
        other = table.node(edge.labels) or "?"
        ends = (own, other) if outward else (other, own)
        if not table.joins(edge.type, *ends) or edge.id is None:
            raise ArchiveFault(f"a {edge.type} from {ends[0]} to {ends[1]} is stored, which no archive knows")
        ties.append(Tie(edge.type, other, edge.id, packed(edge.properties)))
    return ties


def _id(properties: Properties) -> str:
    return str(properties["id"])


def _version() -> str:
    try:
        return version("doxa")
    except PackageNotFoundError:
        return "?"
