"""The `doxa` command."""
