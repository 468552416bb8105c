// Notes on a dream's unit how far it has come, or, when it is over, what came of it.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, key, progress, report, now
MATCH (w:Work {key: $key})
WHERE w.workspace_id = $workspace_id
SET w.progress = $progress, w.report = coalesce($report, w.report), w.reported_at = $now
