// Gives the lease of a unit back with nothing done.
// access: write
// returns: none
// scope: global
// parameters: key, token, now
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w
WHERE w.lease_token = $token
SET w.lease_token = null, w.lease_until = null
