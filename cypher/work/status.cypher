// Counts pending, completed and failed messages by session, with the summaries, derivation and dreams that are due, for all
// units or those of given peers.
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
WHERE w.kind IN ['reasoning', 'summary', 'derivation', 'dream']
  AND ($session_id IS NULL OR w.session_id = $session_id)
  AND (
    ($sender_id IS NULL AND $observer_id IS NULL)
    OR w.peer_id IN [$sender_id, $observer_id]
    OR w.observer_id = $observer_id
    OR w.kind <> 'summary' AND w.session_id IN observed
  )
WITH
  w, coalesce(w.lease_until > $now, false) AS leased,
  // However often it was asked for, it is one thing to do.
  CASE WHEN w.kind = 'derivation' AND w.pending > 1 THEN 1 ELSE w.pending END AS pending
RETURN
  CASE WHEN w.kind IN ['derivation', 'dream'] THEN '' ELSE w.session_id END AS session_id,
  // How often something is derived from depends on how much comes together: as work that is done it says nothing.
  sum(CASE w.kind WHEN 'derivation' THEN 0 ELSE w.completed END) AS completed,
  sum(CASE WHEN leased THEN pending ELSE 0 END) AS in_progress,
  sum(CASE WHEN leased OR w.dead_at IS NOT NULL THEN 0 ELSE pending END) AS pending,
  sum(CASE WHEN w.dead_at IS NULL THEN 0 ELSE pending END) AS failed,
  min(CASE WHEN w.dead_at IS NULL AND w.pending > 0 THEN w.pending_since END) AS oldest
ORDER BY session_id
