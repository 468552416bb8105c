"""Reading the messages around a source."""

from typing import Annotated

from msgspec import Meta, Struct

from app.chat.memory import Memory
from app.chat.tools.seam import Found, Misused, between, tool

MOST_IDS = 10
MOST_BESIDE = 10


class Arguments(Struct):
    """Around what."""

    ids: Annotated[list[str], Meta(description=f"Up to {MOST_IDS} ids you have been shown, such as c3 or m2.")]
    beside: Annotated[int, Meta(description=f"How many messages on each side, 0 to {MOST_BESIDE}.")] = 3


async def get_observation_context(memory: Memory, asked: Arguments) -> Found:
    """The messages that conclusions rest on, or messages themselves, with those beside them."""
    sources: list[str] = []
    for handle in asked.ids[:MOST_IDS]:
        conclusion, message = memory.evidence.conclusion(handle), memory.evidence.message(handle)
        if conclusion is None and message is None:
            raise Misused(f"there is no {handle[:20]}: name ids that you have been shown")
        sources += conclusion.source_message_ids if conclusion else []
        sources += [message.id] if message else []
    sources = list(dict.fromkeys(sources))
    found = await memory.around(sources, between(asked.beside, 0, MOST_BESIDE))
    return Found(messages=found, hits=frozenset(sources))


TOOL = tool(
    "Read the messages that a statement was drawn from, with those before and after, to see what was meant.",
    Arguments,
    get_observation_context,
)
