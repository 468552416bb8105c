// Lists the nearest neighbours of conclusions in their perspective, through the vector index.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, conclusion_ids, top_k, least
CYPHER 25
UNWIND $conclusion_ids AS conclusion_id
MATCH (seed:Conclusion {id: conclusion_id})
WHERE seed.workspace_id = $workspace_id
WITH seed, seed.embedding AS sought
CALL (seed, sought) {
  MATCH (n:Held)
  SEARCH n IN (VECTOR INDEX held_embedding FOR sought WHERE n.perspective = $perspective LIMIT $top_k) SCORE AS score
  WITH n, 2 * score - 1 AS similarity WHERE similarity >= $least
  RETURN n, similarity
}
RETURN n.id AS id, max(similarity) AS similarity
ORDER BY similarity DESC, id
