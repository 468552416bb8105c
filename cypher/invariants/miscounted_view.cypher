// Finds views whose counter is not the number of living conclusions, as perspectives.
// access: read
// returns: many
// scope: global
// parameters: low, high, limit
MATCH (o:Peer)
WHERE o.workspace_id >= $low AND o.workspace_id <= $high AND o.created_at IS NOT NULL
MATCH (o)-[view:VIEWS]->(p:Peer)
WITH view.conclusions AS counted, o.workspace_id + '/' + o.id + '/' + p.id AS perspective
WHERE counted <> COUNT { MATCH (c:Held {perspective: perspective}) WHERE c.created_at IS NOT NULL }
RETURN perspective AS id
LIMIT $limit
