// Marks what is left of the premises of conclusions that fall at this moment, or are about to be erased while they hold,
// so that it is derived from anew.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids, erased_ids, now
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id AND c.level IN ['deductive', 'inductive'] AND (c:Held OR c.retired_at = $now)
MATCH (c)-[:DERIVED_FROM]->(premise:Conclusion)
WHERE premise:Held AND NOT premise.id IN $erased_ids
WITH DISTINCT premise
SET premise.unweighed = toString($now)
RETURN DISTINCT premise.observed_id AS id
