"""A query bound to its types: what goes in, what comes out.

`bind` is called once per query in `graph/queries/<noun>.py`; it checks that the parameter Struct has exactly the
parameters that the file declares. That the columns equal the row Struct's fields is checked against the engine by a
test.
"""

from collections.abc import Mapping
from typing import Generic, LiteralString, TypeVar, cast

import msgspec
from msgspec import Struct

from cypher.loader import SLOT, Access, Returns, Scope, load
from graph.errors import QueryFault


class Parameters(Struct, frozen=True, kw_only=True):
    """Base of what goes into a query; the fields are the parameters' names."""


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what comes out of a query; the fields are the columns' names."""


class Nothing(Row, frozen=True):
    """The row of a query that returns none."""


class NoParameters(Parameters, frozen=True):
    """The parameters of a query that takes none."""


class Predicate(Struct, frozen=True):
    """A compiled filter: text from a closed vocabulary over the variable `n`, and the values it speaks of."""

    text: str = "true"
    parameters: Mapping[str, object] = msgspec.field(default_factory=dict[str, object])

    @property
    def takes_all(self) -> bool:
        """Whether it lets everything pass."""
        return self.text == "true"


P = TypeVar("P", bound=Parameters)
R = TypeVar("R", bound=Row)


class Query(Generic[P, R]):
    """A query file with its parameter and row types.

    Attributes:
        name: the file's name below `cypher/`.
        text: the statement, with the slot for a filter still open if it has one.
    """

    def __init__(self, name: str, parameters: type[P], row: type[R]) -> None:
        file = load(name)
        declared, fields = set(file.parameters), set(parameters.__struct_fields__)
        if declared != fields:
            raise QueryFault(
                f"{name}: the file declares {sorted(declared)}, {parameters.__name__} has {sorted(fields)}"
            )
        self.name = name
        self.text: LiteralString = file.text
        self.access: Access = file.access
        self.returns: Returns = file.returns
        self.scope: Scope = file.scope
        self.where_slot = file.where_slot
        self.parameters = parameters
        self.row = row

    def statement(self, where: Predicate | None = None) -> LiteralString:
        """The statement with its filter filled in; a statement without a slot takes none."""
        if not self.where_slot:
            if where is not None:
                raise QueryFault(f"{self.name} has no slot for a filter")
            return self.text
        # The predicate's text comes from the filter compiler's closed vocabulary, so it is as trusted as the file.
        return self.text.replace(SLOT, cast("LiteralString", where.text if where else "true"))

    def __repr__(self) -> str:
        """Name the query."""
        return f"Query({self.name})"


def bind(name: str, parameters: type[P], row: type[R]) -> Query[P, R]:
    """Bind the query file `name` to its types.

    Raises:
        QueryFault: the declared parameters are not the fields of `parameters`.
        CypherFileFault: the file is missing or breaks a rule.
    """
    return Query(name, parameters, row)
