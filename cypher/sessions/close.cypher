// Takes an active session out of use, to be deleted: whoever waits for its lock finds it inactive.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, now
MATCH (n:Session {workspace_id: $workspace_id, id: $session_id})
SET n.locked_at = $now
WITH n WHERE n.is_active
SET n.is_active = false
RETURN n.id AS id
