"""What must never be in the graph: one rule, one query, and the ids of what breaks it."""

from collections.abc import Sequence

from msgspec import Struct

from graph.driver import Database
from graph.queries import invariants as queries
from graph.queries.sessions import IdRow
from graph.query import Query

#: Offenders that are named for each rule, at most.
NAMED = 20
_LAST = "\U0010ffff"


class Rule(Struct, frozen=True):
    """Something that always holds.

    Attributes:
        name: of its query.
        text: what holds, in words.
        query: finds what breaks it.
        by_workspace: whether its bounds are workspaces, not perspectives.
    """

    name: str
    text: str
    query: Query[queries.Between, IdRow]
    by_workspace: bool = False


class Finding(Struct, frozen=True):
    """A rule, and what breaks it: none, or so many as are named at most."""

    rule: str
    text: str
    ids: Sequence[str]


RULES: tuple[Rule, ...] = (
    Rule(
        "derived_without_premises",
        "no living conclusion of a level other than explicit without standing premises",
        queries.DERIVED_WITHOUT_PREMISES,
    ),
    Rule(
        "explicit_without_source",
        "no living explicit conclusion without a message or a standing derivation, unless a client stated it",
        queries.EXPLICIT_WITHOUT_SOURCE,
    ),
    Rule("thin_induction", "no living induction on fewer than two sources", queries.THIN_INDUCTION),
    Rule("circular", "no conclusion rests on itself", queries.CIRCULAR),
    Rule("replaced_yet_living", "nothing living that something living has replaced", queries.REPLACED_YET_LIVING),
    Rule("supported_yet_retired", "nothing retired for lack of support that has it", queries.SUPPORTED_YET_RETIRED),
    Rule("incomplete", "every living conclusion has a holder, a subject and a vector", queries.INCOMPLETE),
    Rule(
        "half_retired",
        "every conclusion is living or retired, and what is merged is merged into something",
        queries.HALF_RETIRED,
    ),
    Rule("across_workspaces", "no conclusion is tied to another workspace", queries.ACROSS_WORKSPACES),
    Rule(
        "message_across_workspaces",
        "no message is tied to another workspace, or lacks its author or its session",
        queries.MESSAGE_ACROSS_WORKSPACES,
        by_workspace=True,
    ),
    Rule("miscounted_view", "every view counts its living conclusions", queries.MISCOUNTED_VIEW, by_workspace=True),
    Rule(
        "card_line_without_conclusion",
        "no line of a written card without a living conclusion",
        queries.CARD_LINE_WITHOUT_CONCLUSION,
        by_workspace=True,
    ),
    Rule("orphan_piece", "no piece without its message", queries.ORPHAN_PIECE, by_workspace=True),
    Rule(
        "miscounted_session",
        "every session counts the messages that were retracted or erased",
        queries.MISCOUNTED_SESSION,
        by_workspace=True,
    ),
)


async def check(database: Database, workspace_id: str | None = None) -> list[Finding]:
    """Look for what breaks the rules, in one workspace or in all; a finding for each rule, in their order.

    Raises:
        StoreFault: the database did not do its part.
    """
    return [
        Finding(rule.name, rule.text, [row.id for row in await database.many(rule.query, _bounds(rule, workspace_id))])
        for rule in RULES
    ]


def _bounds(rule: Rule, workspace_id: str | None) -> queries.Between:
    if workspace_id is None:
        return queries.Between(low="", high=_LAST, limit=NAMED)
    if rule.by_workspace:
        return queries.Between(low=workspace_id, high=workspace_id, limit=NAMED)
    # Perspectives start with the workspace and a slash, which a zero follows.
    return queries.Between(low=f"{workspace_id}/", high=f"{workspace_id}0", limit=NAMED)
