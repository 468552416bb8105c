// Makes summaries of a session from an archive, with what ties them to messages and runs.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, rows
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
UNWIND $rows AS row
CREATE (s)-[r:$(row.type)]->(n:Summary)
SET r = row.edge, n = row.properties, n:$(row.labels)
WITH n, row
CALL (n, row) {
  UNWIND row.messages AS tie
  MATCH (m:Message {id: tie.id})
  CREATE (n)-[out:$(tie.type)]->(m)
  SET out = tie.properties
}
CALL (n, row) {
  UNWIND row.runs AS tie
  MATCH (run:Run {id: tie.id})
  CREATE (run)-[into:$(tie.type)]->(n)
  SET into = tie.properties
}
