"""Reads decoded JSON into Structs, driven by their annotations, and reports every problem with its place.

msgspec would read faster but stops at the first problem and tells it as text only; clients of the v3 API expect the
whole list, each problem with its kind, place and limits. So the types are msgspec's, the walk over them is ours.

Beyond msgspec's own limits an annotation can carry, as `Meta(extra={...})`:

* `aliases`: further keys under which a field is accepted, after its own name;
* `rule`: a function from the read value to the value to keep, which raises `Refused`;
* `others`: the field takes what stands under keys that the Struct does not name, nulls left out.

A Struct's `__post_init__` may raise `Refused` for rules between fields.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from msgspec import NODEFAULT, Struct, inspect

from app.api.wire.problems import Loc, Problem, Refused, RequestInvalid
from app.api.wire.scalars import read_boolean, read_integer, read_moment, read_number, read_string

#: Reads a value at a place; what is wrong goes into the list, and then the result means nothing.
Reader = Callable[[object, Loc, list[Problem]], object]


def read(reader: Reader, value: object, loc: Loc) -> object:
    """Read `value`.

    Raises:
        RequestInvalid: it breaks rules.
    """
    problems: list[Problem] = []
    result = reader(value, loc, problems)
    if problems:
        raise RequestInvalid(problems)
    return result


def reader_of(annotation: object) -> Reader:
    """Make the reader of a type annotation; do it once, not per request.

    Raises:
        TypeError: the annotation holds a type that no reader exists for.
    """
    return _build(inspect.type_info(annotation))


def _build(info: inspect.Type) -> Reader:
    builder = _BUILDERS.get(type(info))
    if builder is None:
        raise TypeError(f"no reader for {info}")
    return builder(info)


def _leaf(convert: Callable[[object], object]) -> Reader:
    def run(value: object, loc: Loc, problems: list[Problem]) -> object:
        try:
            return convert(value)
        except Refused as refused:
            problems.append(refused.at(loc, value))
            return None

    return run


def _anything(info: inspect.Type) -> Reader:
    if isinstance(info, inspect.CustomType) and info.cls is not object:
        raise TypeError(f"no reader for {info.cls}")
    return lambda value, loc, problems: value


def _string(info: inspect.Type) -> Reader:
    kind = cast("inspect.StrType", info)
    least, most = kind.min_length, kind.max_length
    pattern = re.compile(kind.pattern) if kind.pattern else None

    def convert(value: object) -> str:
        text = read_string(value)
        if least is not None and len(text) < least:
            raise _limit("string_too_short", f"String should have at least {_count(least, 'character')}", least, "min")
        if most is not None and len(text) > most:
            raise _limit("string_too_long", f"String should have at most {_count(most, 'character')}", most, "max")
        # `$` also matches before a last line break, which no caller of these patterns means.
        if pattern is not None and (pattern.search(text) is None or text.endswith("\n")):
            rule = pattern.pattern
            raise Refused("string_pattern_mismatch", f"String should match pattern '{rule}'", {"pattern": rule})
        return text

    return _leaf(convert)


def _integer(info: inspect.Type) -> Reader:
    kind = cast("inspect.IntType", info)
    return _leaf(lambda value: _bounded(read_integer(value), kind.ge, kind.le))


def _number(info: inspect.Type) -> Reader:
    kind = cast("inspect.FloatType", info)
    return _leaf(lambda value: _bounded(read_number(value), kind.ge, kind.le))


def _bounded(number: float, least: float | None, most: float | None) -> float:
    if least is not None and number < least:
        raise Refused("greater_than_equal", f"Input should be greater than or equal to {least:g}", {"ge": least})
    if most is not None and number > most:
        raise Refused("less_than_equal", f"Input should be less than or equal to {most:g}", {"le": most})
    return number


def _literal(info: inspect.Type) -> Reader:
    values = cast("inspect.LiteralType", info).values
    quoted = [repr(value) for value in values]
    expected = " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)

    def convert(value: object) -> object:
        if isinstance(value, str) and value in values:
            return value
        raise Refused("literal_error", f"Input should be {expected}", {"expected": expected})

    return _leaf(convert)


def _list(info: inspect.Type) -> Reader:
    kind = cast("inspect.ListType | inspect.VarTupleType", info)
    item, least, most = _build(kind.item_type), kind.min_length, kind.max_length

    def run(value: object, loc: Loc, problems: list[Problem]) -> object:
        items = _as_list(value)
        if items is None:
            problems.append(Refused("list_type", "Input should be a valid list").at(loc, value))
            return None
        size = len(items)
        if least is not None and size < least:
            sentence = f"List should have at least {_count(least, 'item')} after validation, not {size}"
            problems.append(_limit("too_short", sentence, least, "min", size).at(loc, value))
            return None
        if most is not None and size > most:
            sentence = f"List should have at most {_count(most, 'item')} after validation, not {size}"
            problems.append(_limit("too_long", sentence, most, "max", size).at(loc, value))
            return None
        return [item(entry, (*loc, index), problems) for index, entry in enumerate(items)]

    return run


def _mapping(info: inspect.Type) -> Reader:
    entry = _build(cast("inspect.DictType", info).value_type)

    def run(value: object, loc: Loc, problems: list[Problem]) -> object:
        entries = _as_object(value)
        if entries is None:
            problems.append(Refused("dict_type", "Input should be a valid dictionary").at(loc, value))
            return None
        return {key: entry(inner, (*loc, key), problems) for key, inner in entries.items()}

    return run


def _union(info: inspect.Type) -> Reader:
    kinds = [kind for kind in cast("inspect.UnionType", info).types if not isinstance(kind, inspect.NoneType)]
    if len(kinds) != 1:
        raise TypeError(f"no reader for {info}: a union may only add None to one type")
    inner = _build(kinds[0])
    return lambda value, loc, problems: None if value is None else inner(value, loc, problems)


def _annotated(info: inspect.Type) -> Reader:
    kind = cast("inspect.Metadata", info)
    inner = _build(kind.type)
    rule = cast("Callable[[object], object] | None", _extra(kind).get("rule"))
    if rule is None:
        return inner

    def run(value: object, loc: Loc, problems: list[Problem]) -> object:
        before = len(problems)
        result = inner(value, loc, problems)
        if len(problems) > before:
            return None
        try:
            return rule(result)
        except Refused as refused:
            problems.append(refused.at(loc, value))
            return None

    return run


class _Field(Struct, frozen=True):
    name: str
    keys: tuple[str, ...]
    required: bool
    read: Reader


def _struct(info: inspect.Type) -> Reader:
    kind = cast("inspect.StructType", info)
    make = cast("Callable[..., object]", kind.cls)
    others = next((field.name for field in kind.fields if "others" in _extra(field.type)), None)
    fields = [_field(field) for field in kind.fields if field.name != others]
    known = {key for field in fields for key in field.keys}

    def run(value: object, loc: Loc, problems: list[Problem]) -> object:
        sent = _as_object(value)
        if sent is None:
            sentence = "Input should be a valid dictionary or object to extract fields from"
            problems.append(Refused("model_attributes_type", sentence).at(loc, value))
            return None
        before = len(problems)
        values = _fields(fields, sent, loc, problems)
        if others is not None:
            values[others] = {key: inner for key, inner in sent.items() if key not in known and inner is not None}
        if len(problems) > before:
            return None
        try:
            return make(**values)
        except Refused as refused:
            problems.append(refused.at(loc, value))
            return None

    return run


def _fields(
    fields: Sequence[_Field], sent: Mapping[str, object], loc: Loc, problems: list[Problem]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for field in fields:
        key = next((key for key in field.keys if key in sent), None)
        if key is not None:
            values[field.name] = field.read(sent[key], (*loc, key), problems)
        elif field.required:
            problems.append(Refused("missing", "Field required").at((*loc, field.keys[0]), sent))
    return values


def _field(field: inspect.Field) -> _Field:
    aliases = cast("tuple[str, ...]", _extra(field.type).get("aliases", ()))
    required = field.default is NODEFAULT and field.default_factory is NODEFAULT
    return _Field(field.name, (field.encode_name, *aliases), required, _build(field.type))


def _extra(kind: inspect.Type) -> Mapping[str, object]:
    if isinstance(kind, inspect.UnionType):
        kind = kind.types[0]
    extra = cast("dict[str, object] | None", getattr(kind, "extra", None))
    return extra or {}


def _as_list(value: object) -> list[object] | None:
    return cast("list[object]", value) if isinstance(value, list) else None


def _as_object(value: object) -> dict[str, object] | None:
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _limit(type: str, sentence: str, limit: int, side: str, size: int | None = None) -> Refused:
    context: dict[str, object] = {f"{side}_length": limit}
    if size is not None:
        context = {"field_type": "List", **context, "actual_length": size}
    return Refused(type, sentence, context)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_BUILDERS: dict[type[inspect.Type], Callable[[inspect.Type], Reader]] = {
    inspect.CustomType: _anything,
    inspect.StrType: _string,
    inspect.IntType: _integer,
    inspect.FloatType: _number,
    inspect.BoolType: lambda info: _leaf(read_boolean),
    inspect.DateTimeType: lambda info: _leaf(read_moment),
    inspect.LiteralType: _literal,
    inspect.ListType: _list,
    inspect.DictType: _mapping,
    inspect.UnionType: _union,
    inspect.Metadata: _annotated,
    inspect.StructType: _struct,
}
