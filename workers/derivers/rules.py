"""Deriving by rules, from what one perspective holds about one peer: diets, and what was said again and again.

The table is in `docs/deriving.md`. Family relations lead from one peer to another: see `workers.derivers.kin`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from graph.perspective import content_key
from graph.slots import exclusive, value_key
from workers.derivers.seam import Derivation, Derived, Ground, Grounds
from workers.reasoners.rules import version_of

MODEL = "rules"
#: What somebody of a diet does not eat.
_NOT_EATEN = {
    "vegetarian": ("meat", "fish"),
    "vegan": ("meat", "fish", "dairy", "eggs"),
}
#: Words beside it that leave a diet what it is.
_OF_DIETS = frozenset({"strictly", "strict", "only", "food", "diet", "fully"})
#: How what passes with its occasion is said when it comes again; other occasions are no pattern.
_AGAIN = {
    "feels": "{subject} often feels {value}.",
    "went_through": "{subject} went through this more than once: {value}.",
}
#: So many distinct sources, in so many sessions, are a pattern.
_SOURCES, _SESSIONS = 2, 2

VERSION = version_of(Path(__file__).parent)
"""SHA-256, in hex, of the rules: it changes whenever one does."""


class RulesDeriver:
    """Follows the rules. Deterministic; instructions are not understood and have no effect."""

    @property
    def model(self) -> str:
        """The name of the rules."""
        return MODEL

    async def derive(self, grounds: Grounds) -> Derivation:
        """Derive by rules; raises nothing for any grounds."""
        return Derivation(derived=follow(grounds), model=MODEL, prompt_hash=VERSION)

    async def close(self) -> None:
        """Hold nothing, give back nothing."""


def follow(grounds: Grounds) -> tuple[Derived, ...]:
    """What follows by the rules from what is held about one peer, whether or not it is held already."""
    return (*_diets(grounds.subject, grounds.known), *_repeated(grounds.subject, grounds.known))


def _diets(subject: str, known: Iterable[Ground]) -> Iterable[Derived]:
    for ground in known:
        if ground.slot != "eats" or ground.negated or ground.value is None or ground.lasting == "occasion":
            continue
        words = set(value_key(ground.value).split())
        diet = next((diet for diet in _NOT_EATEN if diet in words and words - {diet} <= _OF_DIETS), None)
        for food in _NOT_EATEN.get(diet or "", ()):
            yield Derived(
                level="deductive",
                content=f"{subject} does not eat {food}.",
                premise_ids=(ground.id,),
                slot="does_not_eat",
                value=food,
                lasting=ground.lasting,
            )


def _repeated(subject: str, known: Iterable[Ground]) -> Iterable[Derived]:
    groups: dict[tuple[object, ...], list[Ground]] = {}
    for ground in known:
        if ground.level == "explicit":
            groups.setdefault(_claim(ground), []).append(ground)
    for group in groups.values():
        sources = {source.id for ground in group for source in ground.sources}
        sessions = {source.session_id for ground in group for source in ground.sources if source.session_id}
        if len(group) >= _SOURCES and len(sources) >= _SOURCES and len(sessions) >= _SESSIONS:
            found = _pattern(subject, group)
            if found is not None:
                yield found


def _claim(ground: Ground) -> tuple[object, ...]:
    if ground.slot is None or ground.value is None:
        return (content_key(ground.content, "", None),)
    return (ground.slot, value_key(ground.value), ground.negated)


def _pattern(subject: str, group: Sequence[Ground]) -> Derived | None:
    latest = max(group, key=lambda ground: ground.observed_at)
    content, lasting = latest.content, latest.lasting
    if latest.slot is not None and lasting == "occasion":
        if latest.slot not in _AGAIN or latest.negated:
            return None
        content, lasting = _AGAIN[latest.slot].format(subject=subject, value=latest.value), "lasting"
    return Derived(
        level="inductive",
        content=content,
        premise_ids=tuple(ground.id for ground in group),
        slot=latest.slot,
        value=latest.value,
        exclusive=latest.slot is not None and exclusive(latest.slot),
        negated=latest.negated,
        lasting=lasting,
    )
