// Replaces a message's metadata; its content never changes.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, message_id, metadata, metadata_terms
MATCH (n:Message {id: $message_id})
WHERE n.workspace_id = $workspace_id AND n.session_id = $session_id
SET n.metadata = $metadata, n.metadata_terms = $metadata_terms
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.session_id AS session_id, n.peer_id AS peer_id, n.seq AS seq,
  n.content AS content, n.token_count AS token_count, n.metadata AS metadata, n.created_at AS created_at
