// Records that the stored vectors are being replaced: until that is done no process may use them.
// access: write
// returns: none
// scope: global
// parameters: model
MERGE (s:Schema {key: 'doxa'})
SET s.embedding_model = $model, s.embedding_dimensions = 0
