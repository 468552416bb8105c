// Lays a unit among the dead letters with its reason; what is pending stays pending, to be replayed.
// access: write
// returns: maybe
// scope: global
// parameters: key, token, now, reason
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w
WHERE w.lease_token = $token
SET
  w.attempts = w.attempts + 1, w.strikes = 0, w.dead_at = $now, w.due_at = null, w.last_error = $reason, w.lease_token = null,
  w.lease_until = null
RETURN w.attempts AS attempts
