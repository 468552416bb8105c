// Finds what perspectives hold outright from one session that is alike to new texts, by comparing each.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, rows, vectors, least, top_k
UNWIND $rows AS row
CALL (row) {
  MATCH (n:Held {perspective: row.perspective, session_id: $session_id})
  WHERE n.workspace_id = $workspace_id AND n.level = 'explicit' AND coalesce(n.slot, '') = coalesce(row.slot, '')
  WITH n, 2 * vector.similarity.cosine(n.embedding, $vectors[row.vector]) - 1 AS similarity
  ORDER BY similarity DESC, n.id
  LIMIT $top_k
  WHERE similarity >= $least
  RETURN n, similarity
}
RETURN
  row.place AS place, n.id AS id, n.content_key AS content_key, n.content AS content, n.slot AS slot,
  n.slot_key AS slot_key, coalesce(n.negated, false) AS negated, n.about_at AS about_at,
  coalesce(n.lasting, 'lasting') AS lasting, similarity AS similarity,
  [(n)<-[:MERGED_INTO]-(merged:Conclusion) | {id: merged.id, content_key: merged.content_key}] AS merged
ORDER BY place, similarity DESC, id
