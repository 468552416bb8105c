"""What can go wrong in the graph, as one tree.

::

    DoxaError
    ├── Invalid            a value breaks a rule of the domain
    ├── TooManyObservers   a session would have more observers than it may
    ├── NotFound           the thing named does not exist
    ├── Conflict           the thing exists in a state that forbids the request
    ├── Unauthorised       the caller's key is missing, is not valid, or does not reach so far
    ├── LeaseLost          another worker has taken over a unit of work
    ├── QueryFault         a query file and its binding disagree, or a result has the wrong shape
    │   └── Duplicate      what must be unique is there already
    ├── SchemaFault        the database and this code do not fit each other
    │   ├── SchemaTooNew   a later version of Doxa has migrated the database
    │   └── EmbeddingMismatch  the stored vectors come from another embedder
    └── StoreFault         the database did not do its part
        ├── StoreUnavailable   it cannot be reached or answered too late: try again
        │   └── OutcomeUnknown     the connection was lost during a commit: it may have been done
        └── StoreRefused       it refused a write (full disk, read-only, rights): a person must look

The HTTP layer translates each class once (`app.api.errors`); what Neo4j raises is mapped once (`graph.driver`).
"""


class DoxaError(Exception):
    """Root of all errors that Doxa raises on purpose.

    Attributes:
        detail: one sentence for the caller; it never holds a secret or a stored text.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(DoxaError):
    """A value breaks a rule of the domain; the sentence names the field and the rule."""


class TooManyObservers(DoxaError):
    """A session would have more active observers than it may."""


class NotFound(DoxaError):
    """The thing named does not exist, or is being deleted."""


class Conflict(DoxaError):
    """The thing exists in a state that forbids the request."""


class Unauthorised(DoxaError):
    """The caller's key is missing, is not valid, or does not reach so far."""


class LeaseLost(DoxaError):
    """Another worker has taken over the unit of work; nothing was written."""


class QueryFault(DoxaError):
    """A query file and its binding disagree, or a result has the wrong shape: a defect of ours."""


class Duplicate(QueryFault):
    """What must be unique is there already; nothing was written."""


class SchemaFault(DoxaError):
    """The database and this code do not fit each other."""


class SchemaTooNew(SchemaFault):
    """A later version of Doxa has migrated the database."""


class EmbeddingMismatch(SchemaFault):
    """The stored vectors come from another embedder than the one configured."""


class StoreFault(DoxaError):
    """The database did not do its part."""


class StoreUnavailable(StoreFault):
    """The database cannot be reached or answered too late; the same request may pass later."""


class OutcomeUnknown(StoreUnavailable):
    """The connection was lost during a commit: what was to be written may be there or not."""


class StoreRefused(StoreFault):
    """The database refused the write: disk full, read-only or missing rights."""
