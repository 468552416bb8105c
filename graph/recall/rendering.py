"""A representation as text for a prompt: one section per level, oldest first (contract section 6.7)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from graph.recall.recalled import Recalled
from graph.types import Level

HEADINGS: Mapping[Level, str] = {
    "explicit": "## Explicit Conclusions",
    "deductive": "## Deductive Conclusions",
    "inductive": "## Inductive Conclusions",
    "contradiction": "## Contradictions",
}
#: An inductive conclusion may rest on dozens; more than this many are only counted.
SHOWN_SOURCES = 5
INDENT = "    "


def render(recalled: Iterable[Recalled]) -> str:
    """Write conclusions as Markdown: sections in the order of `HEADINGS`, each in order of time.

    The time is that of the latest source message where there is one, else that of the conclusion, in UTC.

    Returns:
        the text, with no line break at its end; empty when nothing was recalled.
    """
    ordered = sorted(
        recalled, key=lambda one: (one.conclusion.observed_at, one.conclusion.created_at, one.conclusion.id)
    )
    sections: list[str] = []
    for level, heading in HEADINGS.items():
        entries = [_ENTRIES[level](one) for one in ordered if one.conclusion.level == level]
        if entries:
            sections.append(f"{heading}\n\n{_GAPS[level].join(entries)}")
    return "\n\n".join(sections)


def _explicit(one: Recalled) -> str:
    return f"[{_moment(one.conclusion.observed_at)}] {_line(one.conclusion.content)}"


def _deductive(one: Recalled) -> str:
    return "\n".join([_explicit(one), *_listed("Premises:", one.premises)])


def _inductive(one: Recalled) -> str:
    lines = [f"**Pattern** [{one.confidence}]: {_line(one.conclusion.content)}"]
    if one.pattern != "pattern":
        lines.append(f"{INDENT}**Type**: {one.pattern}")
    lines += _listed("Sources:", one.premises[:SHOWN_SOURCES])
    if len(one.premises) > SHOWN_SOURCES:
        lines.append(f"{INDENT}- and {len(one.premises) - SHOWN_SOURCES} more")
    return "\n".join(lines)


def _contradiction(one: Recalled) -> str:
    # With their times, the oldest first: who reads it can judge which to believe.
    dated = sorted(zip(one.premised_at, one.premises, strict=True)) if one.premised_at else []
    sides = [f"[{_moment(at)}] {text}" for at, text in dated] or one.premises
    return "\n".join([f"**Contradiction**: {_line(one.conclusion.content)}", *_listed("Between:", sides)])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat(" ")


def _listed(label: str, texts: Sequence[str]) -> list[str]:
    return [f"{INDENT}{label}", *(f"{INDENT}- {_line(text)}" for text in texts)] if texts else []


def _line(text: str) -> str:
    # A conclusion is data: with line breaks of its own it could pass for a heading or for several conclusions.
    return " ".join(text.split())


_ENTRIES: Mapping[Level, Callable[[Recalled], str]] = {
    "explicit": _explicit,
    "deductive": _deductive,
    "inductive": _inductive,
    "contradiction": _contradiction,
}
_GAPS: Mapping[Level, str] = {"explicit": "\n", "deductive": "\n\n", "inductive": "\n\n", "contradiction": "\n\n"}
