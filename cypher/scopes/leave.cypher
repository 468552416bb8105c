// Takes a locked session out of a scope. What waits there to be reasoned over will not be held by the scope.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, peer_id, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
MATCH (p:Peer {workspace_id: s.workspace_id, id: $peer_id})
OPTIONAL MATCH (p)-[m:MEMBER_OF]->(s)
FOREACH (_ IN CASE WHEN m IS NULL THEN [] ELSE [1] END |
  SET m.left_at = coalesce(m.left_at, $now), m.backfill = null, m.backfill_at = null, m.backfill_copied = null)
WITH s, p
CALL (s, p) {
  MATCH (w:Work)
  WHERE w.key STARTS WITH 'reasoning/' + s.workspace_id + '/' + s.id + '/' AND w.cursor < w.last_seq
  MATCH (said:Message {workspace_id: s.workspace_id, session_id: s.id})
  WHERE said.seq > w.cursor AND said.peer_id = w.peer_id AND p.id IN said.observer_ids
  SET said.observer_ids = [observer_id IN said.observer_ids WHERE observer_id <> p.id]
}
RETURN p.id AS peer_id, s.id AS session_id, s.seq AS seq
