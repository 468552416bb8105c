// Lists the migrations that were applied.
// access: read
// returns: many
// scope: global
MATCH (m:Migration)
WHERE m.version >= 0
RETURN m.version AS version, m.name AS name, m.checksum AS checksum
ORDER BY version
