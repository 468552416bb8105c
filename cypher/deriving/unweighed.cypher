// Lists what is held about a peer that was not derived from yet, by whoever holds it; the peer's own view comes first, the
// oldest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, observed_id, limit
MATCH (observed:Peer {workspace_id: $workspace_id, id: $observed_id})
MATCH (observer:Peer)-[:VIEWS]->(observed)
WITH $workspace_id + '/' + observer.id + '/' + observed.id AS perspective, observer.id = observed.id AS own
MATCH (n:Held {perspective: perspective})
WHERE n.unweighed IS NOT NULL
WITH n, own ORDER BY own DESC, n.created_at, n.id
LIMIT $limit
RETURN
  n.id AS id, n.observer_id AS observer_id, n.level AS level, n.unweighed AS token,
  NOT EXISTS { (n)-[:DERIVED_FROM]->() } AS stated
