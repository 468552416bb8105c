"""What a model's endpoint can do, found by asking it: structured answers and by which tier, tools, pieces."""

from collections.abc import Sequence
from contextlib import aclosing

from msgspec import Struct

from app.models.completions import Turn
from app.models.faults import ModelFault
from app.models.language import LanguageModel, Tier, Tool
from app.settings.models import ModelSettings

_ASKED: Sequence[Turn] = (
    {"role": "system", "content": "You answer in one word."},
    {"role": "user", "content": "Which colour is the sky by day?"},
)
_TOOL = Tool(
    name="look_at_sky",
    description="Looks at the sky and tells its colour. Call it before you answer.",
    parameters={"type": "object", "properties": {}, "additionalProperties": False},
)


class Abilities(Struct, frozen=True, kw_only=True):
    """What was found.

    Attributes:
        tier: the best way to get a structured answer that worked; None where none did.
        tools: whether tools may be offered.
        calls_tools: whether one was called when it was offered.
        streams: whether an answer came in pieces.
        faults: what went wrong, a line each.
    """

    tier: Tier | None
    tools: bool
    calls_tools: bool
    streams: bool
    faults: Sequence[str] = ()


async def probe(settings: ModelSettings) -> Abilities:
    """Ask a few small questions; what fails is told, not raised.

    Raises:
        ModelPermanent: the settings make no sense.
    """
    model = LanguageModel(settings)
    faults: list[str] = []
    tier: Tier | None = None
    tools = calls = streams = False
    try:
        try:
            tier = (await model.probe()).tier
        except ModelFault as fault:
            faults.append(str(fault))
        try:
            calls = bool((await model.say(_ASKED, [_TOOL], name="probe", max_tokens=200)).calls)
            tools = model.tools
        except ModelFault as fault:
            faults.append(str(fault))
        try:
            async with aclosing(model.stream(_ASKED, name="probe", max_tokens=200)) as pieces:
                async for _ in pieces:
                    streams = True
        except ModelFault as fault:
            streams = False
            faults.append(str(fault))
    finally:
        await model.close()
    return Abilities(tier=tier, tools=tools, calls_tools=calls, streams=streams, faults=faults)
