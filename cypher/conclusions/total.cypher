// Counts a workspace's living conclusions.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id
// slots: where
MATCH (n:Held {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND {{where}}
RETURN count(n) AS total
