"""The built-in rules as a reasoner: no key, no network, the same result every time."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor

from workers.reasoners.seam import Batch, Extraction
from workers.rules import MODEL, extract

#: Counts up with every change of what the rules conclude, so that a run says which rules it was.
VERSION = 1


class RulesReasoner:
    """Runs the rules in a thread of its own, so that the event loop stays free."""

    model = MODEL

    def __init__(self) -> None:
        # One thread: the parser holds the interpreter's lock for most of its time, so a second would only wait.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rules")
        self._hash = hashlib.sha256(f"{MODEL}/{VERSION}".encode()).hexdigest()

    async def extract(self, batch: Batch) -> Extraction:
        """Conclude from a batch by rules."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._thread, extract, batch.turns, batch.subject, None, batch.context)
        return Extraction(propositions=tuple(found), model=MODEL, prompt_hash=self._hash)

    async def close(self) -> None:
        """Give the thread back."""
        self._thread.shutdown(wait=False, cancel_futures=True)
