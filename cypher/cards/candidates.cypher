// Lists what the cards of perspectives may tell: the newest of each slot that is told at once, the firmest, and the newest
// patterns. Each part is read in the order of its index, so what a perspective holds beside does not matter.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspectives, slots, of_slot, firm, firmest, patterns
UNWIND $perspectives AS perspective
CALL (perspective) {
  UNWIND $slots AS slot
  CALL (perspective, slot) {
    MATCH (n:Held {perspective: perspective, slot: slot})
    USING INDEX n:Held(perspective, slot, created_at)
    WHERE n.created_at IS NOT NULL AND n.workspace_id = $workspace_id
      AND coalesce(n.lasting, 'lasting') = 'lasting' AND NOT coalesce(n.negated, false)
    RETURN n ORDER BY n.perspective DESC, n.slot DESC, n.created_at DESC
    LIMIT $of_slot
  }
  RETURN n
  UNION
  MATCH (n:Held {perspective: perspective})
  USING INDEX n:Held(perspective, times_derived, created_at)
  WHERE n.times_derived >= $firm AND n.created_at IS NOT NULL AND n.workspace_id = $workspace_id
  RETURN n ORDER BY n.perspective DESC, n.times_derived DESC, n.created_at DESC
  LIMIT $firmest
  UNION
  MATCH (n:Held {perspective: perspective, level: 'inductive'})
  USING INDEX n:Held(perspective, level, created_at)
  WHERE n.created_at IS NOT NULL AND n.workspace_id = $workspace_id
  RETURN n ORDER BY n.perspective DESC, n.level DESC, n.created_at DESC
  LIMIT $patterns
}
WITH n
// What holds for a while, or did once, is nothing stable, and neither is what something living contradicts.
WHERE coalesce(n.lasting, 'lasting') = 'lasting' AND n.level <> 'contradiction'
  AND NOT EXISTS { MATCH (n)-[:CONTRADICTS]-(:Held) }
RETURN
  n.perspective AS perspective,
  // What was derived was said in the sessions of its premises.
  CASE WHEN n.session_id IS NOT NULL THEN [n.session_id] ELSE COLLECT {
    MATCH (n)-[:DERIVED_FROM]->(p:Conclusion) WHERE p.session_id IS NOT NULL WITH p LIMIT 20 RETURN DISTINCT p.session_id
  } END AS session_ids, n.id AS id, n.content AS content, n.slot AS slot,
  n.slot_key AS slot_key, coalesce(n.negated, false) AS negated, n.level = 'inductive' AS pattern,
  n.times_derived AS times_derived, n.observed_at AS observed_at, n.created_at AS created_at
