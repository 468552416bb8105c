// Notes how far the writing of an archive has come, unless somebody else has taken it over.
// access: write
// returns: maybe
// scope: global
// parameters: key, token, position, now
MATCH (w:Work {key: $key})
SET w.touched_at = $now
WITH w WHERE w.lease_token = $token
SET w.position = $position
RETURN w.position AS position
