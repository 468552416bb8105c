// Finds conclusions that were retired for lack of support although a derivation has all its premises.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Conclusion)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL AND c.retired_because = 'unsupported' AND c.level <> 'inductive'
  AND NOT EXISTS { (c)<-[:SUPERSEDES*1..40]-(:Held) }
CALL (c) {
  MATCH (c)-[proof:DERIVED_FROM]->(p)
  WITH CASE WHEN c.level = 'explicit' AND NOT p:Conclusion THEN p.id ELSE coalesce(proof.support, 'one') END AS support,
       min(CASE WHEN (p:Message OR p:Held OR EXISTS { (p)-[:MERGED_INTO*1..8]->(:Held) }) THEN 1 ELSE 0 END) AS whole
  RETURN max(whole) AS standing
}
WITH c WHERE standing = 1
RETURN c.id AS id
LIMIT $limit
