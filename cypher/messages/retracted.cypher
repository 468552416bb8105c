// Lists one page of a session's retracted messages, oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, skip, limit
MATCH (n:Retracted {workspace_id: $workspace_id, session_id: $session_id})
WHERE n.seq > 0
WITH n ORDER BY n.workspace_id, n.session_id, n.seq
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.workspace_id AS workspace_id, n.session_id AS session_id, n.peer_id AS peer_id, n.seq AS seq,
  n.content AS content, n.token_count AS token_count, n.metadata AS metadata, n.created_at AS created_at,
  n.retracted_at AS retracted_at
