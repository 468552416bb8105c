// Finds living inductive conclusions with fewer than two distinct sources underneath.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Held)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL AND c.level = 'inductive' AND EXISTS { (c)-[:DERIVED_FROM]->() }
CALL (c) {
  MATCH (c)-[:DERIVED_FROM|MERGED_INTO*1..12]->(p)
  WHERE p:Message OR (p:Held AND p.content_key = p.id)
  WITH DISTINCT p LIMIT 2
  RETURN count(p) AS sources
}
WITH c WHERE sources < 2
RETURN c.id AS id
LIMIT $limit
