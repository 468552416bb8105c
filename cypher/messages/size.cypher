// Tells how many messages a session has, and whether their numbers have gaps: some were retracted or erased.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
RETURN s.seq - coalesce(s.hidden, 0) AS total, coalesce(s.hidden, 0) > 0 AS gaps
