// Finds what perspectives hold that is alike to new texts, by comparing each.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, rows, vectors, least, top_k
UNWIND $rows AS row
CALL (row) {
  MATCH (n:Held {perspective: row.perspective})
  WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND n.level IN row.levels
  WITH n, 2 * vector.similarity.cosine(n.embedding, $vectors[row.vector]) - 1 AS similarity
  ORDER BY similarity DESC, n.id
  LIMIT $top_k
  WHERE similarity >= $least
  RETURN n, similarity
}
RETURN
  row.place AS place, n.id AS id, n.level AS level, n.content AS content, n.slot AS slot, n.slot_key AS slot_key,
  coalesce(n.negated, false) AS negated, n.about_at AS about_at, coalesce(n.lasting, 'lasting') AS lasting,
  similarity AS similarity, NOT EXISTS { (n)-[:DERIVED_FROM]->() } AS stated,
  COLLECT { MATCH (n)-[proof:DERIVED_FROM]->(p:Conclusion) RETURN {support: coalesce(proof.support, 'one'), id: p.id} }
    AS proofs
ORDER BY place, similarity DESC, id
