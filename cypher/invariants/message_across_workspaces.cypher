// Finds messages that are tied to something of another workspace, or to no author or session.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Message)
WHERE c.workspace_id >= $low AND c.workspace_id <= $high AND c.created_at IS NOT NULL
  AND (EXISTS { MATCH (c)--(other) WHERE other.workspace_id <> c.workspace_id }
    OR NOT EXISTS { (:Peer)-[:SENT]->(c) } OR NOT EXISTS { (c)-[:IN_SESSION]->(:Session) })
RETURN c.id AS id
LIMIT $limit
