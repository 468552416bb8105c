"""What is stored and how it is recalled. No HTTP, no language model, no Redis."""
