"""Recall: choosing from what is held and said, for a prompt or for a search."""
