// Lists the newest messages of a stretch of a session, newest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, after, until, limit
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq > $after AND m.seq <= $until
RETURN
  m.id AS id, m.seq AS seq, m.peer_id AS peer_id, m.content AS content, m.token_count AS token_count,
  m.created_at AS created_at
ORDER BY m.workspace_id DESC, m.session_id DESC, m.seq DESC
LIMIT $limit
