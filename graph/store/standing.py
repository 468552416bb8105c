"""Which conclusions stand, given what they rest on: the rules alone, without a database.

A message stands unless it was retracted or erased. A derivation stands if all its premises do, a conclusion is
supported if one of its derivations stands, or if a client stated it; an inductive one needs two distinct sources
underneath. What is supported is living, unless something living has replaced it. Conclusions that rest on nothing but
each other stand on nothing: support is counted upwards from messages, never assumed.
"""

from collections.abc import Mapping, Set
from typing import Literal

from graph.queries.support import StandingRow

#: What becomes of a conclusion: it is living, it lacks support, or it has support but was replaced.
State = Literal["living", "unsupported", "superseded"]

#: So many distinct sources an inductive conclusion needs.
LEAST_SOURCES = 2

#: Reasons to be out of recall that support says nothing about: only who gave them takes them back.
_FOLLOWS = frozenset({"unsupported", "superseded"})


def follows_support(row: StandingRow) -> bool:
    """Whether support decides on a conclusion: not on one that was merged, withdrawn or deleted."""
    return row.living or row.because in _FOLLOWS


def settled_already(row: StandingRow) -> bool:
    """Whether a living conclusion stands whatever becomes of other conclusions: messages alone are enough for it."""
    if not row.living or row.superseded_by or row.level == "inductive":
        return False
    return row.stated or any(_stands_by_messages(row, support) for support in {said.support for said in row.said})


def decide(rows: Mapping[str, StandingRow], affected: Set[str]) -> dict[str, State]:
    """What becomes of the affected conclusions.

    Args:
        rows: the affected ones, and of what inductive ones rest on everything down to its messages.
        affected: the ids of those that may change; all others stay as they are.
    """
    open_ids = [each for each in affected if follows_support(rows[each])]
    outside = _living_outside(rows, affected)
    blocked: set[str] = set()
    earlier: set[str] | None = None
    # With more taken out fewer are living, and fewer are taken out by them: the estimates close in from both sides. If
    # they never meet (one rests on what it replaces), neither side of the quarrel is held.
    while True:
        living = _living(rows, open_ids, blocked, outside)
        found = {each for each in open_ids if any(by in living for by in rows[each].superseded_by)}
        if found == blocked:
            break
        if found == earlier:
            blocked |= found
            living = _living(rows, open_ids, blocked, outside)
            break
        earlier, blocked = blocked, found
    supported = {each for each in open_ids if _supported(rows, rows[each], living)}
    return {
        each: "living" if each in living else "superseded" if each in supported else "unsupported" for each in open_ids
    }


def _living(rows: Mapping[str, StandingRow], open_ids: list[str], blocked: Set[str], given: Set[str]) -> set[str]:
    """The least set that is supported by itself and what is given."""
    living = set(given)
    waiting = [each for each in open_ids if each not in blocked]
    # The oldest first: premises mostly come before what rests on them, so that mostly one round is enough.
    waiting.sort(key=lambda each: rows[each].created_at)
    more = True
    while more:
        more = False
        for each in waiting:
            if each not in living and _supported(rows, rows[each], living):
                living.add(each)
                more = True
    return living


def _supported(rows: Mapping[str, StandingRow], row: StandingRow, living: Set[str]) -> bool:
    standing = _standing(row, living)
    if row.level == "inductive" and not row.stated:
        return bool(standing) and _has_sources(rows, row, living)
    return row.stated or bool(standing)


def _standing(row: StandingRow, living: Set[str]) -> set[str]:
    """The derivations of a conclusion that stand."""
    fallen = {said.support for said in row.said if not said.stands}
    fallen |= {premise.support for premise in row.premises if living.isdisjoint(premise.one_of)}
    return ({said.support for said in row.said} | {premise.support for premise in row.premises}) - fallen


def _has_sources(rows: Mapping[str, StandingRow], row: StandingRow, living: Set[str]) -> bool:
    """Whether enough distinct sources are under the standing derivations: messages, and what clients stated."""
    found: set[str] = set()
    seen, below = {row.id}, [row]
    while below and len(found) < LEAST_SOURCES:
        each = below.pop()
        standing = _standing(each, living)
        found |= {each.id} if each.stated else {said.id for said in each.said if said.support in standing}
        for premise in each.premises:
            if premise.support in standing:
                following = [name for name in premise.one_of if name in living and name in rows and name not in seen]
                seen.update(following)
                below += [rows[name] for name in following]
    return len(found) >= LEAST_SOURCES


def _stands_by_messages(row: StandingRow, support: str) -> bool:
    return all(said.stands for said in row.said if said.support == support) and not any(
        premise.support == support for premise in row.premises
    )


def _living_outside(rows: Mapping[str, StandingRow], affected: Set[str]) -> set[str]:
    seen = {row.id for row in rows.values() if row.living}
    for row in rows.values():
        seen.update(row.superseded_living)
        for premise in row.premises:
            seen.update(premise.living)
    return seen - affected
