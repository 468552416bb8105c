// Lists who is or was in sessions, of very many some.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_ids, limit
UNWIND $session_ids AS session_id
MATCH (s:Session {workspace_id: $workspace_id, id: session_id})
RETURN
  s.id AS session_id,
  COLLECT { MATCH (s)<-[:MEMBER_OF]-(peer:Peer) WHERE NOT peer:Scope RETURN peer.id LIMIT $limit } AS peers
