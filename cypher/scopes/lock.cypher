// Locks sessions for a change of who is in them; those that are missing or being deleted are left out.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_ids, now
UNWIND $session_ids AS session_id
MATCH (s:Session {workspace_id: $workspace_id, id: session_id})
SET s.locked_at = $now
WITH s WHERE s.is_active
RETURN s.id AS id
