// Lists the newest messages of a session from one position and before another, said by a time if so asked, newest first.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, from_seq, before_seq, as_of, limit
MATCH (n:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq >= $from_seq AND n.seq < $before_seq AND ($as_of IS NULL OR n.created_at <= $as_of)
WITH n ORDER BY n.workspace_id DESC, n.session_id DESC, n.seq DESC
LIMIT $limit
RETURN collect({
  id: n.id, workspace_id: n.workspace_id, session_id: n.session_id, peer_id: n.peer_id, seq: n.seq,
  content: n.content, token_count: n.token_count, metadata: n.metadata,
  created_us: n.created_at.epochMillis * 1000 + n.created_at.microsecond % 1000
}) AS messages
