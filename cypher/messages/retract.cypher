// Retracts a message of an active session: it keeps its place and its words, and whether it still waits to be reasoned
// over, but is no Message any more.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, message_id, reasoning_key, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.locked_at = $now
WITH s WHERE s.is_active
MATCH (m:Message {id: $message_id})
WHERE m.workspace_id = s.workspace_id AND m.session_id = s.id
// The lock, so that what is concluded from it meanwhile is seen by this, or sees this.
SET m.locked_at = $now
SET m:Retracted, m.retracted_at = $now, s.hidden = coalesce(s.hidden, 0) + 1
REMOVE m:Message, m:Passage
WITH m
OPTIONAL MATCH (w:Work {key: $reasoning_key + m.peer_id})
SET m.waiting = m.observer_ids IS NOT NULL AND w.cursor < m.seq
WITH m
OPTIONAL MATCH (p:Piece)-[:PIECE_OF]->(m)
REMOVE p:Passage
RETURN DISTINCT m.id AS id, m.seq AS seq
