"""What a model claims, and the checks a claim must pass before it is believed."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from workers.reasoners.evidence import names, quoted
from workers.reasoners.seam import Dropped
from workers.turns import Proposition, Turn

MAX_CHARACTERS = 600
"""Longest text of a proposition."""
MAX_CLAIMS = 200
"""Most claims of one answer that are looked at."""

_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")


class Claim(Struct):
    """One proposition as the model writes it."""

    text: str
    messages: list[str]
    quote: str
    about: str | None


class Claims(Struct):
    """The model's answer."""

    propositions: list[Claim]


class Refused(Exception):
    """A claim fails a check; the message names the check."""


def check(
    claims: Sequence[Claim], subject: str, turns: Mapping[str, Turn], others: Mapping[str, Turn]
) -> tuple[tuple[Proposition, ...], tuple[Dropped, ...]]:
    """Turn the claims that hold into propositions, and count the others by reason.

    Args:
        claims: what the model wrote.
        subject: the peer they are to be about.
        turns: the messages that may be concluded from, by the id the model knows them by.
        others: the messages that were shown for context, likewise.
    """
    found: dict[str, Proposition] = {}
    dropped: Counter[str] = Counter()
    if len(claims) > MAX_CLAIMS:
        dropped["too many"] = len(claims) - MAX_CLAIMS
    for claim in claims[:MAX_CLAIMS]:
        try:
            proposition = _believe(claim, subject, turns, others)
        except Refused as fault:
            dropped[str(fault)] += 1
            continue
        # The same statement twice is one that rests on more messages.
        key = proposition.content.casefold()
        earlier = found.get(key, proposition)
        ids = dict.fromkeys([*earlier.message_ids, *proposition.message_ids])
        found[key] = msgspec.structs.replace(earlier, message_ids=tuple(ids))
    return tuple(found.values()), tuple(Dropped(reason, count) for reason, count in sorted(dropped.items()))


def _believe(claim: Claim, subject: str, turns: Mapping[str, Turn], others: Mapping[str, Turn]) -> Proposition:
    content = " ".join(claim.text.replace("\0", " ").split())
    _check_text(content, subject)
    _check_messages(claim.messages, subject, turns, others)
    cited = [turns[name] for name in dict.fromkeys(claim.messages)]
    for turn in cited:
        words = quoted(turn.content, claim.quote)
        if words is not None:
            ids = dict.fromkeys([turn.message_id, *(one.message_id for one in cited)])
            return Proposition(content, tuple(ids), words, moment(claim.about, turn.created_at))
    raise Refused("quote not in the message")


def _check_text(content: str, subject: str) -> None:
    if not any(letter.isalnum() for letter in content):
        raise Refused("empty")
    if len(content) > MAX_CHARACTERS:
        raise Refused("too long")
    if content.rstrip("\"'”’)").endswith(("?", "？", "؟")):  # noqa: RUF001 -- question marks of other scripts
        raise Refused("question")
    if not names(content, subject):
        raise Refused("subject not named")


def _check_messages(cited: Sequence[str], subject: str, turns: Mapping[str, Turn], others: Mapping[str, Turn]) -> None:
    if not cited:
        raise Refused("no message")
    for name in cited:
        if name in turns:
            continue
        if name not in others:
            raise Refused("unknown message")
        raise Refused("message for context only" if others[name].peer_id == subject else "another speaker's message")


def moment(about: str | None, said_at: datetime) -> datetime | None:
    """Start of the time that a year, a month, a day or a moment in ISO 8601 names; None for anything else.

    What names no offset is read in the time zone of `said_at`.
    """
    text = (about or "").strip()
    month = _MONTH.fullmatch(text)
    try:
        if month:
            return datetime(int(month[1]), int(month[2] or 1), 1, tzinfo=said_at.tzinfo)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=said_at.tzinfo)
