// Takes the migration lock, unless another process holds it.
// access: write
// returns: maybe
// scope: global
// parameters: token, now, until
MERGE (s:Schema {key: 'doxa'})
SET s.asked_at = $now
WITH s
WHERE s.lock_token IS NULL OR s.lock_token = $token OR s.lock_until < $now
SET s.lock_token = $token, s.lock_until = $until
RETURN s.key AS key
