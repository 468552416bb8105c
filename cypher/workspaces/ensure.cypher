// Gets a workspace, or creates it with what is given; one that exists stays as it is.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, uid, metadata, metadata_terms, configuration, now
MERGE (n:Workspace {id: $workspace_id})
ON CREATE SET
  n.uid = $uid, n.metadata = $metadata, n.metadata_terms = $metadata_terms, n.configuration = $configuration,
  n.created_at = $now
RETURN
  n.id AS id, n.uid AS uid, n.metadata AS metadata, n.configuration AS configuration, n.created_at AS created_at,
  n.uid = $uid AS created
