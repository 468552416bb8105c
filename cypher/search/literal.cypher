// Finds the newest messages of a workspace that hold a text as it stands, whatever the case, among the newest `window`.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, text, window, limit
// slots: where
MATCH (n:Message {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND {{where}}
WITH n ORDER BY n.workspace_id DESC, n.created_at DESC
LIMIT $window
WITH n
WHERE toLower(n.content) CONTAINS toLower($text)
RETURN n.id AS id, n.session_id AS session_id, n.seq AS seq
LIMIT $limit
