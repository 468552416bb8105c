// Counts a workspace's active sessions.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id
// slots: where
MATCH (n:Session {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND n.is_active AND {{where}}
RETURN count(n) AS total
