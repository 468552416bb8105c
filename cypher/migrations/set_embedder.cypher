// Records which embedder the stored vectors come from.
// access: write
// returns: none
// scope: global
// parameters: model, dimensions, indexes
MERGE (s:Schema {key: 'doxa'})
SET s.embedding_model = $model, s.embedding_dimensions = $dimensions, s.embedding_indexes = $indexes
