"""Following proofs: what a conclusion rests on, and what rests on it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.chat.memory import Memory
from app.chat.tools.seam import Found, Misused, tool

MOST = 20


class Arguments(Struct):
    """Which conclusion, and which way."""

    id: Annotated[str, Meta(description="The id of a conclusion you have been shown, such as c3.")]
    direction: Annotated[
        Literal["premises", "conclusions", "both"],
        Meta(description="What it was concluded from, what was concluded from it, or both."),
    ] = "both"


async def get_reasoning_chain(memory: Memory, asked: Arguments) -> Found:
    """The premises of a conclusion, and what was derived from it."""
    start = memory.evidence.conclusion(asked.id)
    if start is None:
        raise Misused(f"there is no conclusion {asked.id[:20]}: name one that you have been shown")
    below = await memory.premises(start) if asked.direction != "conclusions" else ()
    above = await memory.resting_on(start, MOST) if asked.direction != "premises" else ()
    return Found(conclusions=[*below[:MOST], *above])


TOOL = tool(
    "See what a derived statement was concluded from, or what was concluded from a statement.",
    Arguments,
    get_reasoning_chain,
    under_allowlist=False,
)
