// Reads living conclusions as something to derive from.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids
UNWIND $conclusion_ids AS conclusion_id
MATCH (n:Conclusion {id: conclusion_id})
WHERE n:Held AND n.workspace_id = $workspace_id
RETURN
  n.id AS id, n.observer_id AS observer_id, n.observed_id AS observed_id, n.level AS level, n.content AS content,
  n.created_at AS created_at, n.observed_at AS observed_at, n.about_at AS about_at, n.slot AS slot,
  n.slot_value AS value, coalesce(n.negated, false) AS negated, coalesce(n.lasting, 'lasting') AS lasting,
  n.unweighed AS token
