// Removes a unit that was done and will not be asked for again.
// access: write
// returns: none
// scope: global
// parameters: key
MATCH (w:Work {key: $key})
WHERE w.due_at IS NULL AND w.dead_at IS NULL AND w.cursor = w.last_seq
DELETE w
