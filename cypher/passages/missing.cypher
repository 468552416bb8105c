// Lists the next messages of a held unit's session that may have no vector yet, in order.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, key, limit
MATCH (w:Work {key: $key})
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq > coalesce(w.embedded_seq, 0)
RETURN
  m.id AS id, m.seq AS seq, m.peer_id AS peer_id, m.content AS content, m.created_at AS created_at,
  m.search_text IS NOT NULL AS searchable,
  m:Passage OR EXISTS { (:Piece)-[:PIECE_OF]->(m) } AS embedded
ORDER BY m.workspace_id, m.session_id, m.seq
LIMIT $limit
