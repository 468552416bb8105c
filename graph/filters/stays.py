"""The filter `peer_perspective`: what was said in a peer's sessions while it was in them."""

from graph.query import Predicate

# `past` holds the earlier stays: joined, left, joined, left and so on.
_STAYS = """EXISTS {
  MATCH (n)-[:IN_SESSION]->(f_s)<-[f_m:MEMBER_OF]-(f_p)
  WHERE f_p.id = $stays_peer_id AND (
    (n.created_at >= f_m.joined_at AND (f_m.left_at IS NULL OR n.created_at <= f_m.left_at))
    OR any(f_i IN range(0, size(coalesce(f_m.past, [])) - 2, 2)
      WHERE n.created_at >= f_m.past[f_i] AND n.created_at <= f_m.past[f_i + 1])
  )
}"""


def while_present(peer_id: str) -> Predicate:
    """Messages in sessions that a peer is or was in, created during one of its stays."""
    return Predicate(_STAYS, {"stays_peer_id": peer_id})
