// Reads runs of all workspaces in the order of their ids, and whether each has produced something.
// access: read
// returns: many
// scope: global
// parameters: after, limit
MATCH (n:Run)
WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit
RETURN
  n.id AS id, n.workspace_id AS workspace_id, labels(n) AS labels, properties(n) AS properties,
  EXISTS { (n)-[:PRODUCED]->() } AS fruitful
ORDER BY id
