"""What a model infers, and the checks an inference must pass before it is believed."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from graph.likeness import may_be_same
from graph.perspective import content_key
from graph.slots import at_odds, exclusive, value_key
from graph.types import Lasting
from workers.derivers.seam import Derived, Ground
from workers.reasoners.claims import LASTING
from workers.reasoners.evidence import names, quoted
from workers.reasoners.idle import asks, orders
from workers.reasoners.support import strange
from workers.thinking.checking import Refused, believed
from workers.thinking.seam import Dropped

MAX_CHARACTERS = 400
"""Longest text of a conclusion."""
MAX_INFERENCES = 40
"""Most inferences of one answer that are looked at."""

KINDS: Mapping[str, Literal["deductive", "inductive"]] = {"deduction": "deductive", "generalisation": "inductive"}
_LEAST_SOURCES = 2
_LASTING: Mapping[str, Lasting] = {one: one for one in LASTING}
_SLOT = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+){0,5}")


class Inference(Struct):
    """One conclusion as the model writes it; what weak models leave out has a default."""

    text: str
    premises: list[str]
    kind: Annotated[str, Meta(extra_json_schema={"enum": list(KINDS)})] = "deduction"
    lasting: Annotated[str, Meta(extra_json_schema={"enum": list(LASTING)})] = "lasting"
    slot: str | None = None
    value: str | None = None
    negated: bool = False


class Inferences(Struct):
    """The model's answer."""

    conclusions: list[Inference]


def check(
    inferences: Sequence[Inference], subject: str, known: Mapping[str, Ground]
) -> tuple[tuple[Derived, ...], tuple[Dropped, ...]]:
    """Turn the inferences that hold into conclusions, and count the others by reason.

    Args:
        inferences: what the model wrote.
        subject: the peer they are to be about.
        known: what may be inferred from, by the id the model knows it by.
    """
    sound, dropped = believed(inferences, MAX_INFERENCES, lambda inference: _believe(inference, subject, known))
    found: dict[str, Derived] = {}
    for derived in sound:
        found.setdefault(content_key(derived.content, "", None), derived)
    return tuple(found.values()), dropped


def _believe(inference: Inference, subject: str, known: Mapping[str, Ground]) -> Derived:
    content = " ".join(inference.text.replace("\0", " ").split())
    level = KINDS.get(inference.kind, "deductive")
    _check_text(content, subject)
    cited = _cited(inference.premises, level, known)
    slot, value = _filled(inference, content, cited)
    derived = Derived(
        level=level,
        content=content,
        premise_ids=tuple(ground.id for ground in cited),
        slot=slot,
        value=value,
        exclusive=slot is not None and exclusive(slot),
        negated=slot is not None and inference.negated,
        lasting=_lasting(inference, cited),
    )
    said = [ground.content for ground in cited]
    reason = strange(content, said, {subject}, max(ground.observed_at for ground in cited))
    if reason is not None:
        raise Refused(reason)
    if any(_conflicts(derived, ground) for ground in cited):
        raise Refused("conflicts with a premise")
    if any(_restates(derived, ground) for ground in known.values()):
        raise Refused("already known")
    return derived


def _check_text(content: str, subject: str) -> None:
    if not any(letter.isalnum() for letter in content):
        raise Refused("empty")
    if len(content) > MAX_CHARACTERS:
        raise Refused("too long")
    if asks(content):
        raise Refused("question")
    if orders(content):
        raise Refused("instruction")
    if not names(content, subject):
        raise Refused("subject not named")


def _cited(premises: Sequence[str], level: str, known: Mapping[str, Ground]) -> list[Ground]:
    cited = list(dict.fromkeys(premises))
    if any(name not in known for name in cited):
        raise Refused("unknown premise")
    if len(cited) < (2 if level == "inductive" else 1):
        raise Refused("too few premises")
    grounds = [known[name] for name in cited]
    if not any(ground.new for ground in grounds):
        raise Refused("nothing new")
    if any(ground.level == "contradiction" for ground in grounds):
        raise Refused("rests on a contradiction")
    sources = {source.id for ground in grounds for source in ground.sources}
    if level == "inductive" and len(sources) < _LEAST_SOURCES:
        raise Refused("too few sources")
    return grounds


def _filled(inference: Inference, content: str, cited: Sequence[Ground]) -> tuple[str | None, str | None]:
    """The slot and its value, where the name is one and the value stands in the conclusion or in a premise."""
    slot, value = (inference.slot or "").strip().casefold(), inference.value or ""
    found = next((words for text in (content, *(each.content for each in cited)) if (words := quoted(text, value))), "")
    if not _SLOT.fullmatch(slot) or not value_key(found):
        return None, None
    return slot, found


def _lasting(inference: Inference, cited: Sequence[Ground]) -> Lasting:
    claimed = _LASTING.get(inference.lasting, "lasting")
    if KINDS.get(inference.kind, "deductive") == "inductive":
        return claimed
    # What follows from one occasion, or from one while, holds no longer than that.
    return min([claimed, *(ground.lasting for ground in cited)], key=LASTING.index)


def _conflicts(derived: Derived, ground: Ground) -> bool:
    if derived.slot is None or ground.slot != derived.slot or derived.value is None or ground.value is None:
        return False
    if derived.negated != ground.negated:
        return value_key(derived.value) == value_key(ground.value)
    return not derived.negated and derived.exclusive and at_odds(value_key(derived.value), value_key(ground.value))


def _restates(derived: Derived, ground: Ground) -> bool:
    if may_be_same(derived.content, ground.content):
        return True
    if derived.slot is None or derived.value is None or ground.value is None:
        return False
    same = (ground.slot, value_key(ground.value), ground.negated) == (
        derived.slot,
        value_key(derived.value),
        derived.negated,
    )
    # What was said on occasions may well be a habit.
    return same and (ground.lasting == derived.lasting or derived.level == "deductive")
