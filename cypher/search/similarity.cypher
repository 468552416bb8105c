// Compares messages with a vector.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, ids, vector
UNWIND $ids AS id
MATCH (n:Message {id: id})
WHERE n.workspace_id = $workspace_id
WITH n, CASE
  WHEN n:Passage THEN vector.similarity.cosine(n.embedding, $vector)
  ELSE reduce(
    best = null, each IN [(p:Piece)-[:PIECE_OF]->(n) | vector.similarity.cosine(p.embedding, $vector)] |
    CASE WHEN best >= each THEN best ELSE each END
  )
END AS score
WHERE score IS NOT NULL
RETURN n.id AS id, n.session_id AS session_id, n.seq AS seq, 2 * score - 1 AS score
