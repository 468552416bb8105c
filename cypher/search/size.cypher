// Counts the messages that have vectors, up to a bound.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, bound
// slots: where
MATCH (n:Message {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND n.seq > 0 AND {{where}}
  AND (n:Passage OR EXISTS { (:Piece)-[:PIECE_OF]->(n) })
WITH n LIMIT $bound
RETURN count(n) AS total
