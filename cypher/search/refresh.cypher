// Waits until the full-text indexes have caught up with what was committed before.
// access: read
// returns: none
// scope: global
// parameters:
CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()
