"""Types of body fields that several nouns share, with their rules."""

from typing import Annotated, cast

from msgspec import Meta

from app.api.wire.problems import Refused, broken_rule
from graph.names import MAX_NAME, NAME_PATTERN

MAX_METADATA_KEYS = 100
MAX_METADATA_DEPTH = 5
#: Arrays do not count towards the depth above, so without a bound of its own a value could be deeper than any stack.
MAX_NESTING = 100


def without_nul(text: str) -> str:
    """The text without NUL characters, which no index and few clients can hold."""
    return text.replace("\0", "") if "\0" in text else text


def _clean(value: object, depth: int, nesting: int) -> object:
    if isinstance(value, str):
        return without_nul(value)
    if isinstance(value, (dict, list)):
        if nesting > MAX_NESTING:
            raise broken_rule(f"arrays and objects must not be nested deeper than {MAX_NESTING} levels")
        if isinstance(value, list):
            return [_clean(item, depth, nesting + 1) for item in cast("list[object]", value)]
        if depth > MAX_METADATA_DEPTH:
            raise broken_rule(f"metadata must not be nested deeper than {MAX_METADATA_DEPTH} levels")
        return {
            without_nul(key): _clean(item, depth + 1, nesting + 1)
            for key, item in cast("dict[str, object]", value).items()
        }
    return value


def _clean_metadata(value: object) -> object:
    if len(cast("dict[str, object]", value)) > MAX_METADATA_KEYS:
        raise broken_rule(f"metadata must have at most {MAX_METADATA_KEYS} keys")
    return _clean(value, 1, 1)


def _shallow(value: object) -> object:
    # Free-form objects are kept as they are, but a stack must be able to walk them.
    _measure(value, 1)
    return value


def _measure(value: object, nesting: int) -> None:
    if isinstance(value, (dict, list)):
        if nesting > MAX_NESTING:
            raise broken_rule(f"arrays and objects must not be nested deeper than {MAX_NESTING} levels")
        items = cast("dict[str, object]", value).values() if isinstance(value, dict) else cast("list[object]", value)
        for item in items:
            _measure(item, nesting + 1)


def _without_nul(value: object) -> object:
    return without_nul(cast("str", value))


#: The name of something that may have to be created; clients send it as `id` or as `name`.
NewName = Annotated[str, Meta(min_length=1, max_length=MAX_NAME, pattern=NAME_PATTERN, extra={"aliases": ("name",)})]

#: Metadata: at most 100 keys and 5 levels of objects; NUL characters are taken out of all its texts.
Metadata = Annotated[dict[str, object], Meta(extra={"rule": _clean_metadata})]

#: An object that is kept as the client sent it.
FreeForm = Annotated[dict[str, object], Meta(extra={"rule": _shallow})]

#: What stands under keys that the Struct does not name.
Others = Annotated[dict[str, object], Meta(extra={"others": True, "rule": _shallow})]

#: Text that loses its NUL characters.
Text = Annotated[str, Meta(extra={"rule": _without_nul})]

__all__ = ["FreeForm", "Metadata", "NewName", "Others", "Refused", "Text", "without_nul"]
