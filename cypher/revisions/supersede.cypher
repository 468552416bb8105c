// Retires conclusions in favour of others, which may be several for one; each stays where it is, with its proof.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, rows, now
UNWIND $rows AS row
MATCH (old:Conclusion {id: row.old_id})
WHERE old.workspace_id = $workspace_id
// The write takes the lock, so who retires it meanwhile is seen.
SET old.revised_at = $now
WITH row, old
MATCH (new:Conclusion {id: row.new_id})
WHERE new.workspace_id = $workspace_id
MERGE (new)-[edge:SUPERSEDES]->(old)
ON CREATE SET edge.at = $now, edge.slot = row.slot
WITH DISTINCT old WHERE old:Held
SET
  // One that comes too late to hold at all is not retired before it was learnt.
  old.retired_at = CASE WHEN old.created_at > $now THEN old.created_at ELSE $now END, old.retired_because = 'superseded'
REMOVE old:Held
WITH old
CALL (old) {
  MATCH (observer:Peer {workspace_id: $workspace_id, id: old.observer_id})
  MATCH (observed:Peer {workspace_id: observer.workspace_id, id: old.observed_id})
  MATCH (observer)-[view:VIEWS]->(observed)
  SET view.conclusions = view.conclusions - 1, view.updated_at = $now
}
RETURN old.id AS id
