// Makes units of work from an archive, held by nobody and not due yet; none of a session that is not in it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
MATCH (:Workspace {id: $workspace_id})
UNWIND $rows AS row
OPTIONAL MATCH (s:Session {workspace_id: $workspace_id, id: row.properties.session_id})
WITH row, s
WHERE row.properties.session_id IS NULL OR s.uid = row.session_uid
CREATE (w:Work)
SET w = row.properties, w.due_at = null, w.lease_token = null, w.lease_until = null, w.led_by = null
