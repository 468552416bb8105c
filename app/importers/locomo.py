"""The published LoCoMo format: a JSON array of samples, each a conversation of two speakers over many sessions.

Each LoCoMo session becomes a session of its own, `<sample_id>-session_<N>`. A turn's text is kept as it is; its
`dia_id` and `blip_caption` (what a shared picture shows) go into the message's metadata. The first turn has the
session's time, taken as UTC, and each turn after it comes 30 seconds later. Everything else in a sample, `qa` too, is
passed over.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import BinaryIO

from app.importers.json_array import array_elements
from app.importers.limits import (
    RuleBroken,
    as_list,
    as_object,
    checked_content,
    checked_metadata,
    kind,
    required_name,
    shown,
    turn_time,
)
from app.importers.lines import decoded_json
from app.importers.turns import Entry, Problem, Turn

_SESSION = re.compile(r"session_(\d+)")
_MOMENT = re.compile(r"(\d{1,2}):(\d{2})\s*([ap])\.?m\.?\s+on\s+(\d{1,2})\s+([a-z]+),?\s+(\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEPT = ("dia_id", "blip_caption")


def read_locomo(file: BinaryIO) -> Iterator[Entry]:
    """The turns of a LoCoMo file, sample by sample, session by session in the order of their numbers."""
    turns = 0
    names: set[str] = set()
    sample = 0
    try:
        for sample, raw in enumerate(array_elements(file), start=1):
            try:
                name, conversation = _sample(sample, raw)
                if name in names:
                    raise RuleBroken(f"sample_id: must be unique, {shown(name)} was used before")
            except RuleBroken as broken:
                yield Problem(sample, str(broken), "sample")
                continue
            names.add(name)
            for entry, counted in _sessions(sample, name, conversation, turns):
                turns = counted
                yield entry
    except RuleBroken as broken:
        yield Problem(sample + 1, str(broken), "sample")


def locomo_moment(text: str) -> datetime | None:
    """The UTC time in words such as "1:56 pm on 8 May, 2023"; None when they are not of that form."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half, day, month, year = found.groups()
    if month[:3].lower() not in _MONTHS or not 1 <= int(hour) <= 12:
        return None
    try:
        return datetime(
            int(year),
            _MONTHS.index(month[:3].lower()) + 1,
            int(day),
            int(hour) % 12 + (12 if half in "pP" else 0),
            int(minute),
            tzinfo=UTC,
        )
    except ValueError:
        return None


def _sample(number: int, raw: bytes) -> tuple[str, dict[str, object]]:
    value = decoded_json(raw, "sample")
    sample = as_object(value)
    if sample is None:
        raise RuleBroken(f"sample: must be an object, not {kind(value)}")
    conversation = as_object(sample.get("conversation"))
    if conversation is None:
        raise RuleBroken(f"conversation: must be an object, not {kind(sample.get('conversation'))}")
    name = sample.get("sample_id")
    if isinstance(name, int):
        name = str(name)
    return (f"sample-{number}" if name is None else required_name(name, "sample_id")), conversation


def _sessions(sample: int, name: str, conversation: Mapping[str, object], before: int) -> Iterator[tuple[Entry, int]]:
    """The entries of one sample, each with the count of the file's turns so far."""
    numbered = sorted((int(found[1]), key) for key in conversation if (found := _SESSION.fullmatch(key)))
    for _, key in numbered:
        turns = as_list(conversation[key])
        try:
            if turns is None:
                raise RuleBroken(f"{key}: must be an array, not {kind(conversation[key])}")
            start = _start(conversation, key) if turns else None
        except RuleBroken as broken:
            yield Problem(sample, f"{shown(name)}: {broken}", "sample"), before
            before += len(turns or ())
            continue
        for place, raw in enumerate(turns):
            before += 1
            yield _entry(before, raw, name, key, place, start), before


def _start(conversation: Mapping[str, object], key: str) -> datetime:
    field = f"{key}_date_time"
    text = conversation.get(field)
    if not isinstance(text, str):
        raise RuleBroken(f"{field}: {'missing' if text is None else f'must be a string, not {kind(text)}'}")
    moment = locomo_moment(text)
    if moment is None:
        raise RuleBroken(f'{field}: must be of the form "1:56 pm on 8 May, 2023", not {shown(text)}')
    return moment


def _entry(number: int, raw: object, sample: str, key: str, place: int, start: datetime | None) -> Entry:
    try:
        turn = as_object(raw)
        if turn is None:
            raise RuleBroken(f"must be an object, not {kind(raw)}")
        text = turn.get("text")
        if text is None and turn.get("blip_caption") is not None:
            text = ""
        return Turn(
            number=number,
            session=f"{sample}-{key}",
            peer=required_name(turn.get("speaker"), "speaker"),
            content=checked_content(text, "text"),
            created_at=None if start is None else turn_time(start, place),
            metadata=checked_metadata({field: turn[field] for field in _KEPT if turn.get(field) is not None}),
            circle=sample,
        )
    except RuleBroken as broken:
        return Problem(number, f"{shown(sample)}, {key}[{place}]: {broken}", "turn")
