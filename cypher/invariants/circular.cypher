// Finds conclusions that rest on themselves. A circle has a premise that is no older than what rests on it.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Conclusion)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL
MATCH (c)-[:DERIVED_FROM]->(p:Conclusion)
WHERE p.created_at >= c.created_at
  AND (p = c OR EXISTS { MATCH ANY SHORTEST (p)(()-[:DERIVED_FROM]->()){1,40}(c) })
RETURN DISTINCT c.id AS id
LIMIT $limit
