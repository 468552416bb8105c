// Gets a session, or creates it, with its workspace; one that exists stays as it is.
// access: write
// returns: one
// scope: workspace
// parameters: workspace_id, workspace_uid, session_id, uid, now
MERGE (w:Workspace {id: $workspace_id})
ON CREATE SET
  w.uid = $workspace_uid, w.metadata = '{}', w.metadata_terms = [], w.configuration = '{}', w.created_at = $now
MERGE (n:Session {workspace_id: $workspace_id, id: $session_id})
ON CREATE SET
  n.uid = $uid, n.is_active = true, n.seq = 0, n.metadata = '{}', n.metadata_terms = [], n.configuration = '{}',
  n.created_at = $now
FOREACH (_ IN CASE WHEN n.uid = $uid THEN [1] ELSE [] END | CREATE (n)-[:IN_WORKSPACE]->(w))
WITH n
RETURN
  n.id AS id, n.uid AS uid, n.workspace_id AS workspace_id, n.is_active AS is_active, n.metadata AS metadata,
  n.configuration AS configuration, n.created_at AS created_at, n.uid = $uid AS created
