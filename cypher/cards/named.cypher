// Lists what is living of conclusions that cards name.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids
UNWIND $conclusion_ids AS conclusion_id
MATCH (n:Conclusion {id: conclusion_id})
WHERE n:Held AND n.workspace_id = $workspace_id
  AND coalesce(n.lasting, 'lasting') = 'lasting' AND n.level <> 'contradiction'
  AND NOT EXISTS { MATCH (n)-[:CONTRADICTS]-(:Held) }
RETURN
  n.perspective AS perspective,
  // What was derived was said in the sessions of its premises.
  CASE WHEN n.session_id IS NOT NULL THEN [n.session_id] ELSE COLLECT {
    MATCH (n)-[:DERIVED_FROM]->(p:Conclusion) WHERE p.session_id IS NOT NULL WITH p LIMIT 20 RETURN DISTINCT p.session_id
  } END AS session_ids, n.id AS id, n.content AS content, n.slot AS slot,
  n.slot_key AS slot_key, coalesce(n.negated, false) AS negated, n.level = 'inductive' AS pattern,
  n.times_derived AS times_derived, n.observed_at AS observed_at, n.created_at AS created_at
