// Gives the lease of a unit back with nothing done and nothing failed; it is due again later.
// access: write
// returns: none
// scope: global
// parameters: key, token, now, due_at
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w
WHERE w.lease_token = $token
SET w.due_at = $due_at, w.lease_token = null, w.lease_until = null
