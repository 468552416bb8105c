"""Prepares a sentence for parsing: spellings made regular, openers and vocatives off, the missing "I" put back."""

import re
from collections.abc import Collection

from workers.rules.sentences import EMOJI, EMOTICON

_REGULAR: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"\bgonna\b|\bgon'?\s?na\b", "going to"),
        (r"\bwanna\b", "want to"),
        (r"(?<='ve )gotta\b|(?<=have )gotta\b", "got to"),
        (r"\bgotta\b", "have to"),
        (r"\btryna\b|\btrynna\b", "trying to"),
        (r"(?<!\w)'cause\b|\b(?:cuz|coz|b/c)\b|\b(?:cause|bc)\b(?=\s+(?:i|my|we|it|she|he|they)\b)", "because"),
        (r"'til\b", "until"),
        (r"'em\b", "them"),
        (r"\bkinda\b", "kind of"),
        (r"\bsorta\b", "sort of"),
        (r"\bdunno\b", "don't know"),
        (r"\bim\b", "I'm"),
        (r"\bive\b", "I've"),
        (r"\b(do|does|did|is|was|were|are|have|has|had|would|could|should|ca|wo)nt\b", r"\1n't"),
        (r"\bain't\b", "am not"),
        (r"\bw/\s?", "with "),
        (r"\s&\s", " and "),
        (r"(?-i:\bu\b)", "you"),
        (r"(?-i:\bur\b)", "your"),
        (r"\bme[- ]time\b", "time to myself"),
        (r"(?:,\s*)?\b(?:ever )?since (?:our last \w+|we (?:last )?(?:spoke|talked|chatted|met))\b,?\s*", " "),
        (r"\bof mine\b", "of me"),
        # The parser takes "like" for a preposition there.
        (r"\bno longer (?=like\b)", "do not "),
        (
            r"\b((?:my|our) \w+)'s (?=(?:an?|the|called|named|from|in|at|not|also|always|only|turning|\d+)\b)",
            r"\1 is ",
        ),
        (r"\b(my name)'s\b", r"\1 is"),
        (r"\b((?:my|our) \w+)'s (?=been\b)", r"\1 has "),
        (r",?\s*\b(?:um+|uhm?|erm|er)\b,?", ""),
        (r"\bthru\b", "through"),
        (r"\byrs\b", "years"),
        (r"\b(\w{2,}in)'(?=\s)", r"\1g"),
        (r"\bi(?='|\b)(?!\.e)", "I"),
    )
)
_DECORATION = re.compile(rf"{EMOJI}|{EMOTICON}|(?<!\w)[*_]{{1,3}}(?=\S)|(?<=\S)[*_]{{1,3}}(?!\w)|`")
_FREE = (
    r"so|and|but|also|plus|btw|by the way|lol|haha+|hah|ha|yeah|yea|yep|yup|ya|oh|ooh|wow|whoa|hey|hi|hello|hmm+|"
    r"umm*|uh|ah+|aw+|well|actually|honestly|anyways?|anyhow|omg|gosh|tbh|imo|good news|fun fact|as you know|"
    r"you know|i mean|you see|unfortunately|sadly|luckily|fortunately|thankfully|surprisingly|guess what|then|"
    r"besides|though|in fact|to be honest"
)
_WITH_COMMA = (
    r"yes|no|nope|nah|ok|okay|sure|right|absolutely|definitely|totally|exactly|certainly|of course|true|cool|nice|"
    r"great|awesome|amazing|man|dude|bro|guys|folks|everyone|all|sorry|like|for me|personally|as for me|same here|"
    r"me too|me neither|nothing much|not much|thanks(?: a lot| so much| a ton| \w+)?|thank you(?: so much| \w+)?|"
    r"thx|good question|perfect|sweet|wonderful|fair enough|got it|first of all|long story short|anyway|"
    r"speaking of which|congrats|literally|good morning|good evening|good afternoon|morning|evening|sounds good|"
    r"same|never mind|not really|not yet|for sure"
)
_OPENER = re.compile(
    rf"(?:(?:{_FREE})\b(?:\s*[,!.:…-]+)?\s+|(?:{_WITH_COMMA})\s*(?:[,!.:…]+|\s[-\u2013]+)\s*)(?=\S)", re.IGNORECASE
)
_NAME_FIRST = re.compile(
    r"(?!(?:Yesterday|Today|Tomorrow|Recently|Lately|Currently|Usually|Sometimes|Eventually|Finally|Once|Originally|Before"
    r"|After|Now|Often|Never|Always|Still|Nowadays|Growing|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
    r"[A-Z][a-z]+[,!]\s+(?=(?:I|i|my|My|we|We|our|Our|just|Just)\b(?![\w' ]*,))"
)
_TAIL = re.compile(
    r"(?:,?\s+(?:and\s+)?(?:take a look|check (?:it|them|this) out|look at (?:it|this|that)|come see))?"
    r"(?:,?\s+(?:lol|haha+|tbh|btw|by the way|imo|though|you know|ya know|as you know"
    r"|honestly|actually|anyway|too|as well)"
    r"|,\s+(?:man|dude|bro|mate|guys|buddy|folks|friend|thanks|thank you))?[\s.!…,;:-]*$",
    re.IGNORECASE,
)
_ADVERB = r"(?:just|still|currently|recently|finally|already|never|actually|even|only|lately|once|first)\s+"
_DID = (
    r"got|went|moved|lost|found|bought|sold|started|finished|took (?!a lot|some|courage|guts|time)|visited|met|"
    r"saw|came back|came home|joined|signed up|ran (?!out|into)|had|graduated|adopted|booked|broke my|built|"
    r"cooked|baked|ate|drank|drove|flew|painted|played|picked up|planted|won|wrote|watched|tried|passed|failed|"
    r"studied|learned|learnt|spent|stayed|slept|woke up|worked (?:on|at|as|for|in|with)|received|returned|retired|"
    r"ordered|made|gave up|grew up|lived|turned \d+|celebrated|attended|hiked|biked|climbed|caught|hurt my|"
    r"injured|quit my|read my|put my|used to|landed|launched|opened|organized|hosted|enrolled|dropped|completed|"
    r"switched|changed my|called my|talked to my|left my|left the"
)
_DOING = (
    r"going(?! to be )|heading|moving|flying|travell?ing|working|studying|starting|trying|planning|thinking about|"
    r"thinking of|looking for|looking into|learning|living|taking|training|researching|considering|getting|saving|"
    r"preparing|recovering|reading|watching|visiting|meeting|cooking|baking|building|writing|renovating"
)
_FINITE = (
    r"(?!.*(?:,\s+(?:I|we|it|my)\b|\b(?:is|was|are|were|has|helps?|makes?|made|gives?|gave|keeps?|means|can|will|"
    r"would|feels?|takes?|requires?)\b))"
)
_MISSING: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), start)
    for pattern, start in (
        (rf"(?:{_ADVERB})?(?:{_DID})\s+(?!me\b|us\b|by\b|you\b|you're\b)", "I "),
        (rf"been\s+(?:{_ADVERB})?(?:\w+ing|to|in|at|on)\b", "I have "),
        (r"haven't\s+\w+", "I "),
        # Without an adverb, a word for oneself or a time it may be praise: "Working so hard!"
        (rf"{_ADVERB}(?:{_DOING})\s+{_FINITE}", "I am "),
        (rf"(?:{_DOING})\s+{_FINITE}(?=.*\b(?:my|our|today|tonight|tomorrow|next|this|weekend)\b)", "I am "),
        (r"(?:love|hate|miss|like)\s+my\b", "I "),
        (r"born\s+(?:and\s+raised\s+)?(?:in|on)\b", "I was "),
    )
)


