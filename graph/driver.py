"""The only module that knows the Neo4j driver.

`Database` runs managed transactions: the work function may run more than once, so it must be safe to repeat. Results
come out as the query's row Struct; what the driver raises comes out as an error of `graph.errors`.
"""

# The driver's own annotations are incomplete (settings, records, plans); this module is the wall that keeps that in.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import msgspec
import neo4j
from neo4j import exceptions as faults
from neo4j.time import DateTime

from graph.errors import (
    DoxaError,
    Duplicate,
    OutcomeUnknown,
    QueryFault,
    StoreFault,
    StoreRefused,
    StoreUnavailable,
)
from graph.query import P, Predicate, Query, R
from graph.types import Wake

T = TypeVar("T")

#: What the server says of a node that was deleted after this transaction found it, and how often to look again.
_GONE = "Neo.ClientError.Statement.EntityNotFound"
_LOOKS = 5

#: How long to wait between looks at what became of a commit.
_LOOK_SECONDS = 0.2

#: What the server says when it cannot take a write although the statement is sound.
_REFUSALS = ("ReadOnly", "Security.Forbidden")

#: What the server says to reads and writes alike once it has met a fault that only a new start mends.
_NO_TRANSACTIONS = "Neo.DatabaseError.Transaction.TransactionStartFailed"


class Ran(msgspec.Struct, frozen=True):
    """That a query ran: its name and its time, never its parameters.

    Attributes:
        name: of its file.
        began: nanoseconds since 1970.
        seconds: until its rows were there; its transaction is committed later.
        failure: the kind of the fault, None if it succeeded.
    """

    name: str
    began: int
    seconds: float
    failure: str | None


#: Is told of every query that ran, those of attempts that were undone among them; it must not block or raise.
Observer = Callable[[Ran], None]


