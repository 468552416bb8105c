// Makes a workspace from an archive; no row when the name is taken.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, properties
OPTIONAL MATCH (known:Workspace {id: $workspace_id})
WITH known WHERE known IS NULL
CREATE (n:Workspace)
SET n = $properties
RETURN n.id AS id
