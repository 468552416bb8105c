"""What a model claims, and the checks a claim must pass before it is believed."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, get_args

import msgspec
from msgspec import Meta, Struct

from graph.slots import exclusive
from graph.types import Lasting
from workers.reasoners.evidence import names, quoted
from workers.reasoners.idle import asks, is_courtesy, orders, sentence_around
from workers.reasoners.support import unsupported
from workers.thinking.checking import Refused, believed
from workers.thinking.seam import Dropped
from workers.turns import Proposition, Turn

MAX_CHARACTERS = 600
"""Longest text of a proposition."""
MAX_CLAIMS = 200
"""Most claims of one answer that are looked at."""

LASTING: tuple[Lasting, ...] = get_args(Lasting)
_SLOT = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+){0,5}")
_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")


class Claim(Struct):
    """One proposition as the model writes it; what weak models leave out has a default."""

    text: str
    messages: list[str]
    quote: str
    about: str | None
    subject: str | None = None
    """Whom it is about, as a name of the chat."""
    lasting: Annotated[str, Meta(extra_json_schema={"enum": list(LASTING)})] = "lasting"
    slot: str | None = None
    value: str | None = None
    negated: bool = False


class Claims(Struct):
    """The model's answer."""

    propositions: list[Claim]


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
    sound, dropped = believed(claims, MAX_CLAIMS, lambda claim: _believe(claim, subject, turns, others))
    found: dict[str, Proposition] = {}
    for proposition in sound:
        # The same statement twice is one that rests on more messages.
        key = proposition.content.casefold()
        earlier = found.get(key, proposition)
        ids = dict.fromkeys([*earlier.message_ids, *proposition.message_ids])
        found[key] = msgspec.structs.replace(earlier, message_ids=tuple(ids))
    return tuple(found.values()), dropped


def _believe(claim: Claim, subject: str, turns: Mapping[str, Turn], others: Mapping[str, Turn]) -> Proposition:
    content = " ".join(claim.text.replace("\0", " ").split())
    _check_text(content, subject, claim.subject)
    _check_messages(claim.messages, subject, turns, others)
    cited = [turns[name] for name in dict.fromkeys(claim.messages)]
    for turn in cited:
        words = quoted(turn.content, claim.quote)
        if words is not None:
            _check_quote(content, words, turn)
            around = sorted({*turns.values(), *others.values()} - {turn, *cited}, key=lambda one: one.created_at)
            said = [turn.content, *(one.content for one in cited if one is not turn), *(one.content for one in around)]
            peers = {subject, *(one.peer_id for one in (*turns.values(), *others.values()))}
            reason = unsupported(content, words, said, peers, turn.created_at)
            if reason is not None:
                raise Refused(reason)
            ids = dict.fromkeys([turn.message_id, *(one.message_id for one in cited)])
            return _filled(Proposition(content, tuple(ids), words, moment(claim.about, turn.created_at)), claim, words)
    raise Refused("quote not in the message")


def _check_quote(content: str, words: str, turn: Turn) -> None:
    sentence = sentence_around(turn.content, words)
    if orders(sentence) or orders(content):
        raise Refused("instruction")
    if asks(sentence):
        raise Refused("question")
    if is_courtesy(words) and len(turn.content) <= len(words) + 3:
        raise Refused("chatter")


def _filled(proposition: Proposition, claim: Claim, words: str) -> Proposition:
    """With the slot, where its name is one and its value stands in the statement or in the quoted words."""
    slot = (claim.slot or "").strip().casefold()
    value = quoted(proposition.content, claim.value or "") or quoted(words, claim.value or "")
    lasting = next((one for one in LASTING if one == claim.lasting), "lasting")
    proposition = msgspec.structs.replace(proposition, lasting=lasting)
    if value is None or not _SLOT.fullmatch(slot):
        return proposition
    return msgspec.structs.replace(
        proposition, slot=slot, value=value, exclusive=exclusive(slot), negated=claim.negated
    )


def _check_text(content: str, subject: str, about: str | None) -> None:
    if not any(letter.isalnum() for letter in content):
        raise Refused("empty")
    if len(content) > MAX_CHARACTERS:
        raise Refused("too long")
    if content.rstrip("\"'”’)").endswith(("?", "？", "؟")):  # noqa: RUF001 -- question marks of other scripts
        raise Refused("question")
    if not names(content, subject):
        raise Refused("subject not named")
    if about is not None and not names(about, subject):
        raise Refused("wrong subject")


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
