// Locks messages, and tells which of them are still there: none that was retracted or erased meanwhile.
// access: write
// returns: many
// scope: workspace
// parameters: workspace_id, message_ids, now
UNWIND $message_ids AS message_id
MATCH (m:Message {id: message_id})
WHERE m.workspace_id = $workspace_id
SET m.locked_at = $now
WITH m
// One that was retracted while this waited for its lock is found, but is no Message any more.
WHERE m:Message AND m.id IS NOT NULL
RETURN m.id AS id
