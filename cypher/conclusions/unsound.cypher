// Counts conclusions drawn from messages that lack a holder, a subject, a source, a run or a vector; there must be none.
// access: read
// returns: one
// scope: global
MATCH (c:Held)
WHERE c.workspace_id > '' AND c.created_at IS NOT NULL
OPTIONAL MATCH (run:Run)-[:PRODUCED]->(c)
WITH c, count(run) AS runs
// What a client states itself has no run and no source message.
WITH c, runs, c.content_key <> c.id AS drawn
RETURN
  count(c) AS conclusions,
  sum(CASE WHEN EXISTS { (:Peer)-[:HOLDS]->(c) } THEN 0 ELSE 1 END) AS without_holder,
  sum(CASE WHEN EXISTS { (c)-[:ABOUT]->(:Peer) } THEN 0 ELSE 1 END) AS without_subject,
  sum(CASE WHEN NOT drawn OR EXISTS { (c)-[:DERIVED_FROM]->() } THEN 0 ELSE 1 END) AS without_source,
  sum(CASE WHEN NOT drawn OR runs > 0 THEN 0 ELSE 1 END) AS without_run,
  sum(CASE WHEN c.embedding IS NULL THEN 1 ELSE 0 END) AS without_vector
