// Lists messages with those next to them in their sessions, each once, in the order they were said; only of some
// sessions, if so asked.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, message_ids, session_ids, reach
UNWIND $message_ids AS message_id
MATCH (m:Message {id: message_id})
WHERE m.workspace_id = $workspace_id AND ($session_ids IS NULL OR m.session_id IN $session_ids)
MATCH (n:Message {workspace_id: m.workspace_id, session_id: m.session_id})
WHERE n.seq >= m.seq - $reach AND n.seq <= m.seq + $reach
WITH DISTINCT n
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.session_id AS session_id, n.peer_id AS peer_id, n.seq AS seq,
  n.content AS content, n.token_count AS token_count, n.metadata AS metadata, n.created_at AS created_at
ORDER BY session_id, seq
