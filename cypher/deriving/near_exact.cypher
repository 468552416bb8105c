// Lists the nearest neighbours of conclusions in their perspective, by comparing each.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, conclusion_ids, top_k, least
UNWIND $conclusion_ids AS conclusion_id
MATCH (seed:Conclusion {id: conclusion_id})
WHERE seed.workspace_id = $workspace_id
WITH seed, seed.embedding AS sought
CALL (seed, sought) {
  MATCH (n:Held {perspective: $perspective})
  WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
  WITH n, 2 * vector.similarity.cosine(n.embedding, sought) - 1 AS similarity
  ORDER BY similarity DESC, n.id
  LIMIT $top_k
  WHERE similarity >= $least
  RETURN n, similarity
}
RETURN n.id AS id, max(similarity) AS similarity
ORDER BY similarity DESC, id
