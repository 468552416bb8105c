"""A file is what it is declared to be, and its content must agree."""

import pytest

from app.uploads.errors import FileUnknown
from app.uploads.kinds import Kind, kind_of
from tests.unit.uploads.files import pdf

PDF = pdf("Hello")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256))


@pytest.mark.parametrize(
    ("declared", "name", "content", "kind"),
    [
        ("application/pdf", "a.pdf", PDF, Kind.PDF),
        ("Application/PDF; version=1", "a", b"\xff\x00\x01" + PDF, Kind.PDF),
        ("application/json", "a", b"{}", Kind.JSON),
        ("application/json; charset=utf-8", "a", b"", Kind.JSON),
        ("text/plain", "a.pdf", b"hello", Kind.TEXT),
        ("text/x-python", "a.py", b"print()", Kind.TEXT),
        ("text/csv", "a", "a;b\näöü".encode("latin-1"), Kind.TEXT),
        ("text/plain", "a", "hello".encode("utf-16"), Kind.TEXT),
        ("text/plain", "a", "hello there".encode("utf-16-be"), Kind.TEXT),
        ("text/plain", "a", b"The mark of a PDF is %PDF-1.4.", Kind.TEXT),
        ("text/plain", "a", b"", Kind.TEXT),
        ("application/pdf", "a", b"", Kind.PDF),
        ("", "notes.MD", b"# hi", Kind.TEXT),
        ("application/octet-stream", "x.pdf", PDF, Kind.PDF),
        ("application/octet-stream", "x.json", b"[]", Kind.JSON),
    ],
)
def test_a_kind_is_told(declared: str, name: str, content: bytes, kind: Kind) -> None:
    assert kind_of(declared, name, content) is kind


@pytest.mark.parametrize(
    ("declared", "name", "content", "why"),
    [
        ("image/png", "a.png", PNG, "only application/pdf"),
        ("application/zip", "a.txt", ZIP, "only application/pdf"),
        ("application/xml", "a.xml", b"<a/>", "only application/pdf"),
        ("application/pdf", "a.pdf", b"hello", "its content is none"),
        ("application/pdf", "a.pdf", PNG, "its content is none"),
        ("text/plain", "a.txt", PDF, "its content is a PDF"),
        ("application/json", "a.json", PDF, "its content is a PDF"),
        ("text/plain", "a.txt", PNG, "binary"),
        ("text/plain", "a.txt", ZIP, "binary"),
        ("text/plain", "a.txt", b"\0" * 1000, "binary"),
        ("text/plain", "a.txt", b"\xff\xfe" + b"\x00\xd8" * 50, "binary"),
        ("application/octet-stream", "a", b"hello", "declare it"),
        ("application/octet-stream", "a.exe", b"MZ\x00", "declare it"),
        ("", "a.pdf", b"hello", "its content is none"),
        ("", "a.md", PNG, "binary"),
        ("pdf", "a.pdf", PDF, "only application/pdf"),
    ],
)
def test_what_does_not_agree_is_refused(declared: str, name: str, content: bytes, why: str) -> None:
    with pytest.raises(FileUnknown, match=why):
        kind_of(declared, name, content)
