"""Judges a parsed clause: whether it speaks of its author, can be understood alone, and tells anything."""

from spacy.tokens import Token

from workers.rules import vocabulary as words
from workers.rules.clauses import FIRST_SUBJECTS, NOUNS, Clause, is_of_mine, subject_of

_PRUNABLE = frozenset({"advcl", "parataxis", "appos"})
_UNREAL = frozenset({"could", "should", "would", "may", "might", "must", "shall", "'d", "ought"})
_OWN = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
_POINTERS = frozenset({"one", "ones", "another", "both", "other", "others"})
_POINTER_TAGS = frozenset({"NN", "NNS", "DT", "CD", "PRP"})
_DESIRES = frozenset({"love", "like", "prefer", "rather"})


def dropped_words(clause: Clause, *, subject_known: bool) -> frozenset[int] | None:
    """What to leave out so that the clause can be understood alone; None when that cannot be done.

    `subject_known` says that the subject, a pronoun, has words to stand for it.
    """
    dropped = {token.i for token in clause.tokens if _is_filler(token, clause)}
    for child in clause.head.children:
        if child.dep_ == "conj" and _is_command(child, clause):
            joint = {token.i for token in clause.head.children if token.dep_ in {"cc", "punct"} and token.i < child.i}
            dropped |= {inner.i for inner in child.subtree} | {i for i in joint if i == child.left_edge.i - 1}
    dropped |= {token.i for token in clause.tokens if token.lower_ == "here" and _is_spare(token)}
    for token in clause.tokens:
        if token.i in dropped or not _is_unclear(token, clause, subject_known=subject_known):
            continue
        branch = _branch(token, clause)
        if branch is None:
            return None
        dropped |= {inner.i for inner in branch.subtree}
    return frozenset(dropped)


def _is_filler(token: Token, clause: Clause) -> bool:
    return token.lower_ in words.FILLERS and token.dep_ == "advmod" and token.head.i == clause.head.i


def _is_spare(token: Token) -> bool:
    """Whether the verb says where with more than "here": "moved here from Chile"."""
    around = (*token.head.children, *token.children)
    places = (child for child in around if child.dep_ == "prep" and child.i > token.i)
    return any(inner.tag_ in {"NNP", "NNPS"} for place in places for inner in place.children)


def _is_command(child: Token, clause: Clause) -> bool:
    """Whether a verb joined to a statement is an order to the reader: "I moved, and look at this"."""
    return (
        child.lower_ in words.COMMANDS
        and child.tag_ in {"VB", "VBP"}
        and clause.head.tag_ not in {"VB", "VBP"}
        and subject_of(child) is None
        and not any(token.tag_ == "MD" for token in clause.auxiliaries())
    )


def _branch(token: Token, clause: Clause) -> Token | None:
    """The subordinate part that holds the token and can go without changing what the rest says."""
    inside = {inner.i for inner in clause.tokens}
    for candidate in (token, *token.ancestors):
        if candidate.i == clause.head.i:
            return None
        if candidate.dep_ in _PRUNABLE and candidate.i in inside:
            return candidate
        if candidate.dep_ == "conj" and candidate.tag_.startswith("V") and candidate.head.i == clause.head.i:
            return candidate
        if candidate.dep_ == "relcl" and candidate.left_edge.i > 0 and candidate.left_edge.nbor(-1).text == ",":
            return candidate
    return None


def _is_unclear(token: Token, clause: Clause, *, subject_known: bool) -> bool:
    lower = token.lower_
    if lower in words.SECOND_PERSON:
        return True
    if subject_known and token.i == clause.subject.i:
        return False
    if lower == "we" and token.head.lower_ in words.TALKING and token.head.i != clause.head.i:
        return True
    if token.tag_ in {"PRP", "PRP$"}:
        return _lacks_antecedent(token, clause, subject_known=subject_known)
    if lower in {"this", "that", "these", "those"} and token.tag_ == "DT":
        return _points_outside(token)
    if lower in {"there", "here"} and token.dep_ in {"advmod", "pcomp", "pobj"}:
        return not any(_is_place(other) for other in clause.tokens if other.i < token.i)
    if lower in _POINTERS and token.tag_ in _POINTER_TAGS:
        return token.dep_ in {"dobj", "pobj", "attr", "nsubj", "nsubjpass"} and not any(True for _ in token.children)
    return False


