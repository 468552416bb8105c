// Finds a peer that may be erased: no scope, and not being erased already.
// access: read
// returns: maybe
// scope: workspace
// parameters: workspace_id, peer_id
MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
WHERE p.erasing_at IS NULL AND NOT p:Scope
RETURN p.id AS id
