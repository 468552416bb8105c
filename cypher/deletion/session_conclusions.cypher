// Lists conclusions of a session, living and retired, whatever they rest on.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, limit
MATCH (n:Conclusion {workspace_id: $workspace_id, session_id: $session_id})
RETURN n.id AS id
LIMIT $limit
