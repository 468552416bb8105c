// Gives conclusions that are there already one derivation more. Premises that rest on the conclusion itself, or that do not
// live, give none.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, run_id, rows, now
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (c:Conclusion {id: row.id})
WHERE c.workspace_id = run.workspace_id
SET c.locked_at = $now
WITH run, row, c
CALL (row, c) {
  UNWIND row.premise_ids AS premise_id
  MATCH (premise:Conclusion {id: premise_id})
  WHERE premise.workspace_id = $workspace_id
  SET premise.locked_at = $now
  WITH c, premise
  WHERE premise:Held AND premise.id <> c.id
    AND NOT EXISTS { MATCH ANY SHORTEST (premise)(()-[:DERIVED_FROM|MERGED_INTO]->()){1,60}(c) }
  RETURN collect(premise) AS premises
}
WITH run, row, c, premises
WHERE size(premises) = size(row.premise_ids)
SET
  c.times_derived = CASE c.level WHEN 'inductive' THEN c.times_derived ELSE c.times_derived + 1 END,
  c.observed_at = CASE WHEN row.observed_at > c.observed_at THEN row.observed_at ELSE c.observed_at END,
  c.reinforced_at = $now
MERGE (run)-[:PRODUCED]->(c)
WITH row, c, premises
CALL (row, c, premises) {
  UNWIND premises AS premise
  CREATE (c)-[:DERIVED_FROM {support: row.support, at: $now}]->(premise)
}
RETURN DISTINCT c.id AS id
