// Makes units due now that lie among the dead letters of a workspace, with all their attempts again.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, kind, now, limit, led_by
MATCH (w:Work {workspace_id: $workspace_id})
WHERE w.dead_at IS NOT NULL AND ($kind IS NULL OR w.kind = $kind)
WITH w LIMIT $limit
SET w.dead_at = null, w.attempts = 0, w.strikes = 0, w.due_at = $now, w.touched_at = $now
FOREACH (led IN $led_by | SET w.led_by = [known IN coalesce(w.led_by, []) WHERE known <> led][-15..] + led)
RETURN w.key AS key, w.due_at AS due_at
