"""Prompts of the chat: text files beside this one."""

from functools import cache
from pathlib import Path

from app.models import prompts


@cache
def read(name: str, folder: Path | None = None) -> str:
    """The prompt in the file `name`.md, of a folder that has it, else the one beside this file; read once.

    Raises:
        FileNotFoundError: there is none.
    """
    return prompts.read(__name__, name, folder).text.strip()
