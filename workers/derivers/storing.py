"""Between a deriver and the graph: stored conclusions as its grounds, and what it derived as what is to be stored."""

from collections.abc import Sequence

from graph.store import grounds
from graph.types import NewDerived
from workers.derivers.seam import Derived, Ground, Source


def ground_of(stored: grounds.Ground, *, new: bool) -> Ground:
    """A stored conclusion as something to derive from, and whether it counts as new."""
    return Ground(
        id=stored.id,
        level=stored.level,
        content=stored.content,
        observed_at=stored.observed_at,
        about_at=stored.about_at,
        slot=stored.slot,
        value=stored.value,
        negated=stored.negated,
        lasting=stored.lasting,
        sources=tuple(Source(source.id, source.speaker_id, source.session_id) for source in stored.sources),
        new=new,
    )


def new_derived(one: Derived, vector: Sequence[float]) -> NewDerived:
    """What was derived, ready to be stored with the vector of its text."""
    return NewDerived(
        level=one.level,
        content=one.content,
        premise_ids=one.premise_ids,
        embedding=vector,
        filled=one.filled,
        lasting=one.lasting,
    )
