"""Dreaming: where to look in what a perspective holds, what to think there, and how far the budget reaches."""
