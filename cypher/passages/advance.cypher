// Notes up to where a unit's session is embedded.
// access: write
// returns: none
// scope: global
// parameters: key, seq
MATCH (w:Work {key: $key})
SET w.embedded_seq = $seq
