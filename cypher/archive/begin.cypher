// Takes over the writing of an archive, begun before or now, and tells how far it has come.
// access: write
// returns: one
// scope: global
// parameters: key, token, now
MERGE (w:Work {key: $key})
ON CREATE SET w.kind = 'archive', w.cursor = 0, w.last_seq = 1, w.position = '', w.created_at = $now
SET w.touched_at = $now, w.lease_token = $token
RETURN w.position AS position
