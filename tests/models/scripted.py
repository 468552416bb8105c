"""A scripted language model: a real HTTP server on loopback that speaks the OpenAI API and says what a script tells it.

    with ScriptedServer(lambda call: Say({"propositions": []})) as server:
        ...  # point a client at server.url

A script is any callable from a `Call` to a reply. It runs in the server's thread, one call at a time.
"""

import asyncio
import hashlib
import json
import math
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import TracebackType

import msgspec
from msgspec import Struct


class Call(Struct, frozen=True):
    """One request that arrived."""

    number: int
    path: str
    headers: dict[str, str]
    body: dict[str, object]

    @property
    def format(self) -> str | None:
        """Kind of `response_format` asked for: `json_schema`, `json_object` or None."""
        asked = self.body.get("response_format")
        return str(msgspec.convert(asked, dict[str, object])["type"]) if asked is not None else None

    @property
    def form(self) -> str | None:
        """Name of the schema that the answer is to follow; None where none is given."""
        asked = msgspec.convert(self.body.get("response_format", {}), dict[str, object])
        schema = asked.get("json_schema")
        return str(msgspec.convert(schema, dict[str, object])["name"]) if schema is not None else None

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Role and content of each chat message."""
        found = msgspec.convert(self.body.get("messages", []), list[dict[str, str]])
        return [(one["role"], one["content"]) for one in found]

    @property
    def turns(self) -> list[dict[str, object]]:
        """The chat messages as they were sent."""
        return msgspec.convert(self.body.get("messages", []), list[dict[str, object]])

    @property
    def tools(self) -> list[str]:
        """Names of the tools that were offered."""
        offered = msgspec.convert(self.body.get("tools", []), list[dict[str, object]])
        return [str(msgspec.convert(one["function"], dict[str, object])["name"]) for one in offered]

    @property
    def texts(self) -> list[str]:
        """Texts to embed."""
        return msgspec.convert(self.body["input"], list[str])


class Say(Struct, frozen=True):
    """A chat completion; an object is sent as JSON text, a string as it is; in pieces if it was asked for so.

    Attributes:
        calls: tools to call, each with its arguments, as an object or as any text.
        breaks: in pieces, the connection breaks after the first; whole, it is ignored.
        stalls: likewise, nothing comes after the first until the client goes away.
    """

    content: object
    finish: str = "stop"
    prompt_tokens: int = 100
    completion_tokens: int = 20
    refusal: str | None = None
    calls: tuple[tuple[str, object], ...] = ()
    breaks: bool = False
    stalls: bool = False

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else json.dumps(self.content)


class Vectors(Struct, frozen=True):
    """An embeddings answer."""

    vectors: list[list[float]]


class Fail(Struct, frozen=True):
    """An error answer."""

    status: int
    message: str = "scripted failure"
    headers: dict[str, str] = {}


class Raw(Struct, frozen=True):
    """Any body. With `declared` larger than the body the connection closes half-way."""

    body: bytes
    status: int = 200
    declared: int | None = None
    headers: dict[str, str] = {}


class Hang(Struct, frozen=True):
    """No answer until the client goes away."""


class Endless(Struct, frozen=True):
    """A body that never ends; `pause` is the time in seconds between its chunks."""

    pause: float = 0.0
    chunk: bytes = b" " * 65536


Reply = Say | Vectors | Fail | Raw | Hang | Endless
Script = Callable[[Call], Reply]


def refusing(formats: set[str], script: Script, status: int = 400) -> Script:
    """A script whose endpoint refuses these kinds of `response_format`."""

    def answer(call: Call) -> Reply:
        if call.format in formats:
            return Fail(status, f"response_format type {call.format} is not supported")
        return script(call)

    return answer


def hashed_vector(text: str, dimensions: int) -> list[float]:
    """A vector that depends on the text's words alone: texts that share words are similar."""
    vector = [0.0] * dimensions
    for word in text.lower().split() or [""]:
        digest = hashlib.sha256(word.encode()).digest()
        vector[int.from_bytes(digest[:4], "big") % dimensions] += 1.0
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector]


def embedding(dimensions: int) -> Script:
    """A script that embeds texts by their words."""
    return lambda call: Vectors([hashed_vector(text, dimensions) for text in call.texts])


