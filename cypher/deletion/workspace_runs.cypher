// Deletes the runs of a workspace among the next runs in the order of ids, and tells with which of them to go on.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, after, limit
MATCH (n:Run)
WHERE n.id > $after
WITH n ORDER BY n.id
LIMIT $limit
WITH collect(n.id) AS ids, collect(CASE WHEN n.workspace_id = $workspace_id THEN n END) AS gone
FOREACH (n IN gone | DETACH DELETE n)
RETURN ids[-1] AS last, size(gone) AS total
