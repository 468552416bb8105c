// Drops the vector index over what was said before another embedder's is made.
DROP INDEX passage_embedding IF EXISTS;
