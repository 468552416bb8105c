"""Queries that take conclusions out of recall."""

from datetime import datetime

from graph.queries.conclusions import IdRow
from graph.query import Parameters, bind


class Retire(Parameters, frozen=True):
    """A conclusion, and when it is retired."""

    workspace_id: str
    conclusion_id: str
    now: datetime


RETIRE = bind("retirement/retire", Retire, IdRow)
