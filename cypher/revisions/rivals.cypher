// Pairs living conclusions with the others of their perspective that may be at odds with them: those that fill the same slot,
// or one that denies it.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids, opposites
UNWIND $conclusion_ids AS conclusion_id
MATCH (one:Conclusion {id: conclusion_id})
WHERE one:Held AND one.workspace_id = $workspace_id AND one.slot IS NOT NULL
UNWIND [one.slot] + coalesce([$opposites[one.slot]], []) AS slot
MATCH (other:Held {perspective: one.perspective, slot: slot})
WHERE other.workspace_id = one.workspace_id AND other.id <> one.id
  AND CASE
    WHEN slot <> one.slot THEN one.negated = other.negated AND one.slot_key = other.slot_key
    ELSE one.negated <> other.negated OR (one.exclusive AND other.exclusive AND one.slot_key <> other.slot_key)
  END
UNWIND [one, other] AS n
WITH DISTINCT one.id AS one_id, other.id AS other_id, n
RETURN
  one_id AS one_id, other_id AS other_id, n.id AS id, n.observer_id AS observer_id, n.observed_id AS observed_id,
  n.slot AS slot, n.slot_value AS slot_value, n.slot_key AS slot_key, n.exclusive AS exclusive, n.negated AS negated,
  n.lasting AS lasting, n.observed_at AS observed_at, n.about_at AS about_at,
  // Of what was derived, those who said what it follows from.
  CASE n.level
    WHEN 'explicit' THEN COLLECT { MATCH (n)-[:DERIVED_FROM]->(m:Message) RETURN DISTINCT m.peer_id }
    ELSE COLLECT { MATCH (n)-[:DERIVED_FROM*1..6]->(m:Message) RETURN DISTINCT m.peer_id LIMIT 10 }
  END AS speaker_ids
