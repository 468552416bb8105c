// Lists one page of the active sessions of a scope, in the order they were added.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, skip, limit
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[m:MEMBER_OF]->(n:Session)
WHERE m.left_at IS NULL AND n.is_active
WITH n, m ORDER BY m.joined_at, n.id
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.is_active AS is_active, n.metadata AS metadata,
  n.configuration AS configuration, n.created_at AS created_at
