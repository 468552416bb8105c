// Deletes what a workspace remembers of the keys that requests were repeated with.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, limit
MATCH (n:IdempotencyKey {workspace_id: $workspace_id})
WHERE n.route IS NOT NULL AND n.key IS NOT NULL
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
