// Deletes conclusions and the runs left without a product. The cards of their perspectives are the caller's to follow up.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, ids, now
UNWIND $ids AS id
MATCH (c:Conclusion {id: id})
WHERE c.workspace_id = $workspace_id
WITH c, c.observer_id AS observer_id, c.observed_id AS observed_id, c:Held AS living
OPTIONAL MATCH (run:Run)-[:PRODUCED]->(c)
WITH observer_id, observed_id, collect(DISTINCT c) AS gone, collect(DISTINCT run) AS runs,
     count(DISTINCT CASE WHEN living THEN c END) AS living
FOREACH (c IN gone | DETACH DELETE c)
WITH observer_id, observed_id, size(gone) AS conclusions, living, runs
CALL (runs) {
  UNWIND runs AS run
  WITH run WHERE NOT EXISTS { (run)-[:PRODUCED]->() }
  DETACH DELETE run
  RETURN count(*) AS runs_gone
}
OPTIONAL MATCH (observer:Peer {workspace_id: $workspace_id, id: observer_id})
OPTIONAL MATCH (observed:Peer {workspace_id: observer.workspace_id, id: observed_id})
OPTIONAL MATCH (observer)-[view:VIEWS]->(observed)
SET view.conclusions = view.conclusions - living, view.updated_at = $now
RETURN
  observer_id AS observer_id, observed_id AS observed_id, conclusions AS conclusions, runs_gone AS runs,
  coalesce(view.conclusions, 0) AS left
