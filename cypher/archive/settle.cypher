// Puts a restored session into use. What is not reasoned over yet becomes due, and who observes it is made to agree with
// which scopes the session is in now; so do embedding, as far as vectors are missing, and each scope's catching up.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
WITH s, COLLECT {
  MATCH (scope:Scope)-[m:MEMBER_OF]->(s)
  WHERE m.left_at IS NULL AND m.observe_others = true
  RETURN scope.id ORDER BY scope.id
} AS scopes
CALL (s, scopes) {
  MATCH (m:Message {workspace_id: s.workspace_id, session_id: s.id})
  WHERE m.seq > 0 AND m.observer_ids IS NOT NULL
  OPTIONAL MATCH (known:Work {key: 'reasoning/' + s.workspace_id + '/' + s.id + '/' + m.peer_id})
  WITH s, m, scopes, known WHERE m.seq > coalesce(known.cursor, 0)
  SET m.observer_ids = [id IN m.observer_ids WHERE NOT id STARTS WITH 'scope.'] + scopes
  WITH s, m.peer_id AS peer_id, count(m) AS messages, sum(m.token_count) AS tokens, max(m.seq) AS last_seq
  MERGE (w:Work {key: 'reasoning/' + s.workspace_id + '/' + s.id + '/' + peer_id})
  ON CREATE SET
    w.kind = 'reasoning', w.workspace_id = s.workspace_id, w.session_id = s.id, w.peer_id = peer_id, w.cursor = 0,
    w.last_seq = 0, w.attempts = 0, w.completed = 0, w.created_at = $now, w.touched_at = $now
  WITH w, messages, tokens, last_seq, w.dead_at IS NOT NULL AND last_seq <= w.last_seq AS dead
  SET
    w.pending = messages, w.pending_tokens = tokens, w.last_seq = last_seq,
    w.pending_since = coalesce(w.pending_since, $now),
    w.attempts = CASE WHEN dead THEN w.attempts ELSE 0 END,
    w.dead_at = CASE WHEN dead THEN w.dead_at END,
    w.due_at = CASE WHEN dead THEN null ELSE $now END
  RETURN sum(messages) AS pending
}
CALL (s) {
  WITH s WHERE s.seq > 0
  MERGE (w:Work {key: 'embedding/' + s.workspace_id + '/' + s.id})
  ON CREATE SET
    w.kind = 'embedding', w.workspace_id = s.workspace_id, w.session_id = s.id, w.cursor = 0, w.completed = 0,
    w.created_at = $now
  WITH s, w WHERE coalesce(w.embedded_seq, 0) < s.seq
  SET
    w.last_seq = w.cursor + 1, w.attempts = 0, w.pending = 1, w.pending_tokens = 0, w.touched_at = $now,
    w.pending_since = $now, w.dead_at = null, w.due_at = $now
}
CALL (s) {
  MATCH (scope:Scope)-[:MEMBER_OF]->(s)
  MERGE (w:Work {key: 'scope/' + s.workspace_id + '/' + substring(scope.id, 6) + '/' + s.id})
  ON CREATE SET
    w.kind = 'scope', w.workspace_id = s.workspace_id, w.session_id = s.id, w.observer_id = scope.id, w.cursor = 0,
    w.completed = 0, w.created_at = $now
  SET
    w.detail = '{"seq":' + toString(s.seq) + '}', w.last_seq = w.cursor + 1, w.attempts = 0, w.pending = 1,
    w.pending_tokens = 0, w.touched_at = $now, w.pending_since = $now, w.dead_at = null, w.due_at = $now
}
SET s.is_active = true
RETURN pending AS pending
