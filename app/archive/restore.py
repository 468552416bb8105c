"""Writes an archive into an empty store, or one workspace of it into a store that holds others."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.archive import rows as lines
from app.archive.container import Manifest, Reader, reading
from app.archive.errors import ArchiveFault
from app.archive.loading import PARTS, Part
from app.archive.renaming import Renaming
from app.archive.rows import Line, Tie
from app.archive.shaping import Loading
from app.archive.values import unpacked, vector_of
from app.importers.progress import Report
from app.models.embedders import Embedder
from cypher.migrations import migrations
from graph import archive_table as table
from graph import schema
from graph.driver import Database
from graph.names import check_new_name
from graph.store import archive_writing as store
from graph.store.archive_writing import Begun

#: How often it is said how far the checking has come, in lines.
_OFTEN = 1000


class Restored(Struct, frozen=True):
    """What was written by this call; an earlier one that was stopped may have written the rest.

    Attributes:
        vectors: whether the archive's vectors were taken over.
        counts: by title of the part; what was deleted as unsupported is under "checking proofs".
        workspaces: how many there are in the archive.
    """

    manifest: Manifest
    vectors: bool
    counts: dict[str, int]
    workspaces: int


async def restore(database: Database, path: Path, report: Report, embedder: Embedder) -> Restored:
    """Write an archive into an empty store; after an interruption the same call goes on.

    Args:
        database: it need not be migrated.
        path: the archive.
        report: hears how far it is.
        embedder: of the store. Vectors of another one are left out; then conclusions are embedded now, and messages by
            the workers.

    Raises:
        ArchiveFault: the archive is damaged or does not fit this version; nothing was written.
        Conflict: the store holds something; nothing was written.
        EmbeddingMismatch: the store was made for another embedder.
        ModelFault: the embedder failed.
        LeaseLost: somebody else has begun to write the archive.
        StoreFault: the database failed; what was written stays.
    """
    with reading(path) as archive:
        _check(archive, path, report)
        await schema.migrate(database)
        begun = await store.begin_store(database, archive.manifest.id)
        return await _write(database, archive, begun, Renaming(archive.manifest.id), report, embedder)


async def import_workspace(
    database: Database, path: Path, report: Report, embedder: Embedder, name: str | None = None
) -> tuple[str, Restored]:
    """Write an archive of one workspace into a store that may hold others; after an interruption the same call goes on.

    Args:
        database: as for `restore`; the service may run.
        path: the archive.
        report: hears how far it is.
        embedder: as for `restore`.
        name: what the workspace is called there, and then everything in it has new ids; None keeps name and ids.

    Returns:
        the workspace's name, and what was written.

    Raises:
        ArchiveFault: the archive is damaged, does not fit this version, or holds several workspaces.
        Conflict: there is such a workspace.
        Invalid: no workspace can have that name.
        EmbeddingMismatch, ModelFault, LeaseLost, StoreFault: as for `restore`.
    """
    with reading(path) as archive:
        _check(archive, path, report)
        names = [line.workspace for line in archive.lines("workspaces.jsonl", lines.Workspace)]
        if len(names) != 1:
            raise ArchiveFault(
                f"{path} holds {len(names)} workspaces: import takes one; `doxa restore` takes all into an empty store"
            )
        workspace_id = name or names[0]
        check_new_name("workspace", workspace_id)
        await schema.migrate(database)
        begun = await store.begin_workspace(database, archive.manifest.id, workspace_id)
        renaming = Renaming(archive.manifest.id, None if workspace_id == names[0] else workspace_id)
        return workspace_id, await _write(database, archive, begun, renaming, report, embedder)


async def _write(
    database: Database, archive: Reader, begun: Begun, renaming: Renaming, report: Report, embedder: Embedder
) -> Restored:
    manifest = archive.manifest
    await embedder.prepare()
    await schema.use_embedder(database, embedder.model, embedder.dimensions)
    theirs = manifest.embedder
    fits = theirs is not None and (theirs.model, theirs.dimensions) == (embedder.model, embedder.dimensions)
    if theirs is not None and not fits:
        report.say(
            f"The archive's vectors come from {theirs.model} ({theirs.dimensions} dimensions), this store's from "
            f"{embedder.model} ({embedder.dimensions}): they are left out. Conclusions are embedded anew now, messages "
            "by the workers when the service runs."
        )
    loading = Loading(renaming, fits, embedder)
    stage, done = _place(begun.position)
    counts: dict[str, int] = {}
    for number, part in enumerate(PARTS):
        if number >= stage:
            skip = done if number == stage else 0
            counts[part.title] = await _pass(database, archive, begun, loading, number, part, skip, report)
    await store.end(database, begun)
    return Restored(manifest, fits, counts, manifest.members["workspaces.jsonl"].lines)


async def _pass(
    database: Database,
    archive: Reader,
    begun: Begun,
    loading: Loading,
    number: int,
    part: Part,
    skip: int,
    report: Report,
) -> int:
    """Write one part from a line on, batch after batch; the sum of what the batches counted."""
    total, counted, done = archive.manifest.members[part.member].lines, 0, skip
    if total == 0:
        return 0
    with report.stage(part.title, total) as stage:
        stage.reached(done)
        for batch in part.batches(archive, skip):
            effect = await batch.prepare(loading)
            done += batch.lines
            counted += await store.part(database, begun, f"{number}:{done}", effect)
            stage.reached(done)
    return counted


def _place(position: str) -> tuple[int, int]:
    number, _, done = position.partition(":")
    return (int(number), int(done)) if done else (0, 0)


def _check(archive: Reader, path: Path, report: Report) -> None:
    """Read the whole archive before anything is written.

    Raises:
        ArchiveFault: it is damaged, or holds what this version does not know.
    """
    known = migrations()[-1].version
    if archive.manifest.schema > known:
        raise ArchiveFault(
            f"{path} comes from a later version of Doxa (schema {archive.manifest.schema:04d}, this one knows "
            f"{known:04d}): restore it with that version"
        )
    total = sum(member.lines for member in archive.manifest.members.values())
    with report.stage("checking the archive", total) as stage:
        for done, line in enumerate(archive.check(), start=1):
            try:
                _check_line(line)
            except ArchiveFault as fault:
                raise ArchiveFault(f"{path}: {fault.detail}") from fault
            if done % _OFTEN == 0:
                stage.reached(done)


def _check_line(line: Line) -> None:
    match line:
        case lines.Peer():
            _check_node("Peer", line.labels, line.properties)
            _check_ties("Peer", line.outward, outward=True)
        case lines.Session():
            _check_node("Session", line.labels, line.properties)
            _check_ties("Session", line.inward, outward=False)
            for one in line.summaries:
                _check_summary(one)
        case lines.Message():
            _check_node("Message", line.labels, line.properties)
            vector_of(line.vector)
            for piece in line.pieces:
                _check_node("Piece", piece.labels, piece.properties)
                vector_of(piece.vector)
        case lines.Conclusion():
            _check_node("Conclusion", line.labels, line.properties)
            _check_ties("Conclusion", line.outward, outward=True)
            _check_ties("Conclusion", line.inward, outward=False)
            vector_of(line.vector)
        case lines.Run():
            _check_node("Run", line.labels, line.properties)
        case lines.Webhook():
            _check_node("Webhook", line.labels, line.properties)
        case lines.Workspace() | lines.View() | lines.Unit():
            unpacked(line.properties)
        case _:
            raise ArchiveFault(f"there is no line of the kind {type(line).__name__}")


def _check_summary(one: lines.Summary) -> None:
    _check_node("Summary", one.labels, one.properties)
    _check_ties("Session", [Tie(one.type, "Summary", "", one.edge)], outward=True)
    _check_ties("Summary", one.outward, outward=True)
    _check_ties("Summary", one.inward, outward=False)


def _check_node(own: str, labels: list[str], properties: lines.Properties) -> None:
    # Labels and types become names in the store: only those of the closed table may.
    if table.node(labels) != own:
        raise ArchiveFault(f"a node with the labels {', '.join(labels)} is none that this version knows")
    unpacked(properties)


def _check_ties(own: str, ties: Sequence[Tie], *, outward: bool) -> None:
    for tie in ties:
        ends = (own, tie.node) if outward else (tie.node, own)
        if not table.joins(tie.type, *ends):
            raise ArchiveFault(f"a {tie.type} from {ends[0]} to {ends[1]} is none that this version knows")
        unpacked(tie.properties)
