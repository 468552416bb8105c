// Lists one page of the peers that are in a session, in the order they joined.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, skip, limit
MATCH (n:Peer)-[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
WHERE m.left_at IS NULL AND NOT n.id STARTS WITH 'scope.'
WITH n, m ORDER BY m.joined_at, n.id
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.metadata AS metadata, n.configuration AS configuration,
  n.created_at AS created_at
