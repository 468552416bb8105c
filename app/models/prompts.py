"""Prompts: text files, known by the SHA-256 of what is in them, each replaceable by a file of the same name."""

import hashlib
from importlib import resources
from pathlib import Path

from msgspec import Struct


class Prompt(Struct, frozen=True):
    """What a model is told to do."""

    text: str
    sha256: str
    """In hex; stored with every run, so that a result can be traced to the words that led to it."""


def prompt(text: str) -> Prompt:
    """A prompt of the given words."""
    return Prompt(text, hashlib.sha256(text.encode()).hexdigest())


def read(package: str, name: str, folder: Path | None = None) -> Prompt:
    """The prompt in the file `name`.md of a folder if it is there, else of a package.

    Raises:
        FileNotFoundError: neither has it.
        OSError: the folder's file cannot be read.
        UnicodeDecodeError: it is not UTF-8.
    """
    if folder is not None and (own := folder / f"{name}.md").is_file():
        return prompt(own.read_text(encoding="utf-8"))
    return prompt(resources.files(package).joinpath(f"{name}.md").read_text(encoding="utf-8"))
