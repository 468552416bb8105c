// Reads the configurations of sessions.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_ids
UNWIND $session_ids AS session_id
MATCH (s:Session {workspace_id: $workspace_id, id: session_id})
RETURN s.id AS id, coalesce(s.configuration, '{}') AS configuration
