// Tells how many messages a session has: their numbers have no gaps, so it is the number of the last.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
RETURN s.seq AS total
