"""The reasoner that needs no model: the built-in rules, off the event loop."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from workers import rules
from workers.reasoners.seam import Batch, Extraction
from workers.turns import Proposition, Turn


class RulesReasoner:
    """Follows `workers.rules`. Deterministic; instructions are not understood and have no effect."""

    def __init__(self) -> None:
        self.model = rules.MODEL
        self._version = version_of(Path(rules.__file__).parent)
        # The parser takes one caller at a time anyway.
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rules")

    async def prepare(self) -> None:
        """Load the parser, so that the first batch does not wait for it."""
        said = Turn("warm", "warm", "I live in a house.", datetime(2000, 1, 1, tzinfo=UTC))
        await self.extract(Batch("warm", (said,)))

    async def extract(self, batch: Batch) -> Extraction:
        """Conclude from a batch by rules; raises nothing for any text."""
        found = await asyncio.get_running_loop().run_in_executor(self._pool, _extract, batch)
        return Extraction(propositions=tuple(found), model=self.model, prompt_hash=self._version)

    async def close(self) -> None:
        """Stop the thread; waits for the batch under way."""
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)


def _extract(batch: Batch) -> list[Proposition]:
    return rules.extract(batch.turns, batch.subject, context=batch.context)


def version_of(folder: Path) -> str:
    """SHA-256, in hex, of the sources in a folder: it changes whenever a rule does."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
