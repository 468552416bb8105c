// Finds living conclusions that something living has replaced.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (c:Held)
WHERE c.perspective >= $low AND c.perspective < $high AND c.created_at IS NOT NULL AND EXISTS { (c)<-[:SUPERSEDES*1..40]-(:Held) }
RETURN c.id AS id
LIMIT $limit
