"""Dramatiq actors and the reasoning steps they run."""
