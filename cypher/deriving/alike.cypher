// Finds what perspectives hold that is alike to new texts, through the vector index.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, rows, vectors, least, top_k
CYPHER 25
UNWIND $rows AS row
WITH row, $vectors[row.vector] AS sought
CALL (row, sought) {
  MATCH (n:Held)
  SEARCH n IN (VECTOR INDEX held_embedding FOR sought WHERE n.perspective = row.perspective LIMIT $top_k) SCORE AS score
  WITH n, 2 * score - 1 AS similarity
  WHERE n.workspace_id = $workspace_id AND n.level IN row.levels AND similarity >= $least
  RETURN n, similarity
}
RETURN
  row.place AS place, n.id AS id, n.level AS level, n.content AS content, n.slot AS slot, n.slot_key AS slot_key,
  coalesce(n.negated, false) AS negated, n.about_at AS about_at, coalesce(n.lasting, 'lasting') AS lasting,
  similarity AS similarity, NOT EXISTS { (n)-[:DERIVED_FROM]->() } AS stated,
  COLLECT { MATCH (n)-[proof:DERIVED_FROM]->(p:Conclusion) RETURN {support: coalesce(proof.support, 'one'), id: p.id} }
    AS proofs
ORDER BY place, similarity DESC, id
