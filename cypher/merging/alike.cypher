// Finds what perspectives hold outright from one session that is alike to new texts, through the vector index.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, rows, vectors, least, top_k
CYPHER 25
UNWIND $rows AS row
WITH row, $vectors[row.vector] AS sought
CALL (row, sought) {
  MATCH (n:Held)
  SEARCH n IN (
    VECTOR INDEX held_embedding FOR sought
    WHERE n.perspective = row.perspective AND n.session_id = $session_id AND n.level = 'explicit'
    LIMIT $top_k
  ) SCORE AS score
  WITH n, 2 * score - 1 AS similarity
  WHERE n.workspace_id = $workspace_id AND similarity >= $least
  RETURN n, similarity
}
RETURN
  row.place AS place, n.id AS id, n.content_key AS content_key, n.content AS content, n.slot AS slot,
  n.slot_key AS slot_key, coalesce(n.negated, false) AS negated, n.about_at AS about_at,
  coalesce(n.lasting, 'lasting') AS lasting, similarity AS similarity,
  [(n)<-[:MERGED_INTO]-(merged:Conclusion) | {id: merged.id, content_key: merged.content_key}] AS merged
ORDER BY place, similarity DESC, id
