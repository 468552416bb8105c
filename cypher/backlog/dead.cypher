// Counts, by kind, the units among the dead letters.
// access: read
// returns: many
// scope: global
// parameters:
MATCH (w:Work)
WHERE w.workspace_id IS NOT NULL AND w.dead_at IS NOT NULL
RETURN w.kind AS kind, count(*) AS dead
ORDER BY kind
