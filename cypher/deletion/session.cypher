// Deletes a session that has nothing left; its name is free again.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id
MATCH (n:Session {workspace_id: $workspace_id, id: $session_id})
WHERE n.is_active = false
DETACH DELETE n
