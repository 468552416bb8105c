// Tells which slot a living conclusion fills, with what and for how long.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids
MATCH (n:Conclusion)
WHERE n.id IN $conclusion_ids AND n:Held AND n.workspace_id = $workspace_id AND n.slot IS NOT NULL
RETURN
  n.slot AS slot, n.slot_value AS slot_value, n.exclusive AS exclusive, n.negated AS negated, n.lasting AS lasting,
  n.about_at AS about_at
