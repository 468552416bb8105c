"""The text of files, in every encoding that is read, and of JSON."""

import json
import time

import pytest

from app.uploads.errors import FileUnreadable
from app.uploads.extract import MAX_TEXT, text_of
from app.uploads.kinds import Kind

WORDS = "Olá, süße 漢字 👍\nSecond line"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_unicode(encoding: str) -> None:
    assert text_of(Kind.TEXT, WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_character_are_noticed_without_a_mark(encoding: str) -> None:
    text = "Mostly ASCII, with a ü"
    assert text_of(Kind.TEXT, text.encode(encoding)) == text


def test_what_is_not_unicode_is_latin() -> None:
    assert text_of(Kind.TEXT, "süß".encode("latin-1")) == "süß"


def test_line_breaks_are_one_and_zeros_are_gone() -> None:
    assert text_of(Kind.TEXT, b"a\r\nb\rc\nd\0e") == "a\nb\nc\nde"


def test_json_is_written_anew() -> None:
    sent = b'\xef\xbb\xbf{"name":"\\u00e9",\r\n "list" : [1, 1.50,{"a":null}], "big": 123456789012345678901234567890}'
    text = text_of(Kind.JSON, sent)
    assert json.loads(text) == json.loads(sent.decode("utf-8-sig"))
    assert '"name": "é"' in text
    assert "\n  " in text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "not JSON"),
        (b" ", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": 1} {"b": 2}', "not JSON"),
        (b'"\\ud800"', "not JSON"),
        ('{"a": "ü"}'.encode("latin-1"), "not UTF-8 at byte 7"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8 at byte 0"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"1" * 100_000, "not JSON"),
        (b"1e999", "not JSON"),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(FileUnreadable, match=why):
        text_of(Kind.JSON, content)


def test_an_empty_file_has_no_text() -> None:
    assert [text_of(kind, b"") for kind in (Kind.TEXT, Kind.JSON)] == ["", ""]


def test_json_does_not_grow_beyond_measure_by_being_indented() -> None:
    deep = b"[" * 200 + b"1," * 1_000_000 + b"1" + b"]" * 200
    began = time.monotonic()
    assert len(text_of(Kind.JSON, deep)) < MAX_TEXT
    assert time.monotonic() - began < 10
