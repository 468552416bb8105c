// Lists living conclusions, and the others of their perspective that may be at odds with them: those that fill the same
// slot, or one that denies it. Each of either side has one row, with those it meets.
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
UNWIND [{n: one, rival: other}, {n: other, rival: one}] AS met
WITH met.n AS n, collect(DISTINCT met.rival.id) AS rival_ids
RETURN
  n.id AS id, n.observer_id AS observer_id, n.observed_id AS observed_id, n.session_id AS session_id,
  n.slot AS slot, n.slot_value AS slot_value, n.slot_key AS slot_key, n.exclusive AS exclusive, n.negated AS negated,
  n.lasting AS lasting, n.observed_at AS observed_at, n.about_at AS about_at,
  // The place in its session of the last message that says so; what was derived has none.
  COLLECT {
    MATCH (n)-[:DERIVED_FROM]->(m:Message)
    WHERE m.session_id = n.session_id AND m.created_at = n.observed_at
    RETURN m.seq ORDER BY m.seq DESC LIMIT 1
  }[0] AS seq,
  // Of what was derived, those who said what it follows from.
  CASE n.level
    WHEN 'explicit' THEN COLLECT { MATCH (n)-[:DERIVED_FROM]->(m:Message) RETURN DISTINCT m.peer_id }
    ELSE COLLECT { MATCH (n)-[:DERIVED_FROM*1..6]->(m:Message) RETURN DISTINCT m.peer_id LIMIT 10 }
  END AS speaker_ids,
  rival_ids AS rival_ids
