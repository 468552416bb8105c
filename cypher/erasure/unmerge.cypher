// Undoes merges between conclusions to be erased and those that stay, and tells which stay: what was merged into one that
// goes speaks for itself again, and what one that goes lent to another is taken back.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, ids, conclusion_ids
UNWIND $ids AS id
MATCH (x:Conclusion {id: id})
WHERE x.workspace_id = $workspace_id
CALL (x) {
  MATCH (stays:Conclusion)-[merged:MERGED_INTO]->(x)
  WHERE NOT stays.id IN $conclusion_ids
  SET stays.retired_because = 'unsupported'
  DELETE merged
  RETURN stays.id AS stays_id
  UNION
  MATCH (x)-[:MERGED_INTO]->(stays:Conclusion)
  WHERE NOT stays.id IN $conclusion_ids
  OPTIONAL MATCH (stays)-[lent:DERIVED_FROM {via: x.id}]->()
  DELETE lent
  RETURN stays.id AS stays_id
}
RETURN DISTINCT stays_id AS id
