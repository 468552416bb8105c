"""The OpenAI chat format: a conversation a line, `{"messages": [{"role": …, "content": …}]}`.

A line becomes a session, named by its `id` or, without one, by a digest of its messages. A role becomes a peer, unless
the message has a `name`. System and developer messages are kept as messages of a peer nobody concludes anything about:
they are instructions, not talk. Messages of tools, calls of tools and parts that are no text are left out and counted.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from app.importers.limits import (
    RuleBroken,
    as_list,
    as_object,
    checked_content,
    checked_metadata,
    checked_time,
    kind,
    required_name,
    shown,
    turn_time,
)
from app.importers.lines import json_lines
from app.importers.turns import Entry, Note, Problem, Turn

INSTRUCTIONS = frozenset({"system", "developer"})
SPEAKERS = frozenset({"user", "assistant"})
TOOLS = frozenset({"tool", "function"})
ROLES = INSTRUCTIONS | SPEAKERS | TOOLS


def read_openai(file: BinaryIO) -> Iterator[Entry]:
    """The turns of an OpenAI chat file in the order of its lines; a wrong message is named by its place in its line."""
    unnamed: Counter[str] = Counter()
    for line in json_lines(file):
        if isinstance(line.value, str):
            yield Problem(line.number, line.value)
            continue
        try:
            messages = _messages(line.value)
            session = _session(line.value, messages, unnamed)
            start = checked_time(line.value.get("created_at"))
        except RuleBroken as broken:
            yield Problem(line.number, str(broken))
            continue
        for place, message in enumerate(messages):
            yield from _entries(line.number, place, message, session, start)


def _messages(value: Mapping[str, object]) -> list[object]:
    if "messages" not in value:
        raise RuleBroken("messages: missing")
    messages = as_list(value["messages"])
    if messages is None:
        raise RuleBroken(f"messages: must be an array, not {kind(value['messages'])}")
    if not messages:
        raise RuleBroken("messages: must not be empty")
    return messages


def _session(value: Mapping[str, object], messages: list[object], unnamed: Counter[str]) -> str:
    if value.get("id") is not None:
        return required_name(value["id"], "id")
    try:
        text = json.dumps(messages, sort_keys=True)
    except RecursionError:
        raise RuleBroken("messages: must not be nested so deeply") from None
    digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    unnamed[digest] += 1
    # Two equal lines are two conversations that went alike, not one that was said twice over.
    return f"chat-{digest}" if unnamed[digest] == 1 else f"chat-{digest}-{unnamed[digest]}"


def _entries(number: int, place: int, raw: object, session: str, start: datetime | None) -> Iterator[Entry]:
    where = f"messages[{place}]"
    try:
        message = as_object(raw)
        if message is None:
            raise RuleBroken(f"must be an object, not {kind(raw)}")
        role = required_name(message.get("role"), "role")
        if role not in ROLES:
            raise RuleBroken(f"role: must be one of {', '.join(sorted(ROLES))}, not {shown(role)}")
        if role in TOOLS:
            yield Note(number, "left out messages of tools")
            return
        if message.get("tool_calls") or message.get("function_call"):
            yield Note(number, "left out calls of tools")
        text, others = _text(message)
        if others:
            yield Note(number, "left out parts that are no text")
        if text is not None:
            yield _turn(number, message, role, session, text, _moment(message, start, place))
    except RuleBroken as broken:
        yield Problem(number, f"{where}: {broken}")


def _turn(
    number: int, message: Mapping[str, object], role: str, session: str, text: str, created_at: datetime | None
) -> Turn:
    named = message.get("name")
    return Turn(
        number=number,
        session=session,
        peer=role if named is None else required_name(named, "name"),
        content=checked_content(text),
        created_at=created_at,
        metadata=checked_metadata(message.get("metadata")),
        observed=role not in INSTRUCTIONS,
    )


def _text(message: Mapping[str, object]) -> tuple[str | None, int]:
    """The text of a message, None when it has nothing but other things, and how many parts are no text."""
    content = message.get("content")
    if isinstance(content, str):
        return content, 0
    parts = as_list(content)
    if parts is not None:
        texts = [text for part in parts if (text := _part_text(part)) is not None]
        return ("\n".join(texts) if texts else None), len(parts) - len(texts)
    if content is None and (message.get("tool_calls") or message.get("function_call")):
        return None, 0
    if content is None and isinstance(message.get("refusal"), str):
        return str(message["refusal"]), 0
    raise RuleBroken("content: missing" if content is None else f"content: must be text or parts, not {kind(content)}")


def _part_text(raw: object) -> str | None:
    part = as_object(raw)
    if part is None:
        raise RuleBroken(f"content: a part must be an object, not {kind(raw)}")
    for key in ("text", "refusal"):
        if part.get("type") == key:
            text = part.get(key)
            if not isinstance(text, str):
                raise RuleBroken(f"content: the {key} of a part must be a string, not {kind(text)}")
            return text
    return None


def _moment(message: Mapping[str, object], start: datetime | None, place: int) -> datetime | None:
    own = checked_time(message.get("created_at"))
    return own if own is not None or start is None else turn_time(start, place)
