// Makes a retracted message of an active session what it was. One that was never reasoned over gets a unit of work of its
// own if its author's has passed it; one whose vectors are gone waits to be embedded.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, message_id, reasoning_key, embedding_key, now, led_by
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.locked_at = $now
WITH s WHERE s.is_active
MATCH (m:Retracted {id: $message_id})
WHERE m.workspace_id = s.workspace_id AND m.session_id = s.id
SET m.locked_at = $now
SET m:Message, s.hidden = s.hidden - 1
REMOVE m:Retracted, m.retracted_at
FOREACH (_ IN CASE WHEN m.embedding IS NULL THEN [] ELSE [1] END | SET m:Passage)
WITH m
CALL (m) {
  MATCH (p:Piece)-[:PIECE_OF]->(m)
  SET p:Passage
  RETURN count(p) AS pieces
}
WITH m, pieces = 0 AND m.embedding IS NULL AND m.content <> '' AS unembedded
CALL (m, unembedded) {
  WITH m, unembedded WHERE unembedded
  MATCH (w:Work {key: $embedding_key})
  WHERE w.embedded_seq >= m.seq
  SET w.embedded_seq = m.seq - 1
}
OPTIONAL MATCH (w:Work {key: $reasoning_key + m.peer_id})
WITH m, unembedded, m.waiting = true AND w.cursor >= m.seq AS passed, $reasoning_key + m.peer_id + '/' + m.id AS key
CALL (m, passed, key) {
  WITH m, passed, key WHERE passed
  MERGE (again:Work {key: key})
  ON CREATE SET
    again.kind = 'reasoning', again.workspace_id = m.workspace_id, again.session_id = m.session_id,
    again.peer_id = m.peer_id, again.attempts = 0, again.completed = 0, again.created_at = $now
  SET
    again.cursor = m.seq - 1, again.last_seq = m.seq, again.pending = 1, again.pending_tokens = m.token_count,
    again.pending_since = $now, again.touched_at = $now, again.due_at = $now, again.dead_at = null
  FOREACH (led IN $led_by | SET again.led_by = [known IN coalesce(again.led_by, []) WHERE known <> led][-15..] + led)
}
REMOVE m.waiting
RETURN m.id AS id, m.seq AS seq, unembedded AS unembedded, CASE WHEN passed THEN key END AS key
