"""What an archive carries of the graph: the closed list of labels and relationship types.

Properties are carried as they are, whatever their names. A label or a type that is not here is refused when an archive
is written or read, so that nothing is left out in silence; a test compares this table with what the files in `cypher/`
speak of. Whoever adds a node or a relationship adds a line here, and, if it hangs on something that no query in
`cypher/archive/` walks from, a query there.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

#: Nodes, and the labels that may stand beside each one's own.
LABELS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Workspace": frozenset(),
        "Peer": frozenset({"Scope"}),
        "Session": frozenset(),
        "Message": frozenset({"Passage"}),
        "Piece": frozenset({"Passage"}),
        "Conclusion": frozenset({"Held"}),
        "Summary": frozenset(),
        "Run": frozenset(),
        "Webhook": frozenset(),
        "Work": frozenset(),
    }
)

#: Labels that a node has instead of its own for a while: what was retracted is no message until it is restored.
INSTEAD: Mapping[str, str] = MappingProxyType({"Retracted": "Message"})

#: Nodes that belong to the database and not to what is stored in it: how its schema came to be, which requests it has
#: answered, and what was erased from it.
LEFT_OUT = frozenset({"Schema", "Migration", "IdempotencyKey", "Receipt"})

#: Which ends a relationship may join: from, to.
Ends = tuple[str, str]
RELATIONSHIPS: Mapping[str, frozenset[Ends]] = MappingProxyType(
    {
        "IN_WORKSPACE": frozenset({("Peer", "Workspace"), ("Session", "Workspace")}),
        "SENT": frozenset({("Peer", "Message")}),
        "IN_SESSION": frozenset({("Message", "Session")}),
        "PIECE_OF": frozenset({("Piece", "Message")}),
        "MEMBER_OF": frozenset({("Peer", "Session")}),
        "VIEWS": frozenset({("Peer", "Peer")}),
        "HOLDS": frozenset({("Peer", "Conclusion")}),
        "ABOUT": frozenset({("Conclusion", "Peer")}),
        "DERIVED_FROM": frozenset({("Conclusion", "Message"), ("Conclusion", "Conclusion")}),
        "COPIED_FROM": frozenset({("Conclusion", "Conclusion")}),
        "PRODUCED": frozenset({("Run", "Conclusion"), ("Run", "Summary")}),
        "SUMMARISED_BY": frozenset({("Session", "Summary"), ("Summary", "Message")}),
        "COVERS": frozenset({("Summary", "Message")}),
        "CONTRADICTS": frozenset({("Conclusion", "Conclusion")}),
        "SUPERSEDES": frozenset({("Conclusion", "Conclusion")}),
        "MERGED_INTO": frozenset({("Conclusion", "Conclusion")}),
    }
)

#: What becomes of a property when a workspace is imported under another name: an id, several ids a space apart, or the
#: workspace's name. Other properties stay as they are.
Renamed = Literal["id", "ids", "workspace"]
RENAMED: Mapping[str, Renamed] = MappingProxyType(
    {
        "uid": "id",
        "source_ids": "id",
        "message_id": "id",
        "message_ids": "id",
        "conclusion_id": "id",
        "conclusion_ids": "id",
        "webhook_id": "id",
        "dream_left_ids": "id",
        "run_id": "id",
        "card_rests": "ids",
        "workspace_id": "workspace",
    }
)
#: Nodes whose `id` is unique in the whole store; others are named inside their workspace.
WITH_IDS = frozenset({"Message", "Conclusion", "Summary", "Run", "Webhook"})
#: Names inside a workspace: they stay, since the workspace keeps them apart.
NAMES = frozenset({"session_id", "peer_id", "observer_id", "observed_id", "observer_ids", "observed_ids"})

#: Kinds of work that an archive does not carry: what is being deleted is left out, and an archive is not archived.
WORK_LEFT_OUT = frozenset({"deletion", "archive"})
#: The kind whose units are read together with what was concluded.
REASONING = "reasoning"
#: What dreams note on their units, which names conclusions inside its text: in a copy they would be others.
NOTED = ("progress", "report", "reported_at")
#: What is left out of a unit: it is not due and held by nobody until it is restored, and the traces that led to it are
#: those of the deployment that it comes from.
UNIT_LEFT_OUT = ("due_at", "lease_token", "lease_until", "led_by")
#: Kinds that are made due by what a restored session needs, whatever the archive says of them.
SETTLED = frozenset({"reasoning", "embedding", "scope"})


def node(labels: list[str]) -> str | None:
    """The one label of a node that says what it is; None for what an archive does not know."""
    plain = [INSTEAD.get(label, label) for label in labels]
    own = [label for label in plain if label in LABELS]
    return own[0] if len(own) == 1 and LABELS[own[0]].issuperset(set(plain) - {own[0]}) else None


def joins(kind: str, start: str, end: str) -> bool:
    """Whether a relationship of that type may lead from one node to another."""
    return (start, end) in RELATIONSHIPS.get(kind, frozenset())


#: Where the workspace stands in the key of a unit of work, for kinds that name something else before it.
WORKSPACE_IN_KEY: Mapping[str, int] = MappingProxyType({"dream": 2})
