"""Whatever the Neo4j driver can raise becomes an error of ours; the list is read from the driver itself."""

import inspect

import pytest
from neo4j import exceptions

from graph.driver import connect, translate
from graph.errors import DoxaError, Duplicate, OutcomeUnknown, QueryFault, StoreFault, StoreRefused, StoreUnavailable

ALL = [
    kind
    for kind in vars(exceptions).values()
    if inspect.isclass(kind) and issubclass(kind, (exceptions.Neo4jError, exceptions.DriverError))
]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_no_exception_of_the_driver_is_missed(kind: type[Exception]) -> None:
    mapped = translate(kind("said"))
    assert isinstance(mapped, DoxaError)
    assert type(mapped) is not StoreFault, "only exceptions from outside the driver's tree may stay unclassified"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (exceptions.ServiceUnavailable, StoreUnavailable),
        (exceptions.SessionExpired, StoreUnavailable),
        (exceptions.TransientError, StoreUnavailable),
        (exceptions.DatabaseUnavailable, StoreUnavailable),
        (exceptions.IncompleteCommit, OutcomeUnknown),
        (exceptions.ConnectionAcquisitionTimeoutError, StoreUnavailable),
        (exceptions.AuthError, StoreUnavailable),
        (exceptions.DatabaseError, StoreRefused),
        (exceptions.ForbiddenOnReadOnlyDatabase, StoreRefused),
        (exceptions.CypherSyntaxError, QueryFault),
        (exceptions.ConstraintError, Duplicate),
    ],
)
def test_a_fault_that_may_pass_is_told_from_one_that_will_not(kind: type[Exception], expected: type[DoxaError]) -> None:
    assert type(translate(kind("said"))) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Neo.TransientError.Transaction.DeadlockDetected", StoreUnavailable),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", StoreUnavailable),
        ("Neo.ClientError.Security.Unauthorized", StoreUnavailable),
        ("Neo.ClientError.Security.Forbidden", StoreRefused),
        ("Neo.DatabaseError.Statement.ExecutionFailed", StoreRefused),
        ("Neo.DatabaseError.Transaction.TransactionCommitFailed", StoreRefused),
        ("Neo.DatabaseError.Transaction.TransactionLogError", StoreRefused),
        ("Neo.DatabaseError.Transaction.TransactionStartFailed", StoreUnavailable),
        ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", StoreRefused),
        ("Neo.ClientError.Statement.SyntaxError", QueryFault),
    ],
)
def test_what_the_server_says_is_sorted_by_its_code(code: str, expected: type[DoxaError]) -> None:
    fault = exceptions.Neo4jError._basic_hydrate(neo4j_code=code, message="said")  # pyright: ignore -- no public way
    assert type(translate(fault)) is expected
    assert "said" not in translate(fault).detail, "a message may quote stored text"


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = connect("bolt://127.0.0.1:1", "neo4j", "x", retry_seconds=0.1, acquire_seconds=1)
    try:
        with pytest.raises(StoreUnavailable):
            await database.ping()
    finally:
        await database.close()
