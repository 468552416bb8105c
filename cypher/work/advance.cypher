// Moves a held unit's cursor behind what took effect; with nothing left it is no longer due and its lease is given back.
// access: write
// returns: one
// scope: global
// parameters: key, token, cursor, messages, tokens, now
MATCH (w:Work {key: $key})
WHERE w.lease_token = $token
SET
  w.cursor = $cursor,
  w.attempts = 0,
  w.strikes = 0,
  w.last_error = null,
  w.completed = w.completed + $messages,
  w.finished_at = $now
WITH w, w.last_seq > $cursor AS more
SET
  w.pending = CASE WHEN more THEN w.pending - $messages ELSE 0 END,
  w.pending_tokens = CASE WHEN more THEN w.pending_tokens - $tokens ELSE 0 END,
  w.due_at = CASE WHEN more THEN $now END,
  w.pending_since = CASE WHEN more THEN w.pending_since END,
  w.lease_token = CASE WHEN more THEN w.lease_token END,
  w.lease_until = CASE WHEN more THEN w.lease_until END,
  w.led_by = CASE WHEN more THEN w.led_by END
RETURN more AS more
