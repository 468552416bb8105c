// Locks conclusions, so that of two that settle them the later one sees what the earlier one wrote.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids, now
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id
SET c.locked_at = $now
RETURN c.id AS id
