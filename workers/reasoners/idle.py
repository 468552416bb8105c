"""Words that state nothing: questions, courtesies, and orders to a model that came along in a message."""

import re

from workers.reasoners import words

_ENDS = re.compile(r"[.!?…。！？؟\n]+")  # noqa: RUF001 -- stops of other scripts
_CLOSING = " \"'”’)»"  # noqa: RUF001 -- quotation marks of other languages
_ASKS = "?？؟"  # noqa: RUF001 -- question marks of other scripts
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:instructions?|prompts?|rules|previous|prior|above)\b"
    r"|\bsystem\s*prompt\b|\bsystem\s*:|<\||\|>|\[/?inst\]|\bjailbreak"
    r"|\b(?:ai|assistant|language\s+model|the\s+model)\b.{0,40}\b(?:must|should|shall|has\s+to|is\s+(?:now\s+)?to)\b"
    r"|\byou\s+(?:are\s+now|must\s+now|will\s+now|must\s+always|must\s+never|should\s+always|should\s+never)\b"
    r"|\b(?:remember|note|record|store|save|memori[sz]e|write\s+down|add\s+to\s+(?:your\s+)?memory)\s+(?:that|this|:|as\s+a\s+fact)"
    r"|\b(?:ignorier\w*|vergiss|missachte)\b.{0,60}\b(?:anweisung\w*|regeln|vorgaben|obige\w*)\b"
    r"|\b(?:ignore[rz]?|oublie[rz]?)\b.{0,60}\b(?:instructions|consignes|règles|précédent\w*)\b"
    r"|\b(?:ignora|olvida|ignore|esqueça|dimentica)\b.{0,60}\b(?:instruc\w+|istruzioni|instruções|reglas|regras|regole)\b"
    r"|игнорируй.{0,60}(?:инструкци|правил)|忽略.{0,30}(?:指令|指示|规则)|指示を無視",
    re.IGNORECASE | re.DOTALL,
)


def sentence_around(message: str, quote: str) -> str:
    """The sentence of a message that a quote ends in, from where the quote's first sentence begins."""
    start = message.find(quote)
    if start < 0:
        return quote
    end = start + len(quote)
    before = [found.end() for found in _ENDS.finditer(message, 0, start)]
    after = None if _ENDS.search(quote[-1:]) else _ENDS.search(message, end)
    if after is not None:
        end = after.end()
    elif quote[-1:] not in ".!?":
        end = len(message)
    return message[before[-1] if before else 0 : end]


def asks(sentence: str) -> bool:
    """Whether a sentence ends as a question does."""
    return sentence.rstrip(_CLOSING).endswith(tuple(_ASKS))


def orders(text: str) -> bool:
    """Whether a text tells a model what to do."""
    return _ORDER.search(text) is not None


def is_courtesy(quote: str) -> bool:
    """Whether words are nothing but greetings, thanks and assent."""
    return all(word in words.COURTESIES for word in words.words(words.folded(quote)))
