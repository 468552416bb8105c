// Deletes summaries of a session, and the runs left without a product.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, limit
MATCH (:Session {workspace_id: $workspace_id, id: $session_id})-[:SUMMARISED_BY]->(n:Summary)
WITH n LIMIT $limit
OPTIONAL MATCH (run:Run)-[:PRODUCED]->(n)
WITH collect(DISTINCT n) AS gone, collect(DISTINCT run) AS runs
FOREACH (n IN gone | DETACH DELETE n)
FOREACH (run IN [run IN runs WHERE NOT EXISTS { (run)-[:PRODUCED]->() }] | DELETE run)
RETURN size(gone) AS total
