// Finds the last messages of a session that hold a text as it stands, whatever the case, among its last `window`.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, text, window, limit
// slots: where
MATCH (n:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq > 0 AND {{where}}
WITH n ORDER BY n.workspace_id DESC, n.session_id DESC, n.seq DESC
LIMIT $window
WITH n
WHERE toLower(n.content) CONTAINS toLower($text)
RETURN n.id AS id, n.session_id AS session_id, n.seq AS seq
LIMIT $limit
