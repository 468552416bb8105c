"""From the turns of one peer to propositions about that peer: sentences, gate, parse, clauses, rewriting, dates."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from spacy.tokens import Doc

from graph.types import Lasting
from workers.rules import content, gate
from workers.rules import vocabulary as words
from workers.rules.clauses import Clause, asides, clauses
from workers.rules.dates import resolve
from workers.rules.language import is_english
from workers.rules.parsing import parse
from workers.rules.person import Writer
from workers.rules.sentences import Sentence, split
from workers.rules.slots import filled
from workers.rules.tense import tense_of
from workers.rules.wording import plain
from workers.turns import Proposition, Turn

MODEL = "rules"
_MAX_TOKENS = 80


class _Candidate(Struct, frozen=True):
    """A sentence that passed the gate, with the regular words that are parsed."""

    turn: Turn
    sentence: Sentence
    text: str


class _Person(Struct, frozen=True):
    """Somebody the last sentence was about, for a "she" or "he" that follows: the words, and where they were said."""

    words: str
    message_id: str
    start: int
    end: int


def extract(
    turns: Sequence[Turn], subject: str, name: str | None = None, context: Sequence[Turn] = ()
) -> list[Proposition]:
    """Draw propositions about `subject` from what that peer says about itself, in the order it was said.

    Turns by other peers are ignored; `context`, messages around them, only tells whom the peer speaks to. `name` is
    written into the text, the peer's id by default. Takes any text and raises nothing for it; what is not understood
    gives nothing.
    """
    called = name or subject
    others = _names([turn.peer_id for turn in (*turns, *context) if turn.peer_id != subject])
    candidates = [candidate for turn in turns if turn.peer_id == subject for candidate in _candidates(turn, others)]
    found: dict[tuple[str, str], Proposition] = {}
    person: _Person | None = None
    for candidate, doc in zip(candidates, parse([candidate.text for candidate in candidates]), strict=True):
        if person is not None and (person.message_id != candidate.turn.message_id or not _is_next(person, candidate)):
            person = None
        if len(doc) > _MAX_TOKENS:
            continue
        person = _read(doc, candidate, called, person, found)
    return list(found.values())


def _names(peer_ids: Sequence[str]) -> list[str]:
    """What the others may be called: their ids, the words in them, and the short forms of those words."""
    names: set[str] = set()
    for peer_id in peer_ids:
        for part in {peer_id, *re.split(r"[^\w]+|_|\d+", peer_id)}:
            if len(part) >= 3:
                names |= {part, *(part[:length] for length in range(3, min(len(part), 6)))}
    return sorted(names, key=lambda name: (-len(name), name))


def _candidates(turn: Turn, others: Sequence[str]) -> Iterator[_Candidate]:
    if gate.is_kidding(turn.content):
        return
    seen: set[str] = set()
    for sentence in split(turn.content):
        if sentence.text in seen:
            continue
        seen.add(sentence.text)
        if gate.asks(sentence.text) or gate.instructs(sentence.text) or not is_english(sentence.text):
            continue
        text = plain(sentence.text, others)
        follows = re.match(r"(?:she|he)\b", text, re.IGNORECASE) is not None
        if gate.worth_parsing(text) or (follows and not gate.is_idle(text)):
            yield _Candidate(turn, sentence, text)


def _is_next(person: _Person, candidate: _Candidate) -> bool:
    """Whether only white space lies between the sentence about the person and this one."""
    return not candidate.turn.content[person.end : candidate.sentence.start].strip()


def _read(
    doc: Doc, candidate: _Candidate, called: str, person: _Person | None, found: dict[tuple[str, str], Proposition]
) -> _Person | None:
    """Add the propositions of one sentence to `found`; returns whom a following "she" or "he" would mean."""
    for clause in clauses(doc):
        known = person if person is not None and _may_mean(clause, person) else None
        proposition = None
        if known is not None or content.is_about_author(clause):
            proposition = _proposition(clause, candidate, called, known)
        drawn = [proposition] if proposition else [_proposition(part, candidate, called) for part in asides(clause)]
        for one in drawn:
            if one is not None:
                found.setdefault((one.content, candidate.turn.message_id), one)
        if known is None:
            person = _introduced(clause, candidate, called)
        else:
            person = _Person(known.words, known.message_id, known.start, candidate.sentence.end)
    return person


def _may_mean(clause: Clause, person: _Person) -> bool:
    pronoun = clause.subject.lower_
    if pronoun not in {"he", "she"}:
        return False
    kin = {word.lower() for word in person.words.split()}
    return not kin & (words.MALE if pronoun == "she" else words.FEMALE)


def _introduced(clause: Clause, candidate: _Candidate, called: str) -> _Person | None:
    """The relative or friend a clause is about, if there is just one."""
    subject = clause.subject
    if subject.lower_ not in words.RELATIVES or not content.is_about_author(clause) or clause.borrowed:
        return None
    if any(t.dep_ == "conj" for t in subject.subtree):
        return None
    phrase = Clause(head=subject, subject=subject, tokens=tuple(subject.subtree))
    sentence = candidate.sentence
    return _Person(Writer(called, phrase).write(), candidate.turn.message_id, sentence.start, sentence.end)


def _proposition(
    clause: Clause, candidate: _Candidate, called: str, known: _Person | None = None
) -> Proposition | None:
    if not content.is_real(clause):
        return None
    dropped = content.dropped_words(clause, subject_known=known is not None)
    if dropped is None or not content.tells_something(clause, dropped):
        return None
    written = Writer(called, clause, known.words if known else None).write(dropped)
    if written.count("(") != written.count(")") or written.count('"') % 2:
        return None
    if not written or called not in written or _UNREWRITTEN.search(written.replace(called, "")):
        return None
    turn = candidate.turn
    start = known.start if known else candidate.sentence.start
    resolved = resolve(written, turn.created_at, tense_of(clause))
    text = resolved.text if resolved.text.startswith(called) else resolved.text[:1].upper() + resolved.text[1:]
    slot = filled(f"{text}.", called)
    return Proposition(
        content=f"{text}.",
        message_ids=(turn.message_id,),
        quote=turn.content[start : candidate.sentence.end],
        about_at=resolved.about_at,
        slot=slot.slot if slot else None,
        value=slot.value if slot else None,
        exclusive=slot.exclusive if slot else False,
        negated=slot.negated if slot else False,
        lasting=slot.lasting if slot else _lasting(clause),
    )


def _lasting(clause: Clause) -> Lasting:
    """What happened is an occasion; what is going on holds for a while."""
    if tense_of(clause) == "past":
        return "occasion"
    if clause.head.tag_ == "VBG":
        return "while"
    return "lasting"


_UNREWRITTEN = re.compile(r"\b(?:I|me|my|mine|myself|we|us|our|you|your)\b|\?|\bhttps?:", re.IGNORECASE)
