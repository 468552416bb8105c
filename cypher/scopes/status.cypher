// Tells of each session that a scope had to catch up with how far that is.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, key_prefix
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[m:MEMBER_OF]->(s:Session)
WHERE m.left_at IS NULL AND m.backfill IS NOT NULL
OPTIONAL MATCH (w:Work {key: $key_prefix + s.id})
WITH s, m, coalesce(w.dead_at, CASE WHEN w.due_at IS NULL THEN w.dropped_at END) AS given_up ORDER BY m.joined_at, s.id
RETURN
  s.id AS session_id,
  CASE WHEN m.backfill = 'pending' AND given_up IS NOT NULL THEN 'failed' ELSE m.backfill END AS state,
  CASE WHEN m.backfill = 'pending' AND given_up IS NOT NULL THEN given_up ELSE m.backfill_at END AS updated_at,
  CASE WHEN m.backfill = 'completed' THEN coalesce(m.backfill_copied, 0) END AS docs_copied
