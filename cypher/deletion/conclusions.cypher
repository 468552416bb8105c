// Deletes conclusions, and the runs left without a product. What was derived from them and rests on nothing else (a
// contradiction: on fewer than two) is stamped with the session, so that it is found and deleted with its conclusions.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, conclusion_ids, now
MATCH (c:Conclusion)
WHERE c.id IN $conclusion_ids AND c.workspace_id = $workspace_id
// The lock, so that nothing more can come to rest on them once it was asked what does.
SET c.locked_at = $now
WITH collect(c) AS gone
CALL (gone) {
  UNWIND gone AS c
  WITH c WHERE c:Held
  WITH c.observer_id AS observer_id, c.observed_id AS observed_id, count(c) AS living
  MATCH (:Peer {workspace_id: $workspace_id, id: observer_id})
        -[view:VIEWS]->(:Peer {workspace_id: $workspace_id, id: observed_id})
  SET view.conclusions = view.conclusions - living, view.updated_at = $now
  RETURN count(view) AS views
}
CALL (gone) {
  UNWIND gone AS c
  MATCH (d:Conclusion)-[:DERIVED_FROM]->(c)
  WHERE NOT d IN gone
  RETURN collect(DISTINCT d) AS resting
}
CALL (gone) {
  UNWIND gone AS c
  MATCH (run:Run)-[:PRODUCED]->(c)
  RETURN collect(DISTINCT run) AS runs
}
FOREACH (c IN gone | DETACH DELETE c)
WITH resting, runs
CALL (runs) {
  UNWIND runs AS run
  WITH run WHERE NOT EXISTS { (run)-[:PRODUCED]->() }
  DELETE run
}
UNWIND resting AS d
WITH d, CASE d.level WHEN 'contradiction' THEN 2 ELSE 1 END AS needed
WHERE COUNT { (d)-[:DERIVED_FROM]->() } < needed
SET d.session_id = $session_id
