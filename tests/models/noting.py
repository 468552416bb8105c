"""A scripted model that extracts: it notes down what a table says, from the messages it was asked to draw on."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from tests.models.scripted import Call, Reply, Say, Script


class Line(Struct, rename={"author": "from"}):
    id: str
    author: str
    at: str
    new: bool
    text: str


class Material(Struct):
    subject: str
    messages: list[Line]


def material(call: Call) -> Material:
    """What the model was given to read."""
    return msgspec.json.decode(call.messages[1][1], type=Material)


def claim(text: str, messages: list[str], quote: str, about: str | None = None) -> dict[str, object]:
    return {"text": text, "messages": messages, "quote": quote, "about": about}


def noting(table: Mapping[str, str]) -> Script:
    """For each message to draw on that holds a key of the table, its value is noted, with the key as the quote.

    `{subject}` in a value is replaced by the subject's name.
    """

    def answer(call: Call) -> Reply:
        given = material(call)
        found = [
            claim(text.format(subject=given.subject), [line.id], words)
            for line in given.messages
            if line.new and line.author == given.subject
            for words, text in table.items()
            if words in line.text
        ]
        return Say({"propositions": found})

    return answer
