// Deletes units of work of a workspace, all but the one that deletes it, so that commits of workers that hold some fail.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, key, limit
MATCH (n:Work {workspace_id: $workspace_id})
WHERE n.key <> $key
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS total
