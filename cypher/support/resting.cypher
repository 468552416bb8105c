// Lists conclusions that rest on messages.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, message_ids
UNWIND $message_ids AS message_id
MATCH (m:Message|Retracted {id: message_id})
WHERE m.workspace_id = $workspace_id
MATCH (m)<-[:DERIVED_FROM]-(c:Conclusion)
RETURN DISTINCT c.id AS id
