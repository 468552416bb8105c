// Lists the newest messages of a session before a position, newest first.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, before_seq, limit
MATCH (n:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq < $before_seq
WITH n ORDER BY n.workspace_id DESC, n.session_id DESC, n.seq DESC
LIMIT $limit
RETURN collect({
  id: n.id, workspace_id: n.workspace_id, session_id: n.session_id, peer_id: n.peer_id, seq: n.seq,
  content: n.content, token_count: n.token_count, metadata: n.metadata,
  created_us: n.created_at.epochMillis * 1000 + n.created_at.microsecond % 1000
}) AS messages
