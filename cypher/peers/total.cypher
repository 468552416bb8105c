// Counts a workspace's peers of a kind (peer, scope or all).
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, kind
// slots: where
MATCH (n:Peer {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND ($kind = 'all' OR (n.id STARTS WITH 'scope.') = ($kind = 'scope')) AND {{where}}
RETURN count(n) AS total
