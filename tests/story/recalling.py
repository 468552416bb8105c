"""What can be recalled of a workspace, by each way that there is to it."""

import re
from collections.abc import Sequence

from graph.query import Predicate
from graph.recall.context import peer_context, session_context
from graph.recall.recipes import PEER_CONTEXT, REPRESENTATION
from graph.recall.rendering import HEADINGS
from graph.recall.representation import Asked, representation
from graph.recall.search import search
from graph.store import cards, conclusions
from graph.types import Conclusion, PageRequest
from tests.story.telling import Told
from workers.service import Service

#: Holder and text of each conclusion; what was derived has its level in brackets after it.
Recall = frozenset[tuple[str, str]]
MOST = 100
#: How lines that show a conclusion begin, and what ends the beginning.
_MARKS = {"**Pattern** [": "]: ", "**Contradiction**: ": ": ", "[": "] "}
_LEVEL = re.compile(rf" \((?:{'|'.join(HEADINGS)})\)$")
_HEADINGS = {heading: level for level, heading in HEADINGS.items()}


async def recall(told: Told, *subjects: str) -> dict[str, Recall]:
    """What is recalled about peers by all who hold anything about them, by each way; `listed` is all there is."""
    service, workspace_id = told.service, told.workspace_id
    listed = await everything(service, workspace_id)
    pairs = sorted({(one.observer_id, one.observed_id) for one in listed if one.observed_id in subjects})
    vector = await service.embedder.query(subjects[0])
    found: dict[str, set[tuple[str, str]]] = {"representation": set(), "search": set(), "context": set()}
    for holder, observed in pairs:
        asked = Asked(
            observer_id=holder,
            observed_id=observed,
            recipe=REPRESENTATION,
            max_conclusions=MOST,
            include_most_frequent=True,
            vector=vector,
        )
        text = await representation(service.database, workspace_id, asked)
        found["representation"] |= {(holder, shown(one.conclusion)) for one in text.recalled}
        near = await search(
            service.database, workspace_id, {"observer_id": holder, "observed_id": observed}, vector, top_k=MOST
        )
        found["search"] |= {(holder, shown(one.conclusion)) for one in near}
        whole = Asked(
            observer_id=holder,
            observed_id=observed,
            recipe=PEER_CONTEXT,
            max_conclusions=MOST,
            include_most_frequent=True,
        )
        context = await peer_context(service.database, workspace_id, whole)
        found["context"] |= {(holder, line) for line in _shown(context.representation)}
    return {
        "listed": frozenset((one.observer_id, shown(one)) for one in listed),
        **{way: frozenset(known) for way, known in found.items()},
    }


async def everything(service: Service, workspace_id: str) -> Sequence[Conclusion]:
    """All living conclusions of a workspace."""
    found: list[Conclusion] = []
    while True:
        request = PageRequest(page=len(found) // MOST + 1, size=MOST)
        page = await conclusions.page(service.database, workspace_id, Predicate(), request)
        found += page.items
        if len(found) >= page.total:
            return found


async def cards_about(told: Told, *subjects: str) -> Recall:
    """Holder and text of each line that any card about peers has; the living conclusions that it names bear it out."""
    listed = await everything(told.service, told.workspace_id)
    living = {one.id: one for one in listed}
    found: set[tuple[str, str]] = set()
    for holder, subject in sorted({(one.observer_id, one.observed_id) for one in listed}):
        if subject not in subjects:
            continue
        for line in await cards.proven(told.service.database, told.workspace_id, holder, subject) or []:
            _, _, text = line.text.partition(": ")
            named = [living[conclusion_id] for conclusion_id in line.conclusion_ids]
            assert text in {one.content for one in named}
            assert {(one.observer_id, one.observed_id) for one in named} == {(holder, subject)}
            found.add((holder, text))
    return frozenset(found)


async def spoken(told: Told, session_id: str) -> list[str]:
    """The messages that the context of a session shows."""
    found = await session_context(
        told.service.database,
        told.workspace_id,
        session_id,
        tokens=100_000,
        about=None,
        count=lambda text: 1,
        # With one, messages that it covers are left out.
        summary=False,
    )
    return [message.content for message in found.messages]


def shown(one: Conclusion) -> str:
    """A conclusion as it is told here."""
    return one.content if one.level == "explicit" else f"{one.content} ({one.level})"


def bare(text: str) -> str:
    """The words alone of a conclusion as it is told here."""
    return _LEVEL.sub("", text)


def _shown(text: str) -> list[str]:
    """The conclusions that a text for a prompt shows, without their times and premises."""
    lines: list[str] = []
    level = ""
    for line in text.splitlines():
        if line in _HEADINGS:
            level = _HEADINGS[line]
        for mark, end in _MARKS.items():
            if line.startswith(mark):
                content = line.partition(end)[2]
                lines.append(content if level == "explicit" else f"{content} ({level})")
    return lines
