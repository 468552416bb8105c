// Locks an active session that is to be copied, and tells up to which of its messages: a given one, or the last.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, message_id, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.locked_at = $now
WITH s WHERE s.is_active
OPTIONAL MATCH (m:Message {id: $message_id})
WHERE m.workspace_id = s.workspace_id AND m.session_id = s.id
WITH s, CASE WHEN $message_id IS NULL THEN s.seq ELSE m.seq END AS until
RETURN
  until AS until,
  COLLECT {
    MATCH (p:Peer)-[:MEMBER_OF]->(s)
    RETURN p.id
  } AS peer_ids
