// Finds what was said in a workspace that is nearest to a vector, and tells which of it passes a filter.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, vector, fetch
// slots: where
CYPHER 25
MATCH (p:Passage)
SEARCH p IN (VECTOR INDEX passage_embedding FOR $vector WHERE p.workspace_id = $workspace_id LIMIT $fetch)
SCORE AS score
OPTIONAL MATCH (p)-[:PIECE_OF]->(whole:Message)
WITH coalesce(whole, p) AS n, score
RETURN
  n.id AS id, n.session_id AS session_id, n.seq AS seq, 2 * score - 1 AS score, coalesce({{where}}, false) AS passes
ORDER BY score DESC
