// Finds the messages of a peer that pass a filter and are nearest to a vector, by comparing each.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, vector, limit
// slots: where
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[:SENT]->(n:Message)
WHERE {{where}}
WITH n, CASE
  WHEN n:Passage THEN vector.similarity.cosine(n.embedding, $vector)
  ELSE reduce(
    best = null, each IN [(p:Piece)-[:PIECE_OF]->(n) | vector.similarity.cosine(p.embedding, $vector)] |
    CASE WHEN best >= each THEN best ELSE each END
  )
END AS score
ORDER BY coalesce(score, -1.0) DESC
LIMIT $limit
WHERE score IS NOT NULL
RETURN n.id AS id, n.session_id AS session_id, n.seq AS seq, 2 * score - 1 AS score
ORDER BY score DESC