class ScriptedServer:
    """The server; runs in a thread of its own, so that clients in this or another process can reach it."""

    def __init__(self, script: Script) -> None:
        self.script: Script = script
        self.calls: list[Call] = []
        self.port = 0
        self.open = 0
        """Calls that are being answered."""
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)

    @property
    def url(self) -> str:
        """Base URL for a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        self._started.result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        loop, stop = self._started.result()
        loop.call_soon_threadsafe(stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the scripted server did not stop"

    async def _main(self) -> None:
        # Connections still open when this returns are cancelled by `asyncio.run`.
        stop = asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            # The client went away, which is what some scripts provoke.
            return
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        body = msgspec.json.decode(content or b"{}", type=dict[str, object])
        call = Call(len(self.calls) + 1, head[0].split(" ")[1], headers, body)
        self.calls.append(call)
        self.open += 1
        try:
            return await self._answer(call, self.script(call), reader, writer)
        finally:
            self.open -= 1

    async def _answer(
        self, call: Call, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        match reply:
            case Hang():
                await reader.read()
                return False
            case Endless():
                writer.write(_head(200, {"transfer-encoding": "chunked"}))
                while True:
                    writer.write(b"%x\r\n%s\r\n" % (len(reply.chunk), reply.chunk))
                    await writer.drain()
                    await asyncio.sleep(reply.pause)
            case Raw():
                declared = len(reply.body) if reply.declared is None else reply.declared
                writer.write(_head(reply.status, {"content-length": str(declared), **reply.headers}) + reply.body)
                await writer.drain()
                return declared == len(reply.body)
            case Say() if call.body.get("stream"):
                writer.write(_head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"}))
                for place, event in enumerate(_events(call, reply)):
                    if reply.breaks and place == 1:
                        return False
                    if reply.stalls and place == 1:
                        await reader.read()
                        return False
                    writer.write(b"%x\r\n%s\r\n" % (len(event), event))
                    await writer.drain()
                writer.write(b"0\r\n\r\n")
                await writer.drain()
                return True
            case _:
                status, extra, answer = _json(call, reply)
                data = json.dumps(answer).encode()
                writer.write(_head(status, {"content-length": str(len(data)), **extra}) + data)
                await writer.drain()
                return True


def _json(call: Call, reply: Say | Vectors | Fail) -> tuple[int, dict[str, str], dict[str, object]]:
    match reply:
        case Fail():
            return reply.status, reply.headers, {"error": {"message": reply.message, "type": "scripted", "code": None}}
        case Vectors():
            data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(reply.vectors)]
            return 200, {}, {"object": "list", "data": data, "model": call.body["model"], "usage": {"total_tokens": 1}}
        case Say():
            message: dict[str, object] = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
            if reply.calls:
                message["tool_calls"] = _calls(call, reply)
            usage = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.completion_tokens}
            choice = {"index": 0, "message": message, "finish_reason": reply.finish}
            return 200, {}, {"id": f"c{call.number}", "object": "chat.completion", "created": 0,
                             "model": call.body["model"], "choices": [choice], "usage": usage}  # fmt: skip


def _calls(call: Call, reply: Say) -> list[dict[str, object]]:
    return [
        {"index": place, "id": f"t{call.number}-{place}", "type": "function",
         "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)}}
        for place, (name, given) in enumerate(reply.calls)
    ]  # fmt: skip


def _events(call: Call, reply: Say) -> list[bytes]:
    """A completion in pieces: a few characters at a time, and of each tool call the head before the arguments."""
    deltas: list[dict[str, object]] = []
    for start in range(0, len(reply.text), 5):
        deltas.append({"content": reply.text[start : start + 5]})
    for one in _calls(call, reply):
        function = msgspec.convert(one["function"], dict[str, str])
        given = function["arguments"]
        deltas.append({"tool_calls": [{**one, "function": {"name": function["name"], "arguments": ""}}]})
        for start in range(0, len(given), 7):
            part = {"index": one["index"], "function": {"arguments": given[start : start + 7]}}
            deltas.append({"tool_calls": [part]})
    choices: list[dict[str, object]] = []
    for delta in deltas:
        choices.append({"index": 0, "delta": delta, "finish_reason": None})
    choices.append({"index": 0, "delta": {"refusal": reply.refusal}, "finish_reason": reply.finish})
    chunks = [json.dumps({"choices": [choice], "model": call.body["model"]}) for choice in choices]
    return [f"data: {chunk}\n\n".encode() for chunk in (*chunks, "[DONE]")]


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted"]
    lines += [f"{name}: {value}" for name, value in {"content-type": "application/json", **headers}.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
