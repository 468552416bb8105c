// Lists what others said in a session around an author's messages, for context.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, first_seq, last_seq, limit
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq >= $first_seq AND m.seq <= $last_seq AND m.peer_id <> $peer_id
RETURN m.id AS id, m.seq AS seq, m.peer_id AS peer_id, m.content AS content, m.created_at AS created_at
ORDER BY m.workspace_id DESC, m.session_id DESC, m.seq DESC
LIMIT $limit
