"""A file's beginning tells its format."""

import io

import pytest

from app.importers.errors import WrongFile
from app.importers.formats import FORMATS, sniffed_format


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"session": "s", "peer": "p", "content": "c"}', "jsonl"),
        ('\n\n  {"content": "c"}\n', "jsonl"),
        ('\ufeff{"peer_id": "p"}', "jsonl"),
        ('nonsense\n{"session": "s"}', "jsonl"),
        ('{"messages": []}', "openai"),
        ('{"id": "x", "tools": [], "messages": [{"role": "user", "content": "hi"}]}', "openai"),
        ('[{"sample_id": "a", "conversation": {}}]', "locomo"),
        ("\n  [\n  {", "locomo"),
    ],
)
def test_the_format_is_told_from_the_first_lines(text: str, name: str) -> None:
    file = io.BytesIO(text.encode())
    assert sniffed_format(file, "chat").name == name
    assert file.tell() == 0


@pytest.mark.parametrize("text", ["hello there", '{"text": "hi"}', "1, 2, 3", '{"metadata": {}}', "\x00\x01"])
def test_a_file_that_fits_no_format_asks_for_the_option(text: str) -> None:
    with pytest.raises(WrongFile, match=r"chat: cannot tell its format; say it with --format jsonl\|openai\|locomo"):
        sniffed_format(io.BytesIO(text.encode()), "chat")


@pytest.mark.parametrize("text", ["", "\n \t\r\n", "\ufeff"])
def test_an_empty_file_is_called_empty(text: str) -> None:
    with pytest.raises(WrongFile, match="chat: is empty"):
        sniffed_format(io.BytesIO(text.encode()), "chat")


def test_the_registry_names_each_format_once() -> None:
    assert list(FORMATS) == ["jsonl", "openai", "locomo"]
    assert all(name == each.name for name, each in FORMATS.items())
