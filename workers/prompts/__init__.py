"""Prompts: text files beside this one, known by the SHA-256 of what is in them."""

import hashlib
from importlib import resources

from msgspec import Struct


class Prompt(Struct, frozen=True):
    """What a model is told to do."""

    text: str
    sha256: str
    """In hex; stored with every run, so that a result can be traced to the words that led to it."""


def prompt(text: str) -> Prompt:
    """A prompt of the given words."""
    return Prompt(text, hashlib.sha256(text.encode()).hexdigest())


def read(name: str) -> Prompt:
    """The prompt in the file `name`.md.

    Raises:
        FileNotFoundError: there is none.
    """
    return prompt(resources.files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8"))
