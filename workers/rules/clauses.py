"""Splits a parsed sentence into clauses that can stand alone, each with its subject and its own words."""

from collections.abc import Iterator

from msgspec import Struct
from spacy.tokens import Doc, Token

from workers.rules.vocabulary import RELATIVES

NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS", "CD"})
VERBS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD"})
FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
AUXILIARIES = frozenset({"aux", "auxpass"})
FIRST_SUBJECTS = frozenset({"i", "we"})
_FACTUAL = frozenset({"after", "since", "because", "when", "while", "as", "once"})
_REFERRING = frozenset({"it", "them", "they", "its", "their", "he", "she", "him", "her", "his", "this", "that"})


class Clause(Struct, frozen=True):
    """A clause: its verb, its subject, and its words in order.

    `borrowed` are the subject and auxiliaries of the clause it is joined to, in order, where it has none of its own.
    """

    head: Token
    subject: Token
    tokens: tuple[Token, ...]
    borrowed: tuple[Token, ...] = ()

    def auxiliaries(self) -> list[Token]:
        """The auxiliary verbs in order, borrowed ones first."""
        own = [child for child in self.head.children if child.dep_ in AUXILIARIES]
        own += [inner for child in own for inner in child.children if inner.dep_ in AUXILIARIES]
        borrowed = [token for token in self.borrowed if token.dep_ in AUXILIARIES]
        return borrowed + sorted(own, key=lambda token: token.i)


def clauses(doc: Doc) -> list[Clause]:
    """The clauses of a sentence that have a subject, in order; subordinate ones stay within theirs."""
    heads = sorted((head for sent in doc.sents for head in _heads(sent.root)), key=lambda token: token.i)
    chosen = {head.i for head in heads}
    found: list[Clause] = []
    for head in heads:
        clause = _clause(head, chosen)
        if clause is not None:
            found.append(clause)
    return found


def asides(clause: Clause) -> list[Clause]:
    """What a clause says by the way of the first person's past: "I like it because I grew up there"."""
    found: list[Clause] = []
    for token in clause.tokens:
        if token.dep_ != "advcl" or token.tag_ != "VBD":
            continue
        subject = subject_of(token)
        opener = token.left_edge
        if subject is None or subject.lower_ not in FIRST_SUBJECTS or opener.lower_ not in _FACTUAL:
            continue
        words = tuple(inner for inner in token.subtree if inner.i >= subject.left_edge.i)
        found.append(Clause(head=token, subject=subject, tokens=words))
    return found


def subject_of(head: Token) -> Token | None:
    """The subject of a verb, if it has one of its own."""
    return next((child for child in head.children if child.dep_ in SUBJECTS), None)


def is_of_mine(token: Token) -> bool:
    """Whether "me" stands for "mine", as `wording` has it for the parser's sake: "a friend of me"."""
    return token.lower_ == "me" and token.head.lower_ == "of" and token.head.head.lower_ in RELATIVES


def _heads(root: Token) -> Iterator[Token]:
    yield root
    for child in root.children:
        if child.tag_ not in VERBS:
            continue
        own = subject_of(child)
        if (
            (child.dep_ == "conj" and (_stands_alone(child, root) if own is None else _is_finite(child)))
            or (child.dep_ in {"ccomp", "parataxis"} and own is not None and _is_spliced(child, root))
            or (root.tag_ not in VERBS and own is not None and child.dep_ in {"ccomp", "parataxis", "appos", "acl"})
        ):
            yield from _heads(child)


def _is_finite(head: Token) -> bool:
    return head.tag_ in FINITE or any(child.dep_ in AUXILIARIES and child.tag_ in FINITE for child in head.children)


def _is_spliced(child: Token, root: Token) -> bool:
    """Two sentences joined by a comma: the first hangs on the second without a conjunction."""
    if any(inner.dep_ == "mark" for inner in child.children) or not _is_finite(child):
        return False
    subject = subject_of(root)
    if child.i < root.i:
        return subject is not None and subject.i > child.i
    between = root.doc[root.i + 1 : child.left_edge.i]
    return child.dep_ == "parataxis" or any(token.text in {",", ";", ":", "-", "\u2013", "."} for token in between[-1:])


def _stands_alone(child: Token, head: Token) -> bool:
    """Whether a joined verb without a subject of its own tells something without the first verb's words."""
    if any(inner.dep_ == "neg" for inner in head.children) or subject_of(head) is None:
        return False
    joiner = next((inner for inner in head.children if inner.dep_ == "cc"), None)
    if joiner is not None and joiner.lower_ in {"or", "nor"}:
        return False
    if not _is_finite(child) and not _shares_auxiliary(child, head):
        return False
    if child.tag_ == "VBD" and head.lower_ in {"'m", "am", "'re", "are"}:  # "I'm excited and scared"
        return False
    inside = list(child.subtree)
    if any(token.lower_ in _REFERRING and token.tag_ != "IN" for token in inside):
        return False
    mine = {token.i for token in inside}
    rest = [token for token in head.subtree if token.i > head.i and token.i not in mine]
    return any(token.tag_ in NOUNS for token in inside) and any(token.tag_ in NOUNS for token in rest)


def _shares_auxiliary(child: Token, head: Token) -> bool:
    alike = child.tag_ == head.tag_ and child.tag_ in {"VBG", "VBN", "VB"}
    return alike and any(inner.dep_ in AUXILIARIES for inner in head.children)


def _clause(head: Token, chosen: set[int]) -> Clause | None:
    if head.tag_ not in VERBS or (head.dep_ == "ROOT" and any(child.dep_ == "mark" for child in head.children)):
        return None
    others = {inner.i for token in head.subtree if token.i in chosen and token.i != head.i for inner in token.subtree}
    kept = [token for token in head.subtree if token.i not in others]
    kept = [token for token in kept if not _is_joint(token, head, others)]
    kept = _unbroken(kept, head, others)
    subject, borrowed = subject_of(head), ()
    if subject is None:
        source = head.head
        while subject_of(source) is None and source.dep_ == "conj" and source.head.i in chosen:
            source = source.head
        subject = subject_of(source)
        if subject is None or head.dep_ != "conj":
            return None
        taken = list(subject.subtree)
        if not _is_finite(head):
            taken += [child for child in source.children if child.dep_ in AUXILIARIES]
        borrowed = tuple(taken)
    return Clause(head=head, subject=subject, tokens=tuple(kept), borrowed=borrowed)


def _unbroken(kept: list[Token], head: Token, others: set[int]) -> list[Token]:
    """The words up to where another clause, cut off, begins after the verb: what follows it is rarely this clause's."""
    cut = min((i for i in others if i > head.i), default=None)
    return kept if cut is None else [token for token in kept if token.i < cut]


def _is_joint(token: Token, head: Token, others: set[int]) -> bool:
    """A conjunction or comma that led over to a clause now cut off."""
    if token.head.i != head.i or token.dep_ not in {"cc", "punct"} or token.i < head.i:
        return False
    for following in range(token.i + 1, len(token.doc)):
        if following in others:
            return True
        if token.doc[following].dep_ not in {"cc", "punct", "advmod"}:
            return False
    return False
