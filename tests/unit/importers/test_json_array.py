"""A JSON array is cut into its elements whatever the chunks are."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers.json_array import array_elements
from app.importers.limits import RuleBroken

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('ab\\"[]{},:é🌻 \n')),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.sampled_from('k"\\]},'), max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


class Dripping(io.BytesIO):
    """Gives out a few bytes at a time, as a pipe may."""

    def __init__(self, raw: bytes, step: int) -> None:
        super().__init__(raw)
        self.step = step

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.step)


@given(st.lists(values, max_size=6), st.integers(1, 9), st.sampled_from([None, 1]), st.booleans())
def test_the_elements_are_those_that_a_parser_finds(
    wanted: list[object], step: int, indent: int | None, ascii: bool
) -> None:
    raw = f" \n{json.dumps(wanted, indent=indent, ensure_ascii=ascii)}\n ".encode()
    assert [json.loads(each) for each in array_elements(Dripping(raw, step))] == wanted


@given(st.binary(max_size=60), st.integers(1, 9))
def test_no_bytes_make_it_fail_other_than_by_its_rule(raw: bytes, step: int) -> None:
    try:
        for element in array_elements(Dripping(b"[" + raw, step)):
            assert element in raw
    except RuleBroken as broken:
        assert str(broken).startswith("file: ")


def test_an_element_past_the_limit_is_refused() -> None:
    with pytest.raises(RuleBroken, match="file: an element must have at most 100 bytes"):
        list(array_elements(io.BytesIO(b'["' + b"x" * 1_000_000 + b'"]'), limit=100))


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert list(array_elements(io.BytesIO(b"\xef\xbb\xbf[1, 2]"))) == [b"1", b"2"]
