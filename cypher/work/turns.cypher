// Goes from workspace to workspace, of those in which something waits, and names the units of each that are due and that
// nobody holds, the longest waiting first. One in which nothing is due has a row without a unit. Only the first
// entries of each are read, so one that has thousands costs what one with a few costs: the index is named, as a planner
// that has seen few units, or many of one workspace, would take another and sort.
// access: read
// returns: many
// scope: global
// parameters: after, workspaces, each, now
WITH reduce(found = [$after], turn IN range(1, $workspaces) | found + COLLECT {
  MATCH (w:Work)
  USING INDEX w:Work(workspace_id, due_at)
  WHERE w.workspace_id > found[-1] AND w.due_at IS NOT NULL
  RETURN w.workspace_id
  ORDER BY w.workspace_id
  LIMIT 1
}) AS found
UNWIND found[1..] AS workspace_id
CALL (workspace_id) {
  MATCH (w:Work {workspace_id: workspace_id})
  USING INDEX w:Work(workspace_id, due_at)
  WHERE w.due_at <= $now AND (w.lease_until IS NULL OR w.lease_until < $now)
  WITH w
  ORDER BY w.workspace_id, w.due_at
  LIMIT $each
  RETURN collect(w.key) AS keys
}
RETURN workspace_id AS workspace_id, keys AS keys
ORDER BY workspace_id
