"""Reasoners: what they take and give, and which one the settings choose."""

from app.settings import Settings
from workers.reasoners.rules import RulesReasoner
from workers.reasoners.seam import Batch, Dropped, Extraction, Reasoner

__all__ = ["Batch", "Dropped", "Extraction", "Reasoner", "reasoner"]


def reasoner(settings: Settings) -> Reasoner:
    """The reasoner that the settings choose."""
    return RulesReasoner()
