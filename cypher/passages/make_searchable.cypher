// Gives messages what the full-text index reads of them.
// access: write
// returns: none
// scope: global
// parameters: rows
UNWIND $rows AS row
MATCH (m:Message {id: row.id})
SET m.search_scope = row.search_scope, m.search_text = row.search_text
