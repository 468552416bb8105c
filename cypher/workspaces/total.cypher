// Counts workspaces.
// access: read
// returns: one
// scope: global
// slots: where
MATCH (n:Workspace)
WHERE n.created_at IS NOT NULL AND {{where}}
RETURN count(n) AS total
