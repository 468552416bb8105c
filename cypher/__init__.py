"""What is asked of the database: schema and queries as `.cypher` files."""
