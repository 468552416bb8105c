// Adds locked sessions to scopes. What was reasoned over already has to be copied: of sessions where something was said a
// row comes back, as of those where copying was given up.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, pairs, now
UNWIND $pairs AS pair
MATCH (s:Session {workspace_id: $workspace_id, id: pair.session_id})
MATCH (p:Peer {workspace_id: s.workspace_id, id: pair.peer_id})
OPTIONAL MATCH (p)-[was:MEMBER_OF]->(s)
OPTIONAL MATCH (dead:Work {key: pair.key}) WHERE dead.due_at IS NULL AND (dead.dead_at IS NOT NULL OR dead.dropped_at IS NOT NULL)
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
WITH s, p WHERE s.seq > 0
RETURN p.id AS peer_id, s.id AS session_id, s.seq AS seq
