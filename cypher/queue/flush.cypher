// Makes units due now that wait for company; those that wait after a failure go on waiting.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, now, limit, led_by
MATCH (w:Work {workspace_id: $workspace_id})
WHERE w.due_at > $now AND w.attempts = 0 AND ($session_id IS NULL OR w.session_id = $session_id)
WITH w LIMIT $limit
SET w.due_at = $now, w.touched_at = $now
FOREACH (led IN $led_by | SET w.led_by = [known IN coalesce(w.led_by, []) WHERE known <> led][-15..] + led)
RETURN w.key AS key, w.due_at AS due_at
