// Tells which embedder the stored vectors come from; nulls before the first.
// access: read
// returns: maybe
// scope: global
MATCH (s:Schema {key: 'doxa'})
RETURN s.embedding_model AS model, s.embedding_dimensions AS dimensions
