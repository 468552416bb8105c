// Gets a scope, or creates it with its workspace; replaces its metadata where it is given. A scope is a hidden peer.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, workspace_uid, peer_id, uid, metadata, metadata_terms, configuration, now
MERGE (w:Workspace {id: $workspace_id})
ON CREATE SET
  w.uid = $workspace_uid, w.metadata = '{}', w.metadata_terms = [], w.configuration = '{}', w.created_at = $now
MERGE (n:Peer {workspace_id: $workspace_id, id: $peer_id})
ON CREATE SET
  n:Scope, n.uid = $uid, n.metadata = '{}', n.metadata_terms = [], n.configuration = $configuration,
  n.observe_me = false, n.created_at = $now
FOREACH (_ IN CASE WHEN n.uid = $uid THEN [1] ELSE [] END | CREATE (n)-[:IN_WORKSPACE]->(w))
FOREACH (_ IN CASE WHEN n:Scope AND $metadata IS NOT NULL THEN [1] ELSE [] END |
  SET n.metadata = $metadata, n.metadata_terms = $metadata_terms)
WITH n
RETURN
  n.id AS id, n.metadata AS metadata, n.created_at AS created_at, n:Scope AS is_scope, n.uid = $uid AS created