def _is_place(token: Token) -> bool:
    return token.tag_ in {"NNP", "NNPS"} or (token.tag_ == "NN" and token.dep_ in {"pobj", "dobj"})


def _points_outside(token: Token) -> bool:
    """Whether this or that stands alone, or before a noun with nothing else to tell which."""
    noun = token.head
    if token.dep_ != "det" or noun.i < token.i:
        return True
    if noun.lower_ in words.TIME_NOUNS:
        return False
    phrase = [inner for inner in noun.subtree if token.i < inner.i <= noun.i and inner.tag_[:2] in {"NN", "JJ", "CD"}]
    return len(phrase) < 2


def _lacks_antecedent(token: Token, clause: Clause, *, subject_known: bool) -> bool:
    lower = token.lower_
    if lower in _OWN:
        return False
    before = [other for other in (*clause.borrowed, *clause.tokens) if other.i < token.i]
    earlier = [other for other in before if other.lower_ not in words.TIME_NOUNS]
    if lower in words.SINGULAR_THING:
        if token.dep_ == "dobj" and token.head.i == clause.head.i:
            return True
        no_thing = words.RELATIVES | words.VAGUE_NOUNS
        return token.dep_ == "expl" or not any(
            other.tag_ in {"NN", "NNP"} and other.lower_ not in no_thing for other in earlier
        )
    if lower in words.SINGULAR_PERSON:
        named = any(other.tag_ == "NNP" or other.lower_ in words.RELATIVES for other in earlier)
        return not subject_known and not named
    if lower in words.PLURAL:
        return not any(
            other.tag_ in {"NNS", "NNPS"} or (other.dep_ == "conj" and other.tag_ in NOUNS) for other in earlier
        )
    return True


def is_about_author(clause: Clause) -> bool:
    """Whether the subject is the author, the author's own (my sister), or one that does something to the author."""
    subject = clause.subject
    if subject.lower_ in FIRST_SUBJECTS:
        return True
    phrase = list(subject.subtree)
    if any(token.lower_ in {"my", "our", "i"} or _is_me_among(token) or is_of_mine(token) for token in phrase):
        return subject.tag_ in NOUNS or subject.tag_ == "PRP"
    return is_general(subject) and any(token.lower_ in {"me", "my"} for token in clause.tokens)


def is_general(subject: Token) -> bool:
    """Whether the subject is understood without the conversation: a name, a doing, a thing without an article."""
    if subject.tag_ == "VBG":
        return _base(subject) not in words.LIGHT_VERBS
    if subject.tag_ in {"NNP", "NNPS"}:
        return True
    bare = not any(child.dep_ in {"det", "poss", "nummod"} for child in subject.children)
    return subject.tag_ == "NN" and bare and subject.lower_ not in words.VAGUE_NOUNS


def _is_me_among(token: Token) -> bool:
    """Whether "me" is itself the subject or one of several: "me and my wife"."""
    return token.lower_ == "me" and token.dep_ in {"conj", "nsubj", "nsubjpass"}


def is_real(clause: Clause) -> bool:
    """Whether the clause states something: neither supposes, nor demands, nor speaks of everybody as "we"."""
    modals = [token.lower_ for token in clause.auxiliaries() if token.tag_ == "MD" or token.lower_ == "'d"]
    following = clause.head.lower_
    if any(modal in {"can", "ca", "cannot"} for modal in modals) and following not in words.SKILLS:
        return False
    for modal in modals:
        if modal in _UNREAL and following not in _DESIRES and not (modal == "'d" and clause.head.tag_ == "VBN"):
            return False
    if clause.subject.lower_ != "we":
        return True
    if any(token.lower_ in {"all", "both", "everyone"} for token in (*clause.borrowed, *clause.tokens)[:4]):
        return False
    return not modals and _is_household(clause)


def _is_household(clause: Clause) -> bool:
    """Whether "we" are some people rather than mankind: what they did, are doing, or keep house with."""
    auxiliaries = clause.auxiliaries()
    finite = auxiliaries[0] if auxiliaries else clause.head
    if finite.tag_ == "VBD" or clause.head.tag_ == "VBN" or finite.lower_.endswith("ed"):
        return True
    if clause.head.tag_ == "VBG":
        pinned = any(token.lower_ in words.TIME_NOUNS or token.tag_ in {"NNP", "CD"} for token in clause.tokens)
        return pinned or clause.head.lower_ in words.UNDER_WAY
    return clause.head.lower_ in words.SHARED


