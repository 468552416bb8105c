"""Whether a clause looks back or ahead, which decides which Friday is meant."""

from workers.rules.clauses import Clause
from workers.rules.moments import Tense

_HABITS = frozenset(
    {"usually", "always", "often", "sometimes", "never", "every", "each", "normally", "typically", "regularly"}
)


def tense_of(clause: Clause) -> Tense | None:
    """Past, future, or None for what holds in general; a present with a date in it is taken to be planned."""
    if any(token.lower_ in _HABITS for token in clause.tokens):
        return None
    auxiliaries = clause.auxiliaries()
    finite = auxiliaries[0] if auxiliaries else clause.head
    if finite.tag_ == "MD" or finite.lower_ in {"'ll", "will"}:
        return None if finite.lower_ in {"can", "ca", "could"} else "future"
    if clause.head.lower_ == "got" and finite.lower_ in {"have", "has", "'ve"}:
        return "future"
    if finite.tag_ == "VBD" or (clause.head.tag_ == "VBN" and finite.lower_ in {"have", "has", "'ve", "'s", "had"}):
        return "past"
    if finite.lower_ in {"have", "has", "'ve"} and auxiliaries:
        return "past"
    return "future"
