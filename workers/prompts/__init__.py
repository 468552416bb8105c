"""Prompts of the workers: text files beside this one."""

from pathlib import Path

from app.models import prompts
from app.models.prompts import Prompt, prompt

__all__ = ["Prompt", "prompt", "read"]


def read(name: str, folder: Path | None = None) -> Prompt:
    """The prompt in the file `name`.md, of a folder that has it, else the one beside this file.

    Raises:
        FileNotFoundError: there is none.
    """
    return prompts.read(__name__, name, folder)
