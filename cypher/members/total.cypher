// Counts the peers that are in a session.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, session_id
MATCH (n:Peer)-[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
WHERE m.left_at IS NULL AND NOT n.id STARTS WITH 'scope.'
RETURN count(n) AS total
