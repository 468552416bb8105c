// Counts a session's retracted messages.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, session_id
MATCH (n:Retracted {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq > 0
RETURN count(n) AS total
