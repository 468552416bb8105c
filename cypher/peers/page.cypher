// Lists one page of a workspace's peers of a kind (peer, scope or all), oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, kind, skip, limit
// slots: where
MATCH (n:Peer {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL AND ($kind = 'all' OR (n.id STARTS WITH 'scope.') = ($kind = 'scope')) AND {{where}}
WITH n ORDER BY n.workspace_id, n.created_at, n.id
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.metadata AS metadata, n.configuration AS configuration,
  n.created_at AS created_at