def tells_something(clause: Clause, dropped: frozenset[int]) -> bool:
    """Whether what is left of the clause holds a thing worth knowing next year."""
    head = clause.head
    kept = [token for token in clause.tokens if token.i not in dropped]
    subject_words = {token.i for token in clause.subject.subtree}
    rest = [token for token in kept if token.i not in subject_words and token.i != head.i]
    content = [token for token in rest if _is_telling(token)]
    if _base(head) in words.EMPTY_VERBS and not _is_considering(head) and not _is_dislike(head):
        return False
    if _is_praise(head, rest):
        return False
    complement = next((t for t in rest if t.dep_ == "acomp" and t.head.i == head.i), None)
    if complement is not None and complement.tag_.startswith(("JJ", "VB")):
        favourite = any(token.lower_ in words.FAVOURITE for token in clause.subject.subtree)
        beyond = clause.subject.lower_ not in FIRST_SUBJECTS and any(token.i != complement.i for token in content)
        return favourite or beyond or _tells_state(complement, content)
    if content:
        return True
    if clause.subject.lower_ in FIRST_SUBJECTS:
        never = head.tag_ == "VBN" and any(token.lower_ in {"never", "n't", "not"} for token in kept)
        return _base(head) in words.HABITS and (never or head.tag_ in {"VBP", "VB"})
    if clause.subject.tag_ == "VBG":
        return any(token.lower_ == "me" for token in rest)
    return _is_telling(clause.subject) and any(token.lower_ in words.WHEN for token in rest)


def _is_considering(head: Token) -> bool:
    """Whether "thinking" is of something one may do."""
    return head.lower_ == "thinking" and any(child.lower_ in {"of", "about"} for child in head.children)


def _is_dislike(head: Token) -> bool:
    """Whether "stand" is what one cannot do with something."""
    return head.lower_ == "stand" and {"neg", "dobj"} <= {child.dep_ for child in head.children}


def _is_praise(head: Token, rest: list[Token]) -> bool:
    """Whether "I love the ..." is about something that was just shown."""
    if head.lower_ not in words.LIKING:
        return False
    liked = next((token for token in rest if token.dep_ == "dobj" and token.head.i == head.i), None)
    pointed = liked is not None and any(t.lower_ in {"the", "this", "that", "these", "those"} for t in liked.children)
    return pointed and liked is not None and liked.lower_ not in words.LIKED


def _tells_state(complement: Token, content: list[Token]) -> bool:
    if complement.lower_ in words.TRAITS or (complement.text[:1].isupper() and complement.i > 1):
        return True
    beyond = [token for token in content if token.i != complement.i and token.lower_ not in words.TIME_NOUNS]
    return complement.lower_ in words.RELATIONAL and bool(beyond)


def _is_telling(token: Token) -> bool:
    lower = token.lower_
    if token.tag_ in {"VB", "VBG"} and token.dep_ in {"xcomp", "pcomp", "dobj"}:
        return _base(token) not in words.EMPTY_VERBS and _base(token) not in words.LIGHT_VERBS
    if token.tag_ in {"JJ", "JJS"} and token.text[:1].isupper() and token.i > 0:
        return True
    if token.tag_ not in NOUNS or lower in words.VAGUE_NOUNS:
        return False
    if token.tag_ == "NNS" and lower.removesuffix("s") in words.VAGUE_NOUNS:
        return False
    if lower in words.TIME_NOUNS and token.dep_ == "npadvmod":
        return False
    return any(character.isalnum() for character in token.text)


def _base(token: Token) -> str:
    """A verb's base form, near enough to look it up."""
    lower = token.lower_
    if token.tag_ == "VBG":
        stem = lower.removesuffix("ing")
        return stem if stem in words.EMPTY_VERBS or stem in words.HABITS else stem + "e"
    if token.tag_ in {"VBD", "VBN"} and lower.endswith("ed"):
        stem = lower.removesuffix("ed")
        return stem if stem in words.EMPTY_VERBS else stem + "e"
    return words.BASES.get(lower, lower)
