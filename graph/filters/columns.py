"""What may be filtered by, per resource: the closed list that every property name in a predicate comes from."""

from enum import Enum, StrEnum

from msgspec import Struct

LEVELS = ("explicit", "deductive", "inductive", "contradiction")
SYNC_STATES = ("synced", "pending", "failed")


class Resource(StrEnum):
    """What a filter selects."""

    WORKSPACE = "workspace"
    PEER = "peer"
    SESSION = "session"
    MESSAGE = "message"
    CONCLUSION = "conclusion"


class Kind(Enum):
    """What values a column holds, which decides the operands it takes."""

    TEXT = "text"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    NUMBER = "number"
    MOMENT = "moment"
    METADATA = "metadata"
    SOURCES = "sources"


class Column(Struct, frozen=True):
    """One thing to filter by.

    Attributes:
        kind: what values it holds.
        expression: Cypher for its value, with `{n}` for the node.
        choices: the values of a `CHOICE`.
    """

    kind: Kind
    expression: str
    choices: tuple[str, ...] = ()


def _text(name: str) -> Column:
    return Column(Kind.TEXT, f"{{n}}.{name}")


_CREATED = Column(Kind.MOMENT, "{n}.created_at")
_METADATA = Column(Kind.METADATA, "{n}.metadata_terms")
_OBSERVER, _OBSERVED = _text("observer_id"), _text("observed_id")
_SESSION, _WORKSPACE = _text("session_id"), _text("workspace_id")
# A conclusion is embedded before it is stored, so only one whose vector was taken away can be pending, and none failed.
_SYNC = Column(Kind.CHOICE, "(CASE WHEN {n}.embedding IS NULL THEN 'pending' ELSE 'synced' END)", SYNC_STATES)
# What is deleted is gone, so whatever can be found has not been deleted.
_NEVER_SET = Column(Kind.MOMENT, "null")

# The proof is edges and nothing else, so that no copy of it can go stale.
_SOURCES = Column(Kind.SOURCES, "[({n})-[:DERIVED_FROM]->(f_premise:Conclusion) | f_premise.id]")

COLUMNS: dict[Resource, dict[str, Column]] = {
    Resource.WORKSPACE: {"id": _text("id"), "created_at": _CREATED, "metadata": _METADATA},
    Resource.PEER: {"id": _text("id"), "created_at": _CREATED, "metadata": _METADATA, "workspace_id": _WORKSPACE},
    Resource.SESSION: {
        "id": _text("id"),
        "created_at": _CREATED,
        "is_active": Column(Kind.BOOLEAN, "{n}.is_active"),
        "metadata": _METADATA,
        "workspace_id": _WORKSPACE,
    },
    Resource.MESSAGE: {
        "created_at": _CREATED,
        "metadata": _METADATA,
        "workspace_id": _WORKSPACE,
        "session_id": _SESSION,
        "peer_id": _text("peer_id"),
        "token_count": Column(Kind.NUMBER, "{n}.token_count"),
    },
    Resource.CONCLUSION: {
        "id": _text("id"),
        "created_at": _CREATED,
        "metadata": _METADATA,
        "internal_metadata": _METADATA,
        "workspace_id": _WORKSPACE,
        "workspace_name": _WORKSPACE,
        "session_id": _SESSION,
        "session_name": _SESSION,
        "observer_id": _OBSERVER,
        "observer": _OBSERVER,
        "observed_id": _OBSERVED,
        "observed": _OBSERVED,
        "content": _text("content"),
        "level": Column(Kind.CHOICE, "{n}.level", LEVELS),
        "times_derived": Column(Kind.NUMBER, "{n}.times_derived"),
        "source_ids": _SOURCES,
        "sync_state": _SYNC,
        "deleted_at": _NEVER_SET,
    },
}
