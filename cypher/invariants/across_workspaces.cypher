// Finds conclusions that are tied to something of another workspace.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Conclusion)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL
  AND EXISTS { MATCH (c)--(other) WHERE other.workspace_id <> c.workspace_id }
RETURN c.id AS id
LIMIT $limit
