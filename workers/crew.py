"""Does what is due, several units at once, each workspace in its turn.

A wake-up says no more than that there may be something to do: whoever is woken takes a place and gives turns until
nothing is due, and the database alone says whose turn it is. So a wake-up that is lost, late, doubled or for another
unit changes nothing but the moment, and a workspace with thousands of units delays another one's by a turn.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextvars import Context
from datetime import UTC, datetime

from app.wake import Waker
from graph.errors import StoreFault
from graph.store import turns
from graph.types import Wake
from workers.observing import observed
from workers.service import Service
from workers.unit import do

_log = logging.getLogger(__name__)

#: Other workers may have taken what was found before it could be: so often it is looked for again.
_LOOKS = 3
#: How long those that were told to end at once may take to give their units back.
_GIVE_BACK_SECONDS = 10.0


class Crew:
    """The places of one worker process, and what is done in them.

    Args:
        service: what the work is done with.
        places: units at once.
        waker: wakes the crews of other processes; best effort.
        after: the workspace after which the first turn is given.
    """

    def __init__(self, service: Service, places: int, waker: Waker, after: str = "") -> None:
        self._service = service
        self._waker = waker
        self._size = places
        self._places = asyncio.Semaphore(places)
        self._after = after
        self._doing: set[str] = set()
        self._helpers: set[asyncio.Task[None]] = set()
        service.database.listen(self.hear)

    @property
    def free(self) -> int:
        """Places where nobody works."""
        return max(0, self._size - len(self._helpers))

    async def help(self) -> None:
        """Give turns until nothing is due, as soon as there is a place; returns when done."""
        if not self._service.stopping.is_set():
            await asyncio.wait((self._helper(),))

    async def muster(self) -> Sequence[str]:
        """Put as many to work as there are free places and units due; what is due is returned.

        Raises:
            StoreFault: the database does not answer.
        """
        if not self.free or self._service.stopping.is_set():
            return ()
        due = list(await self._candidates())
        for _ in due[: self.free]:
            self._helper()
        return due

    def hear(self, wakes: Sequence[Wake]) -> None:
        """Take note of work that a commit asked for: done here if there is a place, else by whoever is woken."""
        now = datetime.now(UTC)
        later = [wake for wake in wakes if wake.due_at > now]
        at_once = [wake for wake in wakes if wake.due_at <= now]
        here = 0 if self._service.stopping.is_set() else min(self.free, len(at_once))
        for _ in range(here):
            self._helper()
        self._waker.wake(later + at_once[here:])

    async def turn(self) -> str | None:
        """Give one unit its turn.

        Returns:
            its key; None when nothing is due.

        Raises:
            StoreFault: the database does not answer.
        """
        for _ in range(_LOOKS):
            candidates = await self._candidates()
            for key, workspace_id in candidates.items():
                if key in self._doing:
                    continue
                self._after = workspace_id
                self._doing.add(key)
                try:
                    if await observed(self._service, key, do):
                        return key
                finally:
                    self._doing.discard(key)
            if not candidates:
                return None
        return None

    async def stop(self, seconds: float) -> None:
        """Begin nothing more; let what has begun end with its batch, and give back what has not ended in time.

        Others are woken for what is left.
        """
        begun = sorted(self._doing)
        self._service.stopping.set()
        if self._helpers:
            await asyncio.wait(self._helpers, timeout=seconds)
        late = [helper for helper in self._helpers if not helper.done()]
        for helper in late:
            helper.cancel()
        if late:
            _log.warning("%d units are given back unfinished", len(self._doing))
            await asyncio.wait(late, timeout=_GIVE_BACK_SECONDS)
        now = datetime.now(UTC)
        self._waker.wake(Wake(key, now) for key in begun)
        await self._waker.close()

    def _helper(self) -> asyncio.Task[None]:
        # What is done is no part of whatever asked for it, such as the unit that this one was heard of in.
        helper = asyncio.create_task(self._work(), context=Context())
        self._helpers.add(helper)
        helper.add_done_callback(self._helpers.discard)
        return helper

    async def _work(self) -> None:
        async with self._places:
            try:
                while not self._service.stopping.is_set() and await self.turn() is not None:
                    pass
            except StoreFault as fault:
                # The sweep looks again.
                _log.warning("no turn is given: %s", fault.detail)
            except Exception:
                _log.exception("a turn failed")

    async def _candidates(self) -> dict[str, str]:
        found = await turns.next_due(self._service.database, self._after, each=self._size)
        return {turn.key: turn.workspace_id for turn in found if turn.key not in self._doing}
