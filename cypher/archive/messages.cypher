// Reads a stretch of a session's messages, the retracted among them, with their vectors.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, after, until, limit
MATCH (m:Message|Retracted {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq > $after AND m.seq <= $until
WITH m ORDER BY m.workspace_id, m.session_id, m.seq LIMIT $limit
RETURN
  m.seq AS seq, labels(m) AS labels, m {.*, embedding: null} AS properties, m.embedding AS vector,
  [(p:Peer)-[:SENT]->(m) | p.id] AS senders,
  COLLECT {
    MATCH (n:Piece)-[:PIECE_OF]->(m)
    RETURN {labels: labels(n), properties: n {.*, embedding: null}, vector: n.embedding}
    ORDER BY n.place
  } AS pieces
ORDER BY seq
