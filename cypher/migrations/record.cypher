// Records one applied migration.
// access: write
// returns: none
// scope: global
// parameters: version, name, checksum, now
MERGE (m:Migration {version: $version})
SET m.name = $name, m.checksum = $checksum, m.applied_at = $now
