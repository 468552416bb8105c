// Tells which embedder the stored vectors come from; nulls before the first. `indexes` counts the vector indexes made for it.
// access: read
// returns: maybe
// scope: global
MATCH (s:Schema {key: 'doxa'})
RETURN s.embedding_model AS model, s.embedding_dimensions AS dimensions, coalesce(s.embedding_indexes, 1) AS indexes
