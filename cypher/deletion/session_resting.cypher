// Lists conclusions of a session that rest on its first messages.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, messages, limit
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq > 0
WITH m ORDER BY m.workspace_id, m.session_id, m.seq
LIMIT $messages
MATCH (n:Conclusion)-[:DERIVED_FROM]->(m)
WHERE n.session_id = $session_id AND n.workspace_id = $workspace_id
RETURN DISTINCT n.id AS id
LIMIT $limit