class Transaction:
    """Runs bound queries inside one managed transaction."""

    def __init__(self, inner: neo4j.AsyncManagedTransaction, observer: Observer | None = None) -> None:
        self._inner = inner
        self._observer = observer
        self.wakes: list[Wake] = []
        """Units of work that were asked for in this transaction: whoever listens to the database hears of them."""

    async def one(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> R:
        """Run a query that returns exactly one row.

        Raises:
            QueryFault: it returned none or several.
        """
        rows = await self.many(query, parameters, where)
        if len(rows) != 1:
            raise QueryFault(f"{query.name} returned {len(rows)} rows instead of one")
        return rows[0]

    async def maybe(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> R | None:
        """Run a query that returns one row or none.

        Raises:
            QueryFault: it returned several.
        """
        rows = await self.many(query, parameters, where)
        if len(rows) > 1:
            raise QueryFault(f"{query.name} returned {len(rows)} rows instead of at most one")
        return rows[0] if rows else None

    async def many(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> list[R]:
        """Run a query and return its rows in order."""
        if self._observer is None:
            return await self._run(query, parameters, where)
        began, clock = time.time_ns(), time.perf_counter()
        failure: str | None = "interrupted"
        try:
            rows = await self._run(query, parameters, where)
            failure = None
        except Exception as fault:
            failure = type(fault).__name__
            raise
        finally:
            self._observer(Ran(query.name, began, time.perf_counter() - clock, failure))
        return rows

    async def _run(self, query: Query[P, R], parameters: P, where: Predicate | None) -> list[R]:
        values: dict[str, Any] = {name: getattr(parameters, name) for name in query.parameters.__struct_fields__}
        if where is not None:
            values.update(where.parameters)
        result = await self._inner.run(query.statement(where), values)
        rows = [_row(query, record) for record in await result.fetch(_ALL)]
        await result.consume()
        return rows

    async def stream(self, query: Query[P, R], parameters: P) -> AsyncGenerator[R]:
        """Run a query and hand out its rows as they come; only in `Database.hold` are few of them in memory at once."""
        values: dict[str, Any] = {name: getattr(parameters, name) for name in query.parameters.__struct_fields__}
        result = await self._inner.run(query.statement(), values)
        async for record in result:
            yield _row(query, record)

    async def run(self, query: Query[P, R], parameters: P) -> None:
        """Run a query for its effect."""
        await self.many(query, parameters)


_ALL = 2**31

#: Rows that the server sends at once where rows are handed out as they come.
_PORTION = 500


class Plan(msgspec.Struct, frozen=True):
    """What the planner says of a statement, without running it.

    Attributes:
        columns: names of the columns it returns.
        operators: names of the plan's operators, outermost first, each with its details.
        notices: codes of the notifications (deprecations, missing indexes and the like).
    """

    columns: tuple[str, ...]
    operators: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]


class Database:
    """A pool of connections to one Neo4j database."""

    def __init__(
        self, driver: neo4j.AsyncDriver, database: str | None, retry_seconds: float, observer: Observer | None = None
    ) -> None:
        self._driver = driver
        self._database = database
        self._retry_seconds = retry_seconds
        self._observer = observer
        self._listener: Callable[[Sequence[Wake]], None] | None = None
        self.busy = 0
        """Transactions under way; each has, or waits for, a connection of its own."""

    def listen(self, listener: Callable[[Sequence[Wake]], None]) -> None:
        """Let `listener` hear of the work that was asked for, after each commit; it must neither wait nor raise."""
        self._listener = listener

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in a read transaction, again on a transient fault.

        Raises:
            StoreFault: the database did not do its part.
        """
        with _translated():
            async with self._session(neo4j.READ_ACCESS) as session:
                with self._counted():
                    return await session.execute_read(lambda inner: work(Transaction(inner, self._observer)))

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in a write transaction, again on a transient fault; all or nothing.

        Also again when a node that it found was deleted before it could be locked: the second time it is not found.

        Raises:
            StoreFault: the database did not do its part.
        """
        looks = 0
        wakes: list[Wake] = []

        async def run(inner: neo4j.AsyncManagedTransaction) -> T:
            tx = Transaction(inner, self._observer)
            done = await work(tx)
            wakes[:] = tx.wakes
            return done

        with _translated():
            while True:
                try:
                    async with self._session(neo4j.WRITE_ACCESS) as session:
                        with self._counted():
                            done = await session.execute_write(run)
                    if wakes and self._listener is not None:
                        self._listener(wakes)
                    return done
                except (faults.ClientError, _Hollow) as fault:
                    looks += 1
                    if looks == _LOOKS or not (isinstance(fault, _Hollow) or fault.code == _GONE):
                        raise

    async def write_once(
        self, work: Callable[[Transaction], Awaitable[T]], landed: Callable[[Transaction], Awaitable[T | None]]
    ) -> T:
        """Run `work` in a write transaction so that it takes effect once, also when the answer to its commit is lost.

        After such a loss the database is waited for and looked at: what is there is the result, what is not is written
        again. A commit that is still under way then is not overtaken: what is written again waits for it, and fails.

        Args:
            work: stores nodes under ids that were made before, which a constraint keeps unique.
            landed: finds what `work` stored by these ids, or None.

        Raises:
            OutcomeUnknown: the database did not come back in time, so it cannot be known.
            StoreFault: the database did not do its part; nothing was written.
        """
        until: float | None = None
        duplicate: Duplicate | None = None
        while True:
            try:
                if until is not None:
                    found = await self.read(landed)
                    if found is not None:
                        return found
                    if duplicate is not None:
                        raise duplicate
                return await self.write(work)
            except StoreUnavailable as fault:
                if until is None and not isinstance(fault, OutcomeUnknown):
                    raise
                until = until or time.monotonic() + self._retry_seconds
                if time.monotonic() >= until:
                    raise OutcomeUnknown(fault.detail) from fault
                await asyncio.sleep(_LOOK_SECONDS)
            except Duplicate as fault:
                if duplicate is not None:
                    raise
                duplicate, until = fault, until or time.monotonic() + self._retry_seconds

    async def hold(self, work: Callable[[Transaction], Awaitable[T]], seconds: float) -> T:
        """Run `work` in a write transaction that keeps its locks for some seconds at most; again on a transient fault.

        Its `Transaction.stream` holds a portion of the rows in memory.

        Args:
            work: it may run more than once.
            seconds: after so long the server ends the transaction, whatever has become of this process.

        Raises:
            StoreFault: the database did not do its part, or the time was over.
        """
        with _translated():
            session = self._driver.session(
                database=self._database, default_access_mode=neo4j.WRITE_ACCESS, fetch_size=_PORTION
            )
            async with session:
                limited = neo4j.unit_of_work(timeout=seconds)
                return await session.execute_write(limited(lambda inner: work(Transaction(inner, self._observer))))

    async def one(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> R:
        """Run one query that returns exactly one row, in a transaction of its own."""
        return await self._alone(query, lambda tx: tx.one(query, parameters, where))

    async def maybe(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> R | None:
        """Run one query that returns one row or none, in a transaction of its own."""
        return await self._alone(query, lambda tx: tx.maybe(query, parameters, where))

    async def many(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> list[R]:
        """Run one query and return its rows, in a transaction of its own."""
        return await self._alone(query, lambda tx: tx.many(query, parameters, where))

    async def schema_statement(self, statement: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run one statement of a migration by itself (schema changes share a transaction with nothing else).

        Raises:
            StoreFault: the database did not do its part.
        """
        with _translated():
            async with self._session(neo4j.WRITE_ACCESS) as session:
                result = await session.run(cast("Any", statement), dict(parameters or {}))
                await result.consume()

    async def explain(self, statement: str, parameters: Mapping[str, object]) -> Plan:
        """Plan a statement anew without running it; here, and only here, the server is asked for its notifications."""
        with _translated():
            async with self._driver.session(database=self._database, notifications_min_severity="WARNING") as session:
                result = await session.run(cast("Any", "CYPHER replan=force EXPLAIN " + statement), dict(parameters))
                columns = tuple(result.keys())
                summary = await result.consume()
        operators: list[tuple[str, str]] = []
        _walk(cast("Any", summary.plan), operators)
        notices = tuple(
            str(cast("Any", note).gql_status) for note in summary.gql_status_objects if note.is_notification
        )
        return Plan(columns, tuple(operators), notices)

    async def profile(self, query: Query[P, R], parameters: P, where: Predicate | None = None) -> int:
        """Run a reading query and count what the database touched for it, by the plan it would make for it now.

        Returns:
            database hits, over all operators of the plan.

        Raises:
            QueryFault: the query writes.
        """
        if query.access != "read":
            raise QueryFault(f"{query.name} writes: it is not run to be measured")
        values: dict[str, Any] = {name: getattr(parameters, name) for name in query.parameters.__struct_fields__}
        values.update(where.parameters if where else {})
        with _translated():
            async with self._session(neo4j.READ_ACCESS) as session:
                result = await session.run(cast("Any", "CYPHER replan=force PROFILE " + query.statement(where)), values)
                summary = await result.consume()
        return _hits(cast("Any", summary.profile))

    async def ping(self) -> None:
        """Ask the server for one row.

        Raises:
            StoreUnavailable: it does not answer.
        """
        with _translated():
            async with self._session(neo4j.READ_ACCESS) as session:
                await (await session.run("RETURN 1 AS one")).consume()

    async def close(self) -> None:
        """Close all connections."""
        await self._driver.close()

    async def _alone(self, query: Query[P, R], work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await (self.read(work) if query.access == "read" else self.write(work))

    @contextmanager
    def _counted(self) -> Generator[None]:
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1

    def _session(self, access: str) -> neo4j.AsyncSession:
        return self._driver.session(database=self._database, default_access_mode=access, fetch_size=-1)


def connect(
    uri: str,
    user: str,
    password: str,
    *,
    database: str | None = None,
    pool_size: int = 64,
    acquire_seconds: float = 30.0,
    retry_seconds: float = 20.0,
    observer: Observer | None = None,
) -> Database:
    """Make a `Database`; no connection is opened until the first query.

    Args:
        uri: `bolt://`, `neo4j://` and their `+s` and `+ssc` forms.
        user: user name.
        password: password; empty for a server without authentication.
        database: name of the database, the server's default when None.
        pool_size: connections at most.
        acquire_seconds: longest wait for a free connection.
        retry_seconds: how long a managed transaction is retried on transient faults.
        observer: is told of every query that ran.
    """
    driver = neo4j.AsyncGraphDatabase.driver(
        uri,
        auth=(user, password) if password else None,
        max_connection_pool_size=pool_size,
        connection_acquisition_timeout=acquire_seconds,
        max_transaction_retry_time=retry_seconds,
        connection_timeout=10.0,
        keep_alive=True,
        user_agent="doxa",
        notifications_min_severity="OFF",
    )
    return Database(driver, database, retry_seconds, observer)


def translate(fault: Exception) -> DoxaError:
    """Map what the Neo4j driver raises to an error of ours.

    Unavailable is whatever may pass on its own: no connection, no leader, a transaction chosen as a deadlock's victim,
    memory limits. Everything that is the statement's own fault is a defect of ours: `QueryFault`.
    """
    code = getattr(fault, "code", None) or type(fault).__name__
    if isinstance(fault, (faults.AuthError, faults.ConfigurationError)):
        return StoreUnavailable(f"the database refused the connection ({code})")
    if isinstance(fault, (faults.ForbiddenOnReadOnlyDatabase, faults.Forbidden)) or any(
        word in str(code) for word in _REFUSALS
    ):
        return StoreRefused(f"the database takes no writes: full disk, read-only or missing rights ({code})")
    if isinstance(fault, faults.IncompleteCommit):
        return OutcomeUnknown(f"the database is not available ({code})")
    if isinstance(fault, faults.ConstraintError):
        return Duplicate(f"a query failed ({code})")
    if isinstance(fault, (faults.TransientError, faults.ServiceUnavailable, faults.SessionExpired)):
        return StoreUnavailable(f"the database is not available ({code})")
    if isinstance(fault, faults.ConnectionPoolError):
        return StoreUnavailable(f"the database is not available ({code})")
    if code == _NO_TRANSACTIONS:
        return StoreUnavailable(f"the database must be started anew ({code})")
    if isinstance(fault, faults.DatabaseError):
        return StoreRefused(f"the database met a fault of its own, such as a full disk ({code})")
    if isinstance(fault, (faults.Neo4jError, faults.DriverError)):
        return QueryFault(f"a query failed ({code})")
    return StoreFault(f"the database failed ({type(fault).__name__})")


class _translated:
    """Turns the driver's exceptions into ours on the way out of a block."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, (faults.Neo4jError, faults.DriverError)):
            raise translate(fault) from fault
        if isinstance(fault, (OSError, TimeoutError)) and not isinstance(fault, asyncio.CancelledError):
            raise StoreUnavailable("the database is not available (connection lost)") from fault


class _Hollow(QueryFault):
    """A row lacks what it must have: a defect, or the node was deleted while the query waited for its lock.

    The server then goes on with a node that has no properties, and what is written to it is lost.
    """


def _row(query: Query[Any, R], record: neo4j.Record) -> R:
    try:
        return msgspec.convert({name: _plain(value) for name, value in record.items()}, query.row)
    except msgspec.ValidationError as fault:
        hollow = query.access == "write" and None in record.values()
        raise (_Hollow if hollow else QueryFault)(f"{query.name}: {query.row.__name__}: {fault}") from fault


def _plain(value: Any) -> Any:
    if isinstance(value, DateTime):
        native: datetime = value.to_native()
        return native.astimezone(UTC)
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, Any]", value).items()}
    return value


def _walk(plan: dict[str, Any], into: list[tuple[str, str]]) -> None:
    into.append((str(plan["operatorType"]).split("@")[0], str(plan.get("args", {}).get("Details", ""))))
    for child in plan.get("children", []):
        _walk(child, into)


def _hits(profile: dict[str, Any]) -> int:
    return int(profile.get("dbHits", 0)) + sum(_hits(child) for child in profile.get("children", []))
