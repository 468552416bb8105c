// Adds locked sessions to scopes. What waits there to be reasoned over will be held by the scope too; what was reasoned
// over already has to be copied: of such sessions a row comes back, as of those where copying was given up.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, pairs, now
UNWIND $pairs AS pair
MATCH (s:Session {workspace_id: $workspace_id, id: pair.session_id})
MATCH (p:Peer {workspace_id: s.workspace_id, id: pair.peer_id})
OPTIONAL MATCH (p)-[was:MEMBER_OF]->(s)
OPTIONAL MATCH (dead:Work {key: pair.key}) WHERE dead.dead_at IS NOT NULL
WITH s, p, was IS NOT NULL AND was.left_at IS NULL AS member, dead IS NOT NULL AS failed
WHERE failed OR NOT member
MERGE (p)-[m:MEMBER_OF]->(s)
ON CREATE SET m.joined_at = $now
FOREACH (_ IN CASE WHEN m.left_at IS NOT NULL THEN [1] ELSE [] END |
  SET m.past = coalesce(m.past, []) + [m.joined_at, m.left_at], m.joined_at = $now, m.left_at = null)
SET
  m.observe_me = false, m.observe_others = true, m.backfill_copied = null,
  m.backfill = CASE WHEN s.seq > 0 THEN 'pending' END,
  m.backfill_at = CASE WHEN s.seq > 0 THEN $now END
WITH s, p
CALL (s, p) {
  MATCH (w:Work)
  WHERE w.key STARTS WITH 'reasoning/' + s.workspace_id + '/' + s.id + '/' AND w.cursor < w.last_seq
  MATCH (said:Message {workspace_id: s.workspace_id, session_id: s.id})
  WHERE said.seq > w.cursor AND said.peer_id = w.peer_id AND said.observer_ids IS NOT NULL
    AND NOT p.id IN said.observer_ids
  SET said.observer_ids = said.observer_ids + p.id
}
WITH s, p WHERE s.seq > 0
RETURN p.id AS peer_id, s.id AS session_id, s.seq AS seq
