// Gives the migration lock back.
// access: write
// returns: none
// scope: global
// parameters: token
MATCH (s:Schema {key: 'doxa', lock_token: $token})
REMOVE s.lock_token, s.lock_until
