// Finds living conclusions that were drawn from messages, none of which is there, and that follow from nothing else either.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Held)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL AND c.level = 'explicit' AND c.content_key <> c.id
  AND (EXISTS { (c)-[:DERIVED_FROM]->() } OR EXISTS { (c)<-[:PRODUCED]-() })
  AND NOT EXISTS { (c)-[:DERIVED_FROM]->(:Message) }
CALL (c) {
  OPTIONAL MATCH (c)-[proof:DERIVED_FROM]->(p:Conclusion)
  WITH proof.support AS support,
       min(CASE WHEN p:Held OR EXISTS { (p)-[:MERGED_INTO*1..8]->(:Held) } THEN 1 ELSE 0 END) AS whole
  RETURN max(whole) AS standing
}
WITH c WHERE standing = 0
RETURN c.id AS id
LIMIT $limit
