// Gets a peer, or creates it with its workspace; replaces its metadata and configuration where they are given.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, workspace_uid, peer_id, uid, metadata, metadata_terms, configuration, observe_me, now
MERGE (w:Workspace {id: $workspace_id})
ON CREATE SET
  w.uid = $workspace_uid, w.metadata = '{}', w.metadata_terms = [], w.configuration = '{}', w.created_at = $now
MERGE (n:Peer {workspace_id: $workspace_id, id: $peer_id})
ON CREATE SET
  n.uid = $uid, n.metadata = '{}', n.metadata_terms = [], n.configuration = '{}', n.created_at = $now
FOREACH (_ IN CASE WHEN n.uid = $uid THEN [1] ELSE [] END | CREATE (n)-[:IN_WORKSPACE]->(w))
// Nothing is written to a peer that is only asked for, so that asking takes no lock.
FOREACH (_ IN CASE WHEN $metadata IS NOT NULL THEN [1] ELSE [] END |
  SET n.metadata = $metadata, n.metadata_terms = $metadata_terms)
FOREACH (_ IN CASE WHEN $configuration IS NOT NULL THEN [1] ELSE [] END |
  SET n.configuration = $configuration, n.observe_me = $observe_me)
WITH n
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.metadata AS metadata, n.configuration AS configuration,
  n.created_at AS created_at, n.uid = $uid AS created
