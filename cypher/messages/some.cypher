// Lists messages by their ids, in the order of their session.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, message_ids
UNWIND $message_ids AS message_id
MATCH (n:Message {id: message_id})
WHERE n.workspace_id = $workspace_id
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.session_id AS session_id, n.peer_id AS peer_id, n.seq AS seq,
  n.content AS content, n.token_count AS token_count, n.metadata AS metadata, n.created_at AS created_at
ORDER BY n.seq
