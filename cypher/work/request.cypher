// Asks for units of work: one that was idle becomes due; one that waits or runs is done once more, unless once is enough.
// Each keeps the trace that led to it: of more than 16 the newest.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, units, now, led_by
UNWIND $units AS unit
MERGE (w:Work {key: unit.key})
ON CREATE SET
  w.kind = unit.kind, w.workspace_id = $workspace_id, w.session_id = unit.session_id, w.peer_id = unit.peer_id,
  w.observer_id = unit.observer_id, w.cursor = 0, w.last_seq = 0, w.attempts = 0, w.completed = 0, w.pending = 0,
  w.pending_tokens = 0, w.created_at = $now
SET w.touched_at = $now
WITH w, unit, w.due_at IS NULL OR w.due_at > unit.due_at AS sooner
WHERE NOT (unit.once AND w.due_at IS NOT NULL)
SET
  w.last_seq = w.last_seq + 1,
  w.pending = w.pending + 1,
  w.pending_since = coalesce(w.pending_since, $now),
  w.detail = unit.detail,
  w.dead_at = null,
  w.due_at = CASE WHEN sooner THEN unit.due_at ELSE w.due_at END
FOREACH (led IN $led_by | SET w.led_by = [known IN coalesce(w.led_by, []) WHERE known <> led][-15..] + led)
RETURN w.key AS key, w.due_at AS due_at
