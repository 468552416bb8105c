// Finds pieces of messages that are not there, by workspace and session.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (p:Piece)
WHERE p.workspace_id >= $low AND p.workspace_id <= $high AND p.session_id IS NOT NULL
  AND NOT EXISTS { (p)-[:PIECE_OF]->() }
RETURN DISTINCT p.workspace_id + '/' + p.session_id AS id
LIMIT $limit
