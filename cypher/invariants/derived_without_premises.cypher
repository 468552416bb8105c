// Finds living conclusions that were derived, of which no derivation has all its premises.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Held)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL AND c.level <> 'explicit'
  AND (EXISTS { (c)-[:DERIVED_FROM]->() } OR (c.content_key <> c.id AND EXISTS { (c)<-[:PRODUCED]-() }))
CALL (c) {
  OPTIONAL MATCH (c)-[proof:DERIVED_FROM]->(p)
  WITH coalesce(proof.support, 'one') AS support,
       min(CASE WHEN (p:Message OR p:Held OR EXISTS { (p)-[:MERGED_INTO*1..8]->(:Held) }) THEN 1 ELSE 0 END) AS whole
  RETURN max(whole) AS standing
}
WITH c WHERE standing = 0
RETURN c.id AS id
LIMIT $limit
