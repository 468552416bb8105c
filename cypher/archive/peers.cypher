// Reads peers of a workspace in the order of their names, with what ties them to other peers beside their views.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, after, limit
MATCH (p:Peer {workspace_id: $workspace_id})
WHERE p.id > $after
WITH p ORDER BY p.workspace_id, p.id LIMIT $limit
RETURN
  p.id AS id, labels(p) AS labels, properties(p) AS properties,
  COLLECT {
    MATCH (p)-[r]->(t:Peer)
    WHERE type(r) <> 'VIEWS'
    RETURN {type: type(r), labels: labels(t), id: t.id, properties: properties(r)}
  } AS outward
ORDER BY id
