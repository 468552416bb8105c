// Finds the newest messages of a workspace that hold a text, upper and lower case aside, or were said in a time.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, text, since, until, limit
MATCH (n:Message {workspace_id: $workspace_id})
WHERE n.session_id IS NOT NULL AND n.seq IS NOT NULL
  AND ($since IS NULL OR n.created_at >= $since) AND ($until IS NULL OR n.created_at < $until)
  AND ($text IS NULL OR toLower(n.content) CONTAINS toLower($text))
WITH n ORDER BY n.created_at DESC, n.session_id, n.seq DESC
LIMIT $limit
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.session_id AS session_id, n.peer_id AS peer_id, n.seq AS seq,
  n.content AS content, n.token_count AS token_count, n.metadata AS metadata, n.created_at AS created_at
