// Gives the lease of a unit back after a failure that may pass; it is due again later.
// access: write
// returns: maybe
// scope: global
// parameters: key, token, now, due_at, reason, strikes
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w
WHERE w.lease_token = $token
SET
  w.attempts = w.attempts + 1, w.strikes = coalesce(w.strikes, 0) + $strikes, w.due_at = $due_at,
  w.last_error = $reason, w.lease_token = null, w.lease_until = null
RETURN w.attempts AS attempts
