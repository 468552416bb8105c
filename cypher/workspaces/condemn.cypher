// Marks a workspace to be deleted, unless a session in it is active, and tells which.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, now
MATCH (n:Workspace {id: $workspace_id})
SET n.locked_at = $now
WITH n, EXISTS {
  MATCH (s:Session {workspace_id: $workspace_id})
  WHERE s.created_at IS NOT NULL AND s.is_active
} AS in_use
WHERE n.created_at IS NOT NULL
SET n.condemned_at = CASE WHEN in_use THEN n.condemned_at ELSE coalesce(n.condemned_at, $now) END
RETURN in_use AS in_use
