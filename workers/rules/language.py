"""Tells English from what is not, by its small words: other languages yield nothing rather than nonsense."""

import re

_ENGLISH = frozenset(
    """
    a an am in on
    i i'm i've i'll i'd im ive my mine myself we we're we've we'll us our ours you your the and but or because with
    without of to at for from by about into after before since until during between through over under this that
    these those it it's its he she they them their his her there what which who when where while how why not don't
    doesn't didn't can't won't isn't wasn't haven't hasn't wouldn't couldn't do does did done have has had is are
    were be been being will would can could should must get got going go went gone make made take took want love
    like hate live lives lived work works worked moved started just really very also still never always often
    usually sometimes now then than too so much many more most some any every each all both few last next week
    weeks month months year years day days today yesterday tomorrow ago back up out off down again only even new
    old good great first two three four sister brother mother father mom mum dad wife husband son daughter kids
    friend friends job dog cat name called house home school play think know need feel bought enjoy grew born
    prefer eat drink speak studied study allergic years
    """.split()  # noqa: SIM905 - a paragraph of words reads better than two hundred quoted ones
)
# Frequent small words elsewhere that English does not have. Those that English shares ("die", "me", "on") tell nothing.
_FOREIGN = frozenset(
    """
    ich nicht und der das ist bin ein eine einen mein meine mit auf für habe wir sie auch noch wohne aber sehr je
    j'ai suis mon ma les des une est pas dans avec pour nous vous mais très chez qui que qu'il c'est où et yo soy
    mi el los las una con por para pero muy vivo tengo en y está estoy nosotros que del eu sou meu minha um uma não
    com mas muito moro tenho os na em io sono mio mia il gli della nel che non ho abito di della perché ik ben mijn
    een het niet met voor maar heb van wij woon naar jag är och inte det som jestem nie się w na mam
    """.split()  # noqa: SIM905 - as above
)
_CONTRACTED = frozenset({"i'm", "i've", "i'll", "i'd", "we're", "we've", "we'll", "don't", "didn't", "can't"})
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


def is_english(text: str) -> bool:
    """Whether the words look English; names and a loan word or two do no harm. False for text without words."""
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(text)]
    if not words:
        return False
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _FOREIGN for word in words)
    other_script = sum(not word.isascii() and max(word) > "\u024f" for word in words)
    if other_script * 4 > len(words):
        return False
    if not foreign and any(word in _CONTRACTED for word in words):
        return True
    return english > foreign and english / len(words) >= 0.15
