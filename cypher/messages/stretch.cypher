// Lists a stretch of a session's messages by their numbers, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, after, until
MATCH (n:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq > $after AND n.seq <= $until
WITH n ORDER BY n.workspace_id, n.session_id, n.seq
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.session_id AS session_id, n.peer_id AS peer_id, n.seq AS seq,
  n.content AS content, n.token_count AS token_count, n.metadata AS metadata, n.created_at AS created_at
