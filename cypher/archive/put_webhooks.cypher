// Makes webhooks from an archive.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
MATCH (:Workspace {id: $workspace_id})
UNWIND $rows AS row
CREATE (n:Webhook)
SET n = row.properties, n:$(row.labels)
