"""Prompts of the chat: text files beside this one."""

from functools import cache
from importlib import resources


@cache
def read(name: str) -> str:
    """The prompt in the file `name`.md.

    Raises:
        FileNotFoundError: there is none.
    """
    return resources.files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip()
