// Lists one page of workspaces, newest first.
// access: read
// returns: many
// scope: global
// parameters: skip, limit
// slots: where
MATCH (n:Workspace)
WHERE n.created_at IS NOT NULL AND {{where}}
WITH n ORDER BY n.created_at DESC, n.id DESC
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.uid AS uid, n.metadata AS metadata, n.configuration AS configuration, n.created_at AS created_at
