// Waits until every index is online, at most five minutes.
CALL db.awaitIndexes(300);
