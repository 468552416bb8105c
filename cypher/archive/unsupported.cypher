// Deletes those of some conclusions that lack their holder, their subject or what they rest on, because it was deleted
// while the archive was written; lists what rested on them. What a client stated rests on nothing.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, ids
UNWIND $ids AS id
MATCH (c:Conclusion {id: id})
WHERE c.workspace_id = $workspace_id
WITH c, CASE WHEN c.content_key = c.id THEN 0 WHEN c.level = 'contradiction' THEN 2 ELSE 1 END AS needed
WHERE COUNT { (c)-[:DERIVED_FROM]->() } < needed
  OR NOT EXISTS { (:Peer)-[:HOLDS]->(c) }
  OR NOT EXISTS { (c)-[:ABOUT]->(:Peer) }
WITH collect(c) AS gone
CALL (gone) {
  UNWIND gone AS c
  MATCH (d:Conclusion)-[:DERIVED_FROM]->(c)
  WHERE NOT d IN gone
  RETURN collect(DISTINCT d.id) AS resting
}
FOREACH (c IN gone | DETACH DELETE c)
RETURN size(gone) AS total, resting AS resting
