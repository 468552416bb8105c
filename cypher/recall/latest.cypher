// Lists the newest messages of a session before a position, newest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, before_seq, limit
MATCH (n:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq < $before_seq
WITH n ORDER BY n.workspace_id DESC, n.session_id DESC, n.seq DESC
LIMIT $limit
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.session_id AS session_id, n.peer_id AS peer_id, n.seq AS seq,
  n.content AS content, n.token_count AS token_count, n.metadata AS metadata, n.created_at AS created_at
ORDER BY n.workspace_id DESC, n.session_id DESC, n.seq DESC
