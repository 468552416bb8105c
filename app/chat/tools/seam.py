"""What a tool of the chat is: what the model is told of it, and what it does. One tool to a file."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, cast

import msgspec
from msgspec import Struct

from app.chat.memory import Memory
from app.models.language import Tool
from graph.types import Conclusion, Message

A = TypeVar("A", bound=Struct)


class Misused(Exception):
    """A tool was called with arguments that make no sense; the message is for the model to read."""


class Found(Struct, frozen=True, kw_only=True):
    """What a tool brings.

    Attributes:
        hits: ids of the messages that were looked for, where others around them come along.
    """

    conclusions: Sequence[Conclusion] = ()
    messages: Sequence[Message] = ()
    hits: frozenset[str] | None = None


class ChatTool(Struct, frozen=True, kw_only=True):
    """A tool.

    Attributes:
        described: what the model is told.
        run: does it; takes the arguments as the model wrote them, which is JSON at best.
        under_allowlist: whether it may be offered where recall is restricted to some sessions.
    """

    described: Tool
    run: Callable[[Memory, str], Awaitable[Found]]
    under_allowlist: bool = True


def tool(
    description: str, arguments: type[A], work: Callable[[Memory, A], Awaitable[Found]], *, under_allowlist: bool = True
) -> ChatTool:
    """Make a tool, named as its function.

    Args:
        description: what it does and when to use it, for the model to read.
        arguments: a Struct whose fields carry descriptions; those with defaults may be left out.
        work: does it. Raises `Misused` for arguments that make no sense.
        under_allowlist: whether it may be offered where recall is restricted to some sessions.
    """

    async def run(memory: Memory, given: str) -> Found:
        try:
            read = msgspec.json.decode(given or "{}", type=arguments, strict=False)
        except (msgspec.DecodeError, RecursionError) as fault:
            raise Misused(str(fault)) from fault
        return await work(memory, read)

    described = Tool(name=work.__name__, description=description, parameters=_parameters(arguments))
    return ChatTool(described=described, run=run, under_allowlist=under_allowlist)


def between(value: int, least: int, most: int) -> int:
    """A number cut to its limits."""
    return max(least, min(value, most))


def _parameters(arguments: type[Struct]) -> dict[str, object]:
    _, definitions = msgspec.json.schema_components((arguments,))
    (schema,) = definitions.values()
    kept = {
        key: value for key, value in cast("dict[str, object]", schema).items() if key not in {"title", "description"}
    }
    return {"required": [], **kept}
