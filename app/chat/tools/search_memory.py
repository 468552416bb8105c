"""Searching what is held."""

from typing import Annotated

from msgspec import Meta, Struct

from app.chat.memory import DERIVED, EXPLICIT, Memory
from app.chat.tools.seam import Found, between, tool

MOST = 40


class Arguments(Struct):
    """What to look for."""

    query: Annotated[str, Meta(description="What to look for, in a few words or one sentence.")]
    top_k: Annotated[int, Meta(description=f"How many at most, 1 to {MOST}.")] = 20


async def search_memory(memory: Memory, asked: Arguments) -> Found:
    """The conclusions of all levels that are nearest in meaning."""
    levels = (*EXPLICIT, *DERIVED)
    (found,) = await memory.recall(asked.query, (levels, between(asked.top_k, 1, MOST)))
    return Found(conclusions=[near.conclusion for near in found])


TOOL = tool(
    "Search what is held (statements and what was concluded from them) by meaning. Use it first, with other words than "
    "those of the question.",
    Arguments,
    search_memory,
)
