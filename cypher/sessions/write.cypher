// Replaces a session's metadata, configuration or both; what is null stays as it is.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, session_id, metadata, metadata_terms, configuration
MATCH (n:Session {workspace_id: $workspace_id, id: $session_id})
SET
  n.metadata = coalesce($metadata, n.metadata),
  n.metadata_terms = coalesce($metadata_terms, n.metadata_terms),
  n.configuration = coalesce($configuration, n.configuration)
WITH n
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.is_active AS is_active, n.metadata AS metadata,
  n.configuration AS configuration, n.created_at AS created_at
