// Finds living conclusions without a holder, a subject or a vector.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Held)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL
  AND (NOT EXISTS { (:Peer)-[:HOLDS]->(c) } OR NOT EXISTS { (c)-[:ABOUT]->(:Peer) } OR c.embedding IS NULL)
RETURN c.id AS id
LIMIT $limit
