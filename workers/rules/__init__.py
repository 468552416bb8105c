"""The built-in reasoner: explicit conclusions by rules, without a model, a key or the network."""

from workers.rules.extract import MODEL, extract
from workers.turns import Proposition, Turn

__all__ = ["MODEL", "Proposition", "Turn", "extract"]
