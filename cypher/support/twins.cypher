// Lists, of conclusions that are out of recall, those whose text a living one of the same perspective says by now.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, conclusion_ids
UNWIND $conclusion_ids AS conclusion_id
MATCH (c:Conclusion {id: conclusion_id})
WHERE c.workspace_id = $workspace_id
MATCH (twin:Held {perspective: c.perspective, content_key: c.content_key})
WHERE twin <> c
RETURN c.id AS id
