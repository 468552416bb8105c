"""A structured answer is found in whatever a model wraps around it, and never invented."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from app.models.structured import NotStructured, parse, schema_of


class Claim(Struct):
    """A claim."""

    text: str
    about: str | None = None


class Claims(Struct):
    claims: list[Claim]
    default: int = 3


GOOD = '{"claims": [{"text": "Ana has a dog {Rex}.", "about": null}], "default": 1}'

WRAPPED = {
    "bare": GOOD,
    "fenced": f"```json\n{GOOD}\n```",
    "fenced without a language": f"```\n{GOOD}\n```",
    "with words around": f"Sure! Here it is:\n{GOOD}\nLet me know if you need more {{braces}}.",
    "with garbage behind": GOOD + "}}]] <|im_end|>",
    "after a thought": f"<think>The user has {{some}} dogs: {{}}</think>\n{GOOD}",
    "after a thought in capitals": f"<THINKING>\n\n</THINKING>{GOOD}",
    "after several thoughts": f"<think>a</think> <think>b</think>{GOOD}",
    "after a thought without a start": f'so {{"claims": []}} may be wrong</think>{GOOD}',
    "after a thought that holds an answer": f'<think>{{"claims": [], "default": 9}}</think>{GOOD}',
    "after a broken try": '{"claims": [{"text": ' + GOOD,
    "after an object of another kind": '{"note": 1} ' + GOOD,
}


@pytest.mark.parametrize("name", sorted(WRAPPED))
def test_the_answer_is_found(name: str) -> None:
    assert parse(WRAPPED[name], Claims) == Claims([Claim("Ana has a dog {Rex}.")], 1)


NOTHING = {
    "nothing": ("", "no complete JSON object"),
    "prose": ("I cannot help with that.", "no complete JSON object"),
    "half": (GOOD[:-5], "no complete JSON object|missing required"),
    "only a thought": (f"<think>{GOOD}</think>", "no complete JSON object"),
    "an unfinished thought": (f"<think>{GOOD}", "no complete JSON object"),
    "a draft in a thought without a start": (f"{GOOD}</think> I do not know.", "no complete JSON object"),
    "another kind": ('{"text": "a"}', "missing required field `claims`"),
    "a wrong type": ('{"claims": [{"text": 1}]}', r"Expected `str`, got `int` - at `\$.claims\[0\].text`"),
    "a bare list": ('[{"text": 1}]', "missing required field `claims`"),
    "deep": ('{"a":' * 100_000, "no complete JSON object"),
    "deep and closed": ('{"claims":' + "[" * 100_000 + "]" * 100_000 + "}", "no complete JSON object"),
    "many braces": ("{" * 1_000_000, "no complete JSON object"),
    "a lone surrogate": ('{"claims": [{"text": "\\ud800"}]}', "truncated"),
}


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_what_is_not_an_answer_is_refused_with_a_reason(name: str) -> None:
    text, reason = NOTHING[name]
    with pytest.raises(NotStructured, match=reason):
        parse(text, Claims)


@given(st.text() | st.text(alphabet='{}[]":,<think>/ \\n0a'))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    try:
        parse(text, Claims)
    except NotStructured as fault:
        assert str(fault)


@given(st.builds(Claim, st.text(), st.none() | st.text()), st.text(alphabet="abc \n`."), st.text())
def test_an_answer_between_words_is_found(claim: Claim, before: str, after: str) -> None:
    text = json.dumps({"claims": [{"text": claim.text, "about": claim.about}]})
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in claim.text + (claim.about or "")):
        return
    assert parse(before + text + after.replace("think", ""), Claims).claims == [claim]


def test_an_answer_may_quote_the_mark_of_a_thought() -> None:
    assert parse('{"claims": [{"text": "Ana wrote </think> once."}]}', Claims).claims[0].text.endswith("once.")


def test_the_schema_is_strict_all_the_way_down() -> None:
    schema = schema_of(Claims)
    assert schema["type"] == "object"
    assert schema["required"] == ["claims", "default"]
    assert schema["additionalProperties"] is False
    assert schema["properties"] == {
        "claims": {"type": "array", "items": {"$ref": "#/$defs/Claim"}},
        "default": {"type": "integer"},
    }
    assert schema["$defs"] == {
        "Claim": {
            "title": "Claim",
            "description": "A claim.",
            "type": "object",
            "properties": {"text": {"type": "string"}, "about": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
            "required": ["text", "about"],
            "additionalProperties": False,
        }
    }


def test_a_struct_without_parts_needs_no_definitions() -> None:
    assert "$defs" not in schema_of(Claim)
