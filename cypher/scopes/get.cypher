// Finds a scope, or the ordinary peer that occupies its name.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, peer_id
MATCH (n:Peer {workspace_id: $workspace_id, id: $peer_id})
RETURN n.id AS id, n.metadata AS metadata, n.created_at AS created_at, n:Scope AS is_scope
