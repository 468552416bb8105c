"""Rewrites a clause from the first person to the third.

"I" becomes the name, "my" the name's (or "their" where the name is the subject of the same verb), "we" the name with
"(with others)" after it, since who the others are is not said. No gender is guessed.
"""

import re

from msgspec import Struct
from spacy.tokens import Doc, Token

from workers.rules.clauses import AUXILIARIES, FIRST_SUBJECTS, Clause, is_of_mine, subject_of

_SINGULAR = {
    "am": "is", "'m": "is", "m": "is", "are": "is", "'re": "is", "have": "has", "'ve": "has", "do": "does",
    "were": "was",
}  # fmt: skip
_SPELT_OUT = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will"}
_LOOKS_PAST = re.compile(r"\b(?:yesterday|last|ago|when|in (?:19|20)\d\d)\b", re.IGNORECASE)
_SAME_IN_PAST = frozenset({"read", "put", "cut", "set", "hit", "let", "hurt", "bet", "split", "spread", "shut", "quit"})
_NOT_PAST_ED = frozenset({"need", "feed", "bleed", "breed", "speed", "proceed", "succeed", "exceed", "weed", "seed"})


class Writer(Struct, frozen=True):
    """Writes clauses about one person. `antecedents` maps a pronoun's index to the words that stand for it."""

    name: str
    clause: Clause
    antecedent: str | None = None

    def write(self, dropped: frozenset[int] = frozenset()) -> str:
        """The clause in the third person, without the tokens in `dropped`, with neither capital nor full stop added."""
        tokens = [token for token in (*self.clause.borrowed, *self.clause.tokens) if token.i not in dropped]
        agreeing = self._agreeing_verbs()
        parts: list[str] = []
        for position, token in enumerate(tokens):
            word = self._word(token, agreeing)
            if word != token.text and token.i and not token.nbor(-1).whitespace_ and word[:1].isalpha() and parts:
                parts.append(" ")
            parts.append(word)
            following = tokens[position + 1] if position + 1 < len(tokens) else None
            if following is not None and (token.whitespace_ or following.i != token.i + 1):
                parts.append(" ")
        return tidy("".join(parts))

    def _word(self, token: Token, agreeing: frozenset[int]) -> str:
        lower = token.lower_
        if self.antecedent is not None and token.i == self.clause.subject.i:
            return self.antecedent
        if token.i in agreeing:
            return self._singular(token)
        pronoun = self._pronoun(token)
        if pronoun is not None:
            return pronoun
        if token.dep_ in AUXILIARIES or token.tag_ in {"VBP", "VBZ", "MD", "VBD"}:
            return self._spelt_out(token)
        return token.text if lower != "i" else self.name

    def _pronoun(self, token: Token) -> str | None:
        lower = token.lower_
        if token.tag_ not in {"PRP", "PRP$"} and lower not in {"i", "my", "me", "mine", "our", "us", "we"}:
            return None
        if lower in {"i", "me"}:
            return f"{self.name}'s" if is_of_mine(token) else self.name
        if lower == "we":
            return self._together if token.i == self.clause.subject.i or not self._is_about_self() else "they"
        if lower == "us":
            return "them" if self._is_about_self() else self._together
        if lower in {"my", "our"}:
            return "their" if self._is_bound(token) else f"{self.name}'s"
        if lower in {"mine", "ours"}:
            return f"{self.name}'s"
        return "themselves" if lower in {"myself", "ourselves", "ourself"} else None

    @property
    def _together(self) -> str:
        return f"{self.name} (with others)"

    def _is_about_self(self) -> bool:
        return self.clause.subject.lower_ in FIRST_SUBJECTS

    def _is_bound(self, token: Token) -> bool:
        """Whether the name is the subject of the verb that governs the word, so that "their" can only mean it."""
        subject = self.clause.subject
        if subject.i <= token.i and token in subject.subtree:
            return False
        for ancestor in token.ancestors:
            own = self.clause.subject if ancestor.i == self.clause.head.i else subject_of(ancestor)
            if own is not None and token not in own.subtree:
                return own.lower_ in FIRST_SUBJECTS and (own.i < token.i) and not _is_joined(own)
        return False

    def _agreeing_verbs(self) -> frozenset[int]:
        """The finite verbs whose subject is the name alone."""
        found: set[int] = set()
        for token in (*self.clause.borrowed, *self.clause.tokens):
            if token.lower_ not in FIRST_SUBJECTS or token.dep_ not in {"nsubj", "nsubjpass"} or _is_joined(token):
                continue
            if token.lower_ == "we" and self._pronoun(token) == "they":
                continue
            verbs = _finite_verbs(token.head)
            # "My wife and I are": whatever the parser made of it, the verb says that there are several.
            if token.lower_ == "i" and any(token.doc[i].lower_ in {"are", "'re"} for i in verbs):
                continue
            found |= verbs
        if self.clause.borrowed and self._is_about_self() and not _is_joined(self.clause.subject):
            borrowed = [token for token in self.clause.borrowed if token.dep_ in AUXILIARIES]
            found |= {borrowed[0].i} if borrowed else _finite_verbs(self.clause.head)
        return frozenset(found)

    def _singular(self, token: Token) -> str:
        lower = token.lower_
        if lower in _SINGULAR:
            return _SINGULAR[lower]
        if lower in {"'d", "ai"} or token.tag_ == "MD":
            return self._spelt_out(token)
        if token.tag_ not in {"VBP", "VB"}:
            return token.text
        past = lower == "quit" or (lower in _SAME_IN_PAST and _looks_past(token.doc))
        return token.text if past or (lower.endswith("ed") and lower not in _NOT_PAST_ED) else third_person(token.text)

    def _spelt_out(self, token: Token) -> str:
        lower = token.lower_
        if lower == "'d":
            return "had" if _next_verb(token) == "VBN" or token.nbor().lower_ == "better" else "would"
        if lower == "'s" and token.dep_ != "case":
            verb = token.head
            does = any(child.dep_ in {"dobj", "ccomp"} for child in verb.children) or _is_me(verb.i + 1, token.doc)
            perfect = _next_verb(token) == "VBN" and (token.dep_ == "aux" or does)
            return "has" if perfect else "is"
        if lower == "ai":
            return "is"
        return _SPELT_OUT.get(lower, token.text)