def plain(sentence: str, others: Collection[str]) -> str:
    """The sentence in regular words, without openers, vocatives and tails; `others` names those spoken to."""
    whole = sentence.encode("utf-8", "ignore").decode("utf-8")  # the parser cannot take half a surrogate pair
    text = _DECORATION.sub(" ", whole.replace("\u2019", "'").replace("\u2018", "'"))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s*\([^()]*(?:\b(?:i|you|we|he|she|they|it|my|your)\b|/)[^()]*\)", "", text, flags=re.IGNORECASE)
    if text.count('"') == 1:
        text = text.strip('"')
    for pattern, replacement in _REGULAR:
        text = pattern.sub(replacement, text).strip()
    text = _without_vocatives(text, others)
    for _ in range(6):
        opener = _OPENER.match(text) or _NAME_FIRST.match(text)
        if opener is None:
            break
        text = text[opener.end() :]
    text = _TAIL.sub("", text)
    return _with_subject(text)


def _without_vocatives(text: str, others: Collection[str]) -> str:
    """Drop the names of others where they are called by them: at either end, or between commas."""
    for name in others:
        called = rf"(?i:{re.escape(name)})"
        # After a name it may be one of a list: "I met Eva, Tom and Lia".
        text = re.sub(rf"(?<=[a-z0-9]),\s+{called}\s*(?:,(?!\s*(?:and|or)\b)|(?=[.!;]|$))", "", text)
        text = re.sub(rf"^{called}\s*[,!:-]+\s*", "", text)
        text = re.sub(rf"^(?i:hey|hi|hello|thanks|thank you|wow|yeah|oh)\s+{called}\s*[,!.:-]*\s+", "", text)
    return text


def _with_subject(text: str) -> str:
    """Put back the "I" that chat leaves out: "Just got back from Rome" is said of oneself."""
    for pattern, start in _MISSING:
        if pattern.match(text):
            rest = text if text[:2].isupper() else text[:1].lower() + text[1:]
            return start + rest
    return text
