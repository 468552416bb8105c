// Locks a message that is to be erased, retracted or not, and its session, which must not be being deleted.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, message_id, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
SET s.locked_at = $now
WITH s WHERE s.is_active
MATCH (m:Message|Retracted {id: $message_id})
WHERE m.workspace_id = s.workspace_id AND m.session_id = s.id
SET m.locked_at = $now
WITH m WHERE m.id IS NOT NULL
RETURN m.id AS id
