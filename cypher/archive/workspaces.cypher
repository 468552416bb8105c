// Lists the names of workspaces that are not being deleted, in the order of their names.
// access: read
// returns: many
// scope: global
// parameters: after, limit
MATCH (n:Workspace)
WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit
RETURN n.id AS id, n.uid AS uid, n.condemned_at IS NULL AS kept
