// Counts pending, completed and failed messages by session, and dreams, for all units or those of given peers.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, sender_id, observer_id, now
WITH COLLECT {
  MATCH (:Peer {workspace_id: $workspace_id, id: $observer_id})-[m:MEMBER_OF]->(s:Session)
  WHERE m.observe_others = true
  RETURN s.id
} AS observed
MATCH (w:Work {workspace_id: $workspace_id})
WHERE w.kind IN ['reasoning', 'dream']
  AND ($session_id IS NULL OR w.session_id = $session_id)
  AND (
    ($sender_id IS NULL AND $observer_id IS NULL)
    OR w.peer_id IN [$sender_id, $observer_id]
    OR w.observer_id = $observer_id
    OR w.session_id IN observed
  )
WITH w, coalesce(w.lease_until > $now, false) AS leased
RETURN
  CASE w.kind WHEN 'dream' THEN '' ELSE w.session_id END AS session_id,
  sum(w.completed) AS completed,
  sum(CASE WHEN leased THEN w.pending ELSE 0 END) AS in_progress,
  sum(CASE WHEN leased OR w.dead_at IS NOT NULL THEN 0 ELSE w.pending END) AS pending,
  sum(CASE WHEN w.dead_at IS NULL THEN 0 ELSE w.pending END) AS failed
ORDER BY session_id
