// Lists what a perspective holds of what was said outright in sessions, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective
MATCH (n:Held {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL AND n.level = 'explicit'
  AND n.session_id IS NOT NULL
RETURN n.id AS id, n.content AS content, n.session_id AS session_id
ORDER BY n.perspective, n.created_at
