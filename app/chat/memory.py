"""What one question may be answered from: everything is read through here, within the question's reach."""

import logging
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

from app.chat.evidence import Evidence
from graph.driver import Database
from graph.errors import StoreFault
from graph.recall import reach as reading
from graph.recall.reach import Reach
from graph.store import runs as runs_store
from graph.store.conclusions import Near
from graph.types import Conclusion, Level, Message, Run

_log = logging.getLogger(__name__)

#: Everything that is not said outright.
DERIVED: tuple[Level, ...] = ("deductive", "inductive", "contradiction")
EXPLICIT: tuple[Level, ...] = ("explicit",)


class Embed(Protocol):
    """Makes the vector of what is searched for; None where that cannot be done now."""

    def __call__(self, text: str) -> Awaitable[list[float] | None]:
        """The vector of `text`."""
        ...


class FindMessages(Protocol):
    """Finds the messages that fit a text best, best first."""

    def __call__(self, query: str, *, limit: int, session_ids: Sequence[str] | None) -> Awaitable[Sequence[Message]]:
        """At most `limit` messages of some sessions; None for all sessions."""
        ...


class Memory:
    """What may be read for one question, and what was.

    Attributes:
        reach: what may be read.
        evidence: what was read; whoever shows something notes it there.
        answer_similarity: cosine from which a conclusion may answer a question that names nobody.
    """

    def __init__(
        self, database: Database, reach: Reach, embed: Embed, find: FindMessages, answer_similarity: float
    ) -> None:
        self.reach = reach
        self.answer_similarity = answer_similarity
        self.evidence = Evidence()
        self._database = database
        self._embed = embed
        self._find = find

    async def record(self, runs: Sequence[Run]) -> None:
        """Record what answering took; an answer that is there does not fail for it."""
        try:
            await runs_store.record(self._database, self.reach.workspace_id, runs)
        except StoreFault as fault:
            _log.warning("the calls for an answer are not recorded: %s", fault.detail)

    async def recall(self, query: str, *wanted: tuple[Sequence[Level], int]) -> list[list[Near]]:
        """The conclusions nearest to a text, nearest first: one list for each choice of levels, with its size.

        The lists are searched for one by one, so that what there is much of does not crowd the rest out.
        """
        if self.reach.nothing:
            return [[] for _ in wanted]
        vector = await self._embed(query)
        return [
            await reading.nearest(self._database, self.reach, vector, levels, top_k) if top_k > 0 else []
            for levels, top_k in wanted
        ]

    async def search_messages(self, query: str, limit: int) -> Sequence[Message]:
        """The messages that fit a text best, best first."""
        if self.reach.nothing or self.reach.session_ids == []:
            return []
        return await self._find(query, limit=limit, session_ids=self.reach.session_ids)

    async def said(
        self, *, text: str | None = None, since: datetime | None = None, until: datetime | None = None, limit: int
    ) -> Sequence[Message]:
        """The newest messages that hold a text as it stands, said from `since` on and before `until`."""
        return await reading.said(self._database, self.reach, text=text, since=since, until=until, limit=limit)

    async def around(self, message_ids: Sequence[str], distance: int) -> Sequence[Message]:
        """Messages with so many on each side of each, in the order they were said."""
        return await reading.around(self._database, self.reach, message_ids, distance)

    async def premises(self, conclusion: Conclusion) -> Sequence[Conclusion]:
        """What a conclusion was derived from."""
        return await reading.by_ids(self._database, self.reach, conclusion.source_ids)

    async def resting_on(self, conclusion: Conclusion, limit: int) -> Sequence[Conclusion]:
        """What was derived from a conclusion."""
        return await reading.resting_on(self._database, self.reach, [conclusion.id], limit)
