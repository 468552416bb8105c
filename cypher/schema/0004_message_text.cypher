// Messages by their words. Brought up to date behind the writer's back: kept at once it would cost each write half as much
// again. `search_scope` carries a term for the workspace, the session and the author, so that nothing is filtered after the
// top k; `search_text` is the text with its speaker and date before it.
CREATE FULLTEXT INDEX message_text IF NOT EXISTS FOR (n:Message) ON EACH [n.search_scope, n.search_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english', `fulltext.eventually_consistent`: true}};

// The newest messages of a workspace, of all its sessions.
CREATE INDEX message_created IF NOT EXISTS FOR (n:Message) ON (n.workspace_id, n.created_at);

// A long message has a vector for each of its pieces.
CREATE INDEX piece_session IF NOT EXISTS FOR (n:Piece) ON (n.workspace_id, n.session_id);

// Sessions whose messages were stored before they could be searched: the workers make up for it.
MATCH (s:Session)
WHERE EXISTS {
  MATCH (m:Message {workspace_id: s.workspace_id, session_id: s.id})
  WHERE m.seq > 0 AND m.search_text IS NULL
}
CALL (s) {
  MERGE (w:Work {key: 'embedding/' + s.workspace_id + '/' + s.id})
  ON CREATE SET
    w.kind = 'embedding', w.workspace_id = s.workspace_id, w.session_id = s.id, w.cursor = 0, w.last_seq = 1,
    w.attempts = 0, w.completed = 0, w.pending = 1, w.pending_tokens = 0, w.created_at = datetime(),
    w.touched_at = datetime(), w.pending_since = datetime(), w.due_at = datetime()
} IN TRANSACTIONS OF 500 ROWS;
