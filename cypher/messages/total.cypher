// Counts a session's messages.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, session_id
// slots: where
MATCH (n:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq > 0 AND {{where}}
RETURN count(n) AS total
