// Lets what replaced a conclusion to be erased replace what that one had replaced, and tells what was replaced.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, ids, conclusion_ids
UNWIND $ids AS id
MATCH (x:Conclusion {id: id})
WHERE x.workspace_id = $workspace_id
MATCH (x)-[:SUPERSEDES*1..]->(older:Conclusion)
WHERE NOT older.id IN $conclusion_ids
WITH DISTINCT x, older
CALL (x, older) {
  MATCH (newer:Conclusion)-[:SUPERSEDES*1..]->(x)
  WHERE NOT newer.id IN $conclusion_ids
  WITH DISTINCT newer, older
  MERGE (newer)-[:SUPERSEDES]->(older)
}
RETURN DISTINCT older.id AS id
