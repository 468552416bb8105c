// Tells whether the writing of an archive was begun and not finished.
// access: read
// returns: maybe
// scope: global
// parameters: key
MATCH (w:Work {key: $key})
RETURN w.position AS position