def _is_me(index: int, doc: Doc) -> bool:
    return index < len(doc) and doc[index].lower_ in {"me", "us"}


def _looks_past(doc: Doc) -> bool:
    return _LOOKS_PAST.search(doc.text) is not None or any(token.tag_ == "VBD" for token in doc)


def _is_joined(subject: Token) -> bool:
    """Whether the subject is one of several ("Tom and I")."""
    return subject.dep_ == "conj" or any(child.dep_ == "conj" for child in subject.children)


def _next_verb(token: Token) -> str:
    following = next((t for t in token.doc[token.i + 1 : token.i + 4] if t.tag_.startswith("V")), None)
    return following.tag_ if following is not None else ""


def _finite_verbs(head: Token) -> set[int]:
    """The finite verb of a clause and, where that is its main verb, those joined to it with nothing of their own."""
    auxiliaries = [child for child in head.children if child.dep_ in AUXILIARIES]
    auxiliaries += [inner for child in auxiliaries for inner in child.children if inner.dep_ in AUXILIARIES]
    if auxiliaries:
        return {min(token.i for token in auxiliaries)}
    joined = {
        child.i
        for child in head.conjuncts
        if subject_of(child) is None and child.tag_ in {"VBP", "VB"}
        and not any(inner.dep_ in AUXILIARIES for inner in child.children)
    }  # fmt: skip
    return {head.i} | joined


def third_person(verb: str) -> str:
    """The third person singular of a verb's base form."""
    lower = verb.lower()
    if lower in {"have", "do", "go", "be"}:
        return {"have": "has", "do": "does", "go": "goes", "be": "is"}[lower]
    if re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", lower):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", lower) else f"{verb}s"


def tidy(text: str) -> str:
    """Single spaces, none before a comma, and nothing but words at the edges."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+([,.;:!?)%])", r"\1", text)
    text = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    text = re.sub(r"[.,!]+([\"\u201d'])[\s.,!]*$", r"\1", text)
    text = re.sub(r"^[\s,.;:!?\u2013—-]+|[\s,;:.!\u2013—-]+$", "", text)
    text = re.sub(r"(?:[\s,]+(?:and|or|but|so))+$", "", text)
    return re.sub(r"^(?:and|but|so|also|plus|then|or)\b[\s,]*", "", text, flags=re.IGNORECASE)
