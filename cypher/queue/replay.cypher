// Makes a unit due now that lies among the dead letters or waits, with all its attempts again.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, key, now, led_by
MATCH (w:Work {key: $key})
WHERE w.workspace_id = $workspace_id
SET w.touched_at = $now
WITH w
WHERE w.dead_at IS NOT NULL OR (w.due_at IS NOT NULL AND (w.lease_until IS NULL OR w.lease_until < $now))
SET w.dead_at = null, w.attempts = 0, w.strikes = 0, w.due_at = $now
FOREACH (led IN $led_by | SET w.led_by = [known IN coalesce(w.led_by, []) WHERE known <> led][-15..] + led)
RETURN w.key AS key, w.due_at AS due_at
