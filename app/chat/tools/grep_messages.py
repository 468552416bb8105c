"""Finding messages by a text as it stands."""

from typing import Annotated

from msgspec import Meta, Struct

from app.chat.memory import Memory
from app.chat.tools.seam import Found, Misused, between, tool

MOST = 30


class Arguments(Struct):
    """What to find."""

    text: Annotated[str, Meta(description="The text as it stands; upper and lower case do not matter.")]
    limit: Annotated[int, Meta(description=f"How many at most, 1 to {MOST}; the newest come.")] = 10


async def grep_messages(memory: Memory, asked: Arguments) -> Found:
    """The newest messages that hold the text."""
    if not asked.text.strip():
        raise Misused("text must not be blank")
    return Found(messages=await memory.said(text=asked.text, limit=between(asked.limit, 1, MOST)))


TOOL = tool(
    "Find the newest messages that hold a text exactly as it stands: a name, a number, a phrase.",
    Arguments,
    grep_messages,
)
