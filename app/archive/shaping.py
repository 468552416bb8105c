"""What the lines of an archive are to the queries that write them: one map per node or relationship."""

from msgspec import Struct

from app.archive import rows as lines
from app.archive.renaming import Renaming
from app.archive.rows import Tie
from app.archive.values import vector_of
from app.models.embedders import Embedder
from graph import archive_table as table


class Loading(Struct, frozen=True):
    """What the parts need to know.

    Attributes:
        vectors: whether the archive's vectors are the store's embedder's own; if not, none is taken over.
        embedder: embeds conclusions that come without a vector.
    """

    renaming: Renaming
    vectors: bool
    embedder: Embedder


#: Lines that are a node with labels.
Labelled = lines.Peer | lines.Session | lines.Message | lines.Run | lines.Conclusion | lines.Webhook


def node_row(loading: Loading, label: str, labels: list[str], line: Labelled) -> dict[str, object]:
    """A node."""
    return {"labels": labels, "properties": loading.renaming.node(label, line.properties)}


def tie_row(loading: Loading, own_id: str, tie: Tie) -> dict[str, object]:
    """A relationship, seen from the node with that id."""
    return {
        "id": own_id,
        "other_id": loading.renaming.other(tie),
        "type": tie.type,
        "properties": loading.renaming.edge(tie.properties),
    }


def message_row(loading: Loading, line: lines.Message) -> dict[str, object]:
    """A message with its senders, its vector and its pieces."""
    pieces = [
        {
            "labels": piece.labels,
            "properties": loading.renaming.node("Piece", piece.properties),
            "vector": vector_of(piece.vector),
        }
        for piece in (line.pieces if loading.vectors else ())
    ]
    return {
        # The label says that there is a vector.
        "labels": line.labels if loading.vectors else [label for label in line.labels if label != "Passage"],
        "properties": loading.renaming.node("Message", line.properties),
        "senders": list(line.senders),
        "vector": vector_of(line.vector) if loading.vectors else None,
        "pieces": pieces,
    }


def summary_row(loading: Loading, one: lines.Summary) -> dict[str, object]:
    """A summary with what it is tied to."""
    own = loading.renaming.node("Summary", one.properties)
    return {
        "type": one.type,
        "edge": loading.renaming.edge(one.edge),
        "labels": one.labels,
        "properties": own,
        "messages": [tie_row(loading, "", tie) for tie in one.outward],
        "runs": [tie_row(loading, "", tie) for tie in one.inward],
    }


def unit_rows(loading: Loading, line: lines.Unit) -> list[dict[str, object]]:
    """A unit of work; none of a kind that a copy does not go on with."""
    kind = line.properties["kind"]
    if kind == "webhook" and loading.renaming.workspace_id is not None:
        # What happened in a workspace is not told again in the name of its copy.
        return []
    properties = loading.renaming.node("Work", line.properties)
    for noted in table.NOTED:
        properties.pop(noted, None)
    if kind == table.REASONING:
        # What is pending is counted anew among the messages that are there.
        properties |= {"pending": 0, "pending_tokens": 0}
    if not loading.vectors:
        properties.pop("embedded_seq", None)
    return [{"properties": properties, "session_uid": loading.renaming.uid(line.session_uid)}]
