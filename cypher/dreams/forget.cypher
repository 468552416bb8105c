// Takes away what dreams of a workspace noted, and the lease of one that is under way: it begins anew.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id
MATCH (w:Work {workspace_id: $workspace_id})
WHERE w.reported_at IS NOT NULL
SET w.progress = null, w.report = null, w.reported_at = null, w.lease_token = null, w.lease_until = null
