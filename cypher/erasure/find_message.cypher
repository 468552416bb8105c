// Finds a message, retracted or not, of a session that is not being deleted.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, message_id
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
WHERE s.is_active
MATCH (m:Message|Retracted {id: $message_id})
WHERE m.workspace_id = s.workspace_id AND m.session_id = s.id
RETURN m.id AS id
