// Locks a workspace that is being deleted; one that has taken its name since is not condemned.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, now
MATCH (n:Workspace {id: $workspace_id})
SET n.locked_at = $now
WITH n WHERE n.condemned_at IS NOT NULL
// From now on nothing more is written into it.
SET n.purging_at = coalesce(n.purging_at, $now)
RETURN n.id AS id
