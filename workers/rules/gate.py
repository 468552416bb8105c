"""What is not worth parsing: a sentence that asks, greets, thanks, doubts, supposes, or tells a model what to do."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_I_AM = r"\bI(?:'m|\s+am)\s+"
_FIRST_PERSON = _any(r"\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves)\b")
_KIDDING = _any(r"\b(?:just|only|i'm|am)\s+(?:kidding|joking)\b", r"\bjk\b", r"\bapril fools?\b", r"\s/s$")
_ASKING_VERBS = r"do|does|did|is|are|was|were|can|could|would|will|should|have|has"
_QUESTION = _any(
    r"\?[\"'”\u2019)\]\s]*$",
    r"^(?:what|how|why)\b",
    rf"^(?:where|who|whose|which|when)\s+(?:{_ASKING_VERBS})\b",
    rf"^(?:{_ASKING_VERBS}|am|had|shall|may|(?:do|did|is|are|ca|wo|would)n't)\s+"
    r"(?:i|you|we|they|he|she|it|my|our|the|that|this|there|any|your)\b",
    r",\s*(?:right|huh|eh|no|innit|(?:is|are|do|does|did|was|were|has|have|will|can|wo|ca)n't\s+\w+)[.!]*$",
)
_INSTRUCTION = _any(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}"
    r"\b(?:instructions?|prompts?|rules|messages?|above|previous|prior|everything)\b",
    r"\bsystem\s*(?:prompt|message|:)",
    r"\b(?:language|ai)\s+model\b",
    r"\bas\s+an\s+ai\b",
    r"\bdeveloper\s+mode\b",
    r"\bjailbreak",
    r"<\||\|>|\[/?inst\]",
    r"\b(?:you|assistant|ai|model)\s+(?:must|shall|are now|will now|should always|should never)\b",
    r"\bfrom\s+now\s+on\b",
    r"\b(?:remember|note|store|memori[sz]e|record|save)\s+(?:that|this|it|the following)\b",
    r"\b(?:new|my|your|the|these|our)\s+(?:instructions?|prompts?|orders)\b",
    r"\bact\s+as\b",
    r"\bpretend\b",
)
_DOUBT = _any(
    r"\b(?:maybe|perhaps|possibly|probably|presumably|supposedly|apparently|hopefully|might|unless|whether|if)\b",
    r"\b(?:could\s+be|as\s+though|imagine|suppose|who\s+knows)\b",
    r"\bI\s+(?:(?:just|kind of|also|really|do|still|honestly)\s+)?"
    r"(?:guess|suppose|wonder|wish|bet|doubt|assume|believe|reckon|figure|feel\s+like|think(?!\s+(?:about|of)))\b",
    r"(?:\bnot|n't)\s+(?:\w+\s+)?(?:sure|certain)\b",
    r"\bno\s+(?:idea|clue)\b",
    r"\bI\s+(?:don't|do\s+not)\s+(?:know|think|remember|recall)\b",
    r"\bI'd\s+(?:say|guess|think|bet)\b",
)
_STRESS = r"(?:(?:totally|completely|really|so|fully|100%|can|do|also|definitely|truly|just)\s+)*"
_COURTESY = _any(
    r"\b(?:thank(?!ful)|thanks|thx|congrat|appreciate|welcome|kudos|cheers|bless|pardon|excuse\s+me|apologi[sz]e)\w*",
    r"\b(?:sorry|glad|good\s+luck|take\s+care|no\s+(?:worries|problem)|my\s+(?:bad|pleasure)|count\s+on|let's)\b",
    r"\b(?:let|keep|trust|believe|tell|ask|reminds?|reminded|inspire[sd]?|wish)\s+(?:me|us)\b",
    r"\b(?:good|nice|great|lovely|happy|glad|pleasure)\s+to\s+(?:hear|see|meet|help|assist|know|chat|catch\s+up)\b",
    r"\bI(?:'d|\s+would)\s+like\s+(?:an?|the|some|two|three|your)\b",
    r"\b(?:love|like|wanted|want|something)\s+to\s+"
    r"(?:hear|know|chat|catch\s+up|share$|(?:see|meet|help|ask|tell|show|share\s+with)\s+you)\b",
    r"\blook(?:ing)?\s+forward\b",
    r"\bca(?:n't|n\s+not|nnot)\s+(?:wait|believe|imagine|help|stress|agree|complain|thank|express)\b",
    r"\b(?:got|have|need)\s+to\s+(?:go|run|dash|head)\b(?=\s*(?:now|$|[,.!]))|\bbrb\b|\bbe\s+right\s+back\b",
    r"\b(?:see|talk\s+to|catch|miss)\s+(?:you|ya)\b|\btalk\s+soon\b",
    rf"\bI\s+{_STRESS}(?:agree|see|hear|understand|relate|get\s+(?:it|that|what)|mean|swear|promise|feel\s+(?:you|ya))\b",
    rf"\bI\s+{_STRESS}know\s+(?:what|that|it|how\s+(?!to)|right|the\s+feeling|exactly|about)\b",
    rf"\bI\s+{_STRESS}(?:love|like|admire|adore|enjoy)\s+(?:how|what|that|it|the\s+way|when)\b",
    rf"{_I_AM}(?:so\s+|really\s+|very\s+|always\s+|just\s+|here\s+)*"
    r"(?:happy|proud|excited|here|thrilled|impressed|rooting|stoked|pumped|jealous|with|on\s+board|in|in\s+for\s+\w+\s+\w+|down|there|game|"
    r"curious|interested)\s*(?:for\s+you|of\s+you|with\s+you|about\s+your|in\s+your|you)?[.!]*$",
    rf"{_I_AM}(?:\w+\s+)?(?:happy|proud|excited|here|thrilled|rooting)\s+(?:for|of|about)\s+(?:you|your|them|him|her)\b",
    rf"{_I_AM}off\b",
    r"\b(?:means?|meant)\s+(?:a\s+lot|so\s+much|the\s+world|a\s+ton|everything)\b",
    r"\b(?:make|made|making|makes)\s+it\s+(?:happen|work|count|big|through|all|to)\b",
    r"\bkeep(?:s|ing)?\s+(?:on\s+)?(?:pushing|going|working|believing|trying|fighting|moving|facing|plugging|at\s+it|chasing|"
    r"pursuing|grinding|dreaming|shining|motivat\w+|improving|growing)\b",
    r"\b(?:never|won't|not\s+going\s+to)\s+(?:give\s+up|quit|stop)\b[.!]*$",
    r"\b(?:all\s+of\s+us|us\s+all|within\s+us)\b",
)
_REASON_ALONE = re.compile(r"(?:because|since it|so that|even though|although|which|that)\b", re.IGNORECASE)


def is_kidding(message: str) -> bool:
    """Whether the author takes the message back as a joke."""
    return _KIDDING.search(message) is not None


def asks(sentence: str) -> bool:
    """Whether a sentence is a question, by its mark or its word order."""
    return _QUESTION.search(sentence) is not None


def instructs(sentence: str) -> bool:
    """Whether a sentence is aimed at a model rather than at a person."""
    return _INSTRUCTION.search(sentence) is not None


def is_idle(sentence: str) -> bool:
    """Whether a sentence, whoever it is about, asks, doubts, thanks or instructs."""
    return bool(asks(sentence) or instructs(sentence) or _DOUBT.search(sentence) or _COURTESY.search(sentence))


def worth_parsing(sentence: str) -> bool:
    """Whether a sentence in regular words may tell something about its author."""
    if not _FIRST_PERSON.search(sentence) or _REASON_ALONE.match(sentence):
        return False
    return not is_idle(sentence)
