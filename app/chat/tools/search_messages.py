"""Searching what was said."""

from typing import Annotated

from msgspec import Meta, Struct

from app.chat.memory import Memory
from app.chat.tools.seam import Found, between, tool

MOST = 20
#: Messages shown on each side of one that was found.
BESIDE = 2


class Arguments(Struct):
    """What to look for."""

    query: Annotated[str, Meta(description="What to look for, in a few words or one sentence.")]
    limit: Annotated[int, Meta(description=f"How many at most, 1 to {MOST}.")] = 10


async def search_messages(memory: Memory, asked: Arguments) -> Found:
    """The messages that fit best by meaning and words, with those beside them."""
    found = await memory.search_messages(asked.query, between(asked.limit, 1, MOST))
    hits = [one.id for one in found]
    return Found(messages=await memory.around(hits, BESIDE), hits=frozenset(hits))


TOOL = tool(
    "Search the messages themselves by meaning and by words; the two messages before and after each come along. Use it "
    "for wording, for detail, and for what nothing was concluded from.",
    Arguments,
    search_messages,
)
