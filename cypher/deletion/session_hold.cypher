// Locks a session that is being deleted: nothing is deleted of one that is active, which may have taken the name since.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, now
MATCH (n:Session {workspace_id: $workspace_id, id: $session_id})
SET n.locked_at = $now
WITH n WHERE n.is_active = false
RETURN n.id AS id
