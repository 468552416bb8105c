// Finds scopes by name, each with the active sessions it holds, up to a number.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, peer_ids, limit
UNWIND $peer_ids AS peer_id
MATCH (n:Peer {workspace_id: $workspace_id, id: peer_id})
RETURN
  n.id AS id, n:Scope AS is_scope,
  COLLECT {
    MATCH (n)-[m:MEMBER_OF]->(s:Session)
    WHERE m.left_at IS NULL AND s.is_active
    RETURN s.id ORDER BY s.id LIMIT $limit
  } AS session_ids
