// Gives up what is pending for a unit, and says so on it. A worker that holds it has lost its lease. Deletions stay: what
// is half deleted must be deleted.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, key, now, reason
MATCH (w:Work {key: $key})
WHERE w.workspace_id = $workspace_id
SET w.touched_at = $now
WITH w, w.pending AS given_up
WHERE (w.due_at IS NOT NULL OR w.dead_at IS NOT NULL) AND w.kind <> 'deletion'
SET
  w.cursor = w.last_seq, w.pending = 0, w.pending_tokens = 0, w.pending_since = null, w.due_at = null, w.dead_at = null,
  w.attempts = 0, w.strikes = 0, w.lease_token = null, w.lease_until = null, w.led_by = null,
  w.dropped = coalesce(w.dropped, 0) + given_up, w.dropped_at = $now, w.drop_reason = $reason
RETURN given_up AS given_up
