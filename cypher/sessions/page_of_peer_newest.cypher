// Lists one page of the sessions that a peer is or was in, newest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_id, skip, limit
// slots: where
MATCH (:Peer {workspace_id: $workspace_id, id: $peer_id})-[:MEMBER_OF]->(n:Session)
WHERE {{where}}
WITH n ORDER BY n.created_at DESC, n.id DESC
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.is_active AS is_active, n.metadata AS metadata,
  n.configuration AS configuration, n.created_at AS created_at
