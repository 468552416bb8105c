"""From a condition to a Cypher predicate.

All text comes from this module and `graph.filters.columns`; what a caller sent goes into parameters.
"""

from collections.abc import Sequence
from typing import assert_never

from graph.errors import Invalid
from graph.filters.columns import Kind
from graph.filters.conditions import (
    All,
    Always,
    Compare,
    Condition,
    FieldHasText,
    FieldIsAnyOf,
    FieldNumber,
    FieldText,
    HasSources,
    HasText,
    Holds,
    IsAnyOf,
    IsNull,
    Never,
    Not,
    Operator,
    Some,
    Test,
)
from graph.metadata_terms import is_array, is_object, scalar_mark, step

#: Most tests in one predicate: planning time grows with them (256 take about a second and a half at first sight).
MOST_TESTS = 256


class Writer:
    """Writes one predicate and collects its parameters, named `f_0`, `f_1` and so on.

    Variables of its own begin with `f_` as well, so they meet none of the query around it.

    Raises:
        Invalid: the predicate would hold more than `MOST_TESTS` tests.
    """

    def __init__(self, variable: str) -> None:
        if not (variable.isascii() and variable.isidentifier()):
            raise ValueError(f"{variable!r} is no variable")
        self._variable = variable
        self._tests = 0
        self.parameters: dict[str, object] = {}

    def write(self, condition: Condition) -> str:
        """The text of a condition; other conditions may be put before and behind it with AND."""
        match condition:
            case Always():
                return "true"
            case Never():
                return "false"
            case All(parts):
                return " AND ".join(self.write(part) for part in parts)
            case Some(parts):
                return f"({' OR '.join(self.write(part) for part in parts)})"
            case Not(part):
                return f"NOT coalesce({self.write(part)}, false)"
            case _:
                return self._test(condition)

    def _test(self, condition: Test) -> str:
        self._count()
        value = condition.column.expression.format(n=self._variable)
        match condition:
            case IsNull():
                listed = condition.column.kind is Kind.SOURCES
                return f"size({value}) = 0" if listed else f"{value} IS NULL"
            case Compare(_, operator, operand):
                return self._compare(value, operator, operand)
            case IsAnyOf(_, values):
                return f"{value} IN {self._bind(list(values))}"
            case HasText(_, text):
                return f"{_folded(value)} CONTAINS {_folded(self._bind(text))}"
            case HasSources(_, ids):
                return self._all_in("", ids, value)
            case Holds(_, whole):
                return self._holds("", whole, value)
            case FieldNumber(_, field, operator, key):
                mark = f"{step(field)}%"
                prefix, operand = self._bind(mark), self._bind(mark + key)
                return f"any(f_t IN {value} WHERE f_t STARTS WITH {prefix} AND f_t {operator} {operand})"
            case FieldText() | FieldIsAnyOf() | FieldHasText():
                return self._field(condition, value)

    def _field(self, condition: FieldText | FieldIsAnyOf | FieldHasText, terms: str) -> str:
        prefix = self._bind(f"{step(condition.field)}=")
        # The character after the prefix says what type the text was.
        text = f"substring(f_t, size({prefix}) + 1)"
        match condition:
            case FieldText(_, _, operator, operand):
                test = f"{text} {operator} {self._bind(operand)}"
            case FieldIsAnyOf(_, _, texts):
                test = f"{text} IN {self._bind(list(texts))}"
            case FieldHasText(_, _, part):
                test = f"{_folded(text)} CONTAINS {_folded(self._bind(part))}"
            case _:
                assert_never(condition)
        return f"any(f_t IN {terms} WHERE f_t STARTS WITH {prefix} AND {test})"

    def _compare(self, value: str, operator: Operator, operand: object) -> str:
        name = self._bind(operand)
        if operator is Operator.DIFFERENT:
            return f"({value} <> {name} OR {value} IS NULL)"
        return f"{value} {operator} {name}"

    def _holds(self, base: str, value: object, terms: str) -> str:
        """Containment of `value` at the path that the expression `base` gives (the root when empty)."""
        exact: list[str] = []
        loops: list[str] = []
        waiting: list[tuple[str, object]] = [("", value)]
        while waiting:
            at, item = waiting.pop()
            if is_object(item):
                waiting.extend((at + step(key), part) for key, part in item.items())
                exact += [] if item else [f"{at}!o"]
            elif is_array(item):
                exact += [f"{at}#{scalar_mark(part)}" for part in item if not (is_object(part) or is_array(part))]
                loops += [self._element(base, at, part, terms) for part in item if is_object(part) or is_array(part)]
                exact += [] if item else [f"{at}!a"]
            else:
                exact.append(at + scalar_mark(item))
        return " AND ".join([self._all_in(base, exact, terms), *loops] if exact else loops)

    def _element(self, base: str, at: str, part: object, terms: str) -> str:
        self._count()
        mark, found = self._bind(f"{at}?{'o' if is_object(part) else 'a'}"), self._bind(f"{at}#")
        if base:
            mark, found = f"({base} + {mark})", f"{base} + {found}"
        element = f"f_e{self._tests}"
        elements = f"[f_t IN {terms} WHERE f_t STARTS WITH {mark} | {found} + substring(f_t, size({mark}))]"
        return f"any({element} IN {elements} WHERE {self._holds(element, part, terms)})"

    def _all_in(self, base: str, wanted: Sequence[str], values: str) -> str:
        if len(wanted) == 1:
            name = self._bind(wanted[0])
            return f"({base} + {name}) IN {values}" if base else f"{name} IN {values}"
        return f"all(f_x IN {self._bind(list(wanted))} WHERE {f'({base} + f_x)' if base else 'f_x'} IN {values})"

    def _bind(self, value: object) -> str:
        name = f"f_{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def _count(self) -> None:
        self._tests += 1
        if self._tests > MOST_TESTS:
            raise Invalid(f"filters must not hold more than {MOST_TESTS} conditions")


def _folded(text: str) -> str:
    # The lower case of a capital sigma depends on its place in the word, which must not decide what is found.
    return f"replace(toLower({text}), '\\u03c2', '\\u03c3')"
