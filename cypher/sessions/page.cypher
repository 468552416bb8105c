// Lists one page of a workspace's active sessions, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, skip, limit
// slots: where
MATCH (n:Session {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND n.is_active AND {{where}}
WITH n ORDER BY n.workspace_id, n.created_at, n.id
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.is_active AS is_active, n.metadata AS metadata,
  n.configuration AS configuration, n.created_at AS created_at
