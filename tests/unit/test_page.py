"""The page at /docs shows what the service answers, and that holds what people wrote: it must stay text."""

import re

from tests.packaging.tree import ROOT

PAGE = (ROOT / "app/api/description.html").read_text(encoding="utf-8")


def test_the_page_writes_text_never_markup() -> None:
    assert "textContent" in PAGE
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\b|new Function", PAGE)


def test_the_page_takes_nothing_from_elsewhere() -> None:
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", PAGE)
