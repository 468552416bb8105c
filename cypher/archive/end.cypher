// Removes the note of how far the writing of an archive has come, unless somebody else has taken it over.
// access: write
// returns: maybe
// scope: global
// parameters: key, token, now
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w, w.key AS key WHERE w.lease_token = $token
DELETE w
RETURN key AS key
