// Locks a workspace for a change of its webhooks, and counts them.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, now
MATCH (n:Workspace {id: $workspace_id})
SET n.locked_at = $now
WITH n
RETURN COUNT {
  MATCH (h:Webhook {workspace_id: $workspace_id})
  WHERE h.created_at IS NOT NULL
} AS total
