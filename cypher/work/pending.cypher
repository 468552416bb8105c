// Lists the next messages of an author that wait to be reasoned over.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, cursor, last_seq, limit
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq > $cursor AND m.seq <= $last_seq AND m.peer_id = $peer_id AND m.observer_ids IS NOT NULL
RETURN
  m.id AS id, m.seq AS seq, m.peer_id AS peer_id, m.content AS content, m.token_count AS token_count,
  m.created_at AS created_at, m.observer_ids AS observer_ids, m.instructions AS instructions
ORDER BY m.workspace_id, m.session_id, m.seq
LIMIT $limit
