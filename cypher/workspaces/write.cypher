// Replaces a workspace's metadata, configuration or both; what is null stays as it is.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, metadata, metadata_terms, configuration
MATCH (n:Workspace {id: $workspace_id})
SET
  n.metadata = coalesce($metadata, n.metadata),
  n.metadata_terms = coalesce($metadata_terms, n.metadata_terms),
  n.configuration = coalesce($configuration, n.configuration)
RETURN n.id AS id, n.uid AS uid, n.metadata AS metadata, n.configuration AS configuration, n.created_at AS created_at
