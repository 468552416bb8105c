"""Queries about peer cards, which lie on the edge from the peer that keeps one to the peer it is about."""

from collections.abc import Sequence
from datetime import datetime

from graph.query import Parameters, Row, bind


class OfPair(Parameters, frozen=True):
    """Who keeps the card, and about whom."""

    workspace_id: str
    observer_id: str
    observed_id: str


class Put(OfPair, frozen=True):
    """A card to keep, and who wrote it."""

    card: Sequence[str]
    origin: str
    now: datetime


class CardRow(Row, frozen=True):
    """The lines of a card; None when there is none."""

    card: list[str] | None


GET = bind("cards/get", OfPair, CardRow)
PUT = bind("cards/put", Put, CardRow)
