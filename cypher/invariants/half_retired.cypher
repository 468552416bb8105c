// Finds conclusions that are neither living nor retired, or both, or merged into nothing.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Conclusion)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL
  AND ((c:Held) = (c.retired_at IS NOT NULL)
    OR (c.retired_because = 'merged' AND NOT EXISTS { (c)-[:MERGED_INTO]->() }))
RETURN c.id AS id
LIMIT $limit
