"""Queries that find what must never be, one for each rule."""

from graph.queries.sessions import IdRow
from graph.query import Parameters, bind


class Between(Parameters, frozen=True):
    """Bounds of what is looked at, and how many offenders are named at most.

    Most rules are about conclusions, in the order of perspectives, `high` left out; those about peers, sessions and
    messages are bounded by workspaces, `high` included.
    """

    low: str
    high: str
    limit: int


DERIVED_WITHOUT_PREMISES = bind("invariants/derived_without_premises", Between, IdRow)
EXPLICIT_WITHOUT_SOURCE = bind("invariants/explicit_without_source", Between, IdRow)
THIN_INDUCTION = bind("invariants/thin_induction", Between, IdRow)
CIRCULAR = bind("invariants/circular", Between, IdRow)
REPLACED_YET_LIVING = bind("invariants/replaced_yet_living", Between, IdRow)
SUPPORTED_YET_RETIRED = bind("invariants/supported_yet_retired", Between, IdRow)
INCOMPLETE = bind("invariants/incomplete", Between, IdRow)
HALF_RETIRED = bind("invariants/half_retired", Between, IdRow)
ACROSS_WORKSPACES = bind("invariants/across_workspaces", Between, IdRow)
MESSAGE_ACROSS_WORKSPACES = bind("invariants/message_across_workspaces", Between, IdRow)
MISCOUNTED_VIEW = bind("invariants/miscounted_view", Between, IdRow)
CARD_LINE_WITHOUT_CONCLUSION = bind("invariants/card_line_without_conclusion", Between, IdRow)
ORPHAN_PIECE = bind("invariants/orphan_piece", Between, IdRow)
MISCOUNTED_SESSION = bind("invariants/miscounted_session", Between, IdRow)
