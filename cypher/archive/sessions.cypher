// Lists sessions of a workspace that are in use, in the order of their names.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, after, limit
MATCH (s:Session {workspace_id: $workspace_id})
WHERE s.id > $after
WITH s ORDER BY s.workspace_id, s.id LIMIT $limit
RETURN s.id AS id, s.is_active AS is_active
ORDER BY id
