// Records that a scope has caught up with a session that is still in it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, peer_id, now
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})
      -[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
SET m.backfill_at = $now
WITH m WHERE m.left_at IS NULL AND m.backfill IS NOT NULL
SET m.backfill = 'completed'
