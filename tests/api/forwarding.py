"""A TCP forwarder that can be taken away and put back: what a lost server looks like to its clients."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit


class Forwarder:
    """Forwards one port of the loopback interface to a server while it is up."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._target = parts.hostname or "127.0.0.1", parts.port or 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0
        #: Cleared, everything stands still: what a server looks like that is there and does nothing.
        self.flows = asyncio.Event()
        self.flows.set()

    def instead_of(self, url: str) -> str:
        """The server's address with this one's port."""
        parts = urlsplit(url)
        return url.replace(f":{parts.port}", f":{self.port}")

    async def up(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        self._open.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection(self._host, self._target)
        self._open |= {writer, to_writer}
        with contextlib.suppress(ConnectionError):
            await self._forward(reader, writer, to_reader, to_writer)

    async def _forward(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        to_reader: asyncio.StreamReader,
        to_writer: asyncio.StreamWriter,
    ) -> None:
        await asyncio.gather(self._copy(reader, to_writer), self._copy(to_reader, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while data := await reader.read(65536):
                await self.flows.wait()
                writer.write(data)
                await writer.drain()
        writer.close()
        self._open.discard(writer)


#: Where the connection breaks: the server never hears of the commit, hears of it and is left alone with it, or has done
#: it and its answer is lost.
Fate = Literal["before", "during", "after"]
Draw = Callable[[], Fate | None]

#: Bolt's COMMIT: a chunk of two bytes, and the empty chunk that ends a message.
_COMMIT = bytes.fromhex("0002b0120000")


class Cutting(Forwarder):
    """Breaks connections to Neo4j in the middle of a commit.

    Attributes:
        fate: says for each commit whether and where to break.
        cuts: how often it did, by where.
    """

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.fate: Draw = lambda: None
        self.cuts: Counter[Fate] = Counter()

    async def _forward(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        to_reader: asyncio.StreamReader,
        to_writer: asyncio.StreamWriter,
    ) -> None:
        back = asyncio.create_task(self._copy(to_reader, writer))
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                fate = self.fate() if data.endswith(_COMMIT) else None
                if fate is None:
                    to_writer.write(data)
                    await to_writer.drain()
                    continue
                self.cuts[fate] += 1
                back.cancel()
                await asyncio.wait([back])
                if fate != "before":
                    to_writer.write(data)
                    await to_writer.drain()
                if fate == "after":
                    await to_reader.read(65536)
                break
        back.cancel()
        writer.transport.abort()
        # What was written still goes out before this end closes.
        to_writer.close()
        self._open -= {writer, to_writer}
