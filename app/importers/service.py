"""A running Doxa as its HTTP API shows it: only the calls that importing and the demo need, each with a type."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Generic, Self, TypeVar

import httpx
import msgspec
from msgspec import Struct

from app.importers.errors import Refused, Unreachable, WrongAddress

T = TypeVar("T")
PAGE = 100
ATTEMPTS = 5
TIMEOUT_SECONDS = 60.0
TRANSIENT = frozenset({429, 500, 502, 503, 504})


class Page(Struct, Generic[T], frozen=True):
    """One page of a list."""

    items: list[T]
    total: int = 0
    page: int = 1
    pages: int = 0


class Message(Struct, frozen=True):
    """A stored message."""

    id: str
    content: str
    peer_id: str
    session_id: str
    created_at: datetime
    metadata: dict[str, object] = {}


class NewMessage(Struct, frozen=True, omit_defaults=True):
    """A message to be stored; without a time the service dates it."""

    content: str
    peer_id: str
    metadata: dict[str, object] = {}
    created_at: datetime | None = None


class Conclusion(Struct, frozen=True):
    """What one peer holds about another.

    Attributes:
        source_message_ids: The messages it rests on.
        source_ids: The conclusions it rests on.
    """

    id: str
    content: str
    observer_id: str
    observed_id: str
    created_at: datetime
    session_id: str | None = None
    level: str = "explicit"
    times_derived: int = 1
    source_ids: list[str] | None = None
    source_message_ids: list[str] | None = None


class Context(Struct, frozen=True):
    """What a prompt for the next turn of a session would hold."""

    messages: list[Message]
    summary: dict[str, object] | None = None
    peer_representation: str | None = None
    peer_card: list[str] | None = None


class QueueStatus(Struct, frozen=True):
    """How much reasoning there is to do in a workspace.

    Attributes:
        failed_work_units: Those that were given up and wait for somebody to replay them; they are not pending.
    """

    total_work_units: int = 0
    completed_work_units: int = 0
    in_progress_work_units: int = 0
    pending_work_units: int = 0
    failed_work_units: int = 0

    @property
    def open(self) -> int:
        """Units that will still be done."""
        return self.in_progress_work_units + self.pending_work_units


class Identified(Struct, frozen=True):
    """A workspace, peer or session by its id."""

    id: str


class Service:
    """The API under one address. A context manager.

    Calls that may be repeated without harm are, up to 5 times with growing pauses, when the service cannot be reached.

    Args:
        url: Address of the service, such as `http://127.0.0.1:8000`.
        api_key: Sent as a bearer token when given.
        pause: Waits so many seconds before another attempt.

    Raises:
        WrongAddress: The address is none of HTTP.
    """

    def __init__(self, url: str, api_key: str | None = None, pause: Callable[[float], None] = time.sleep) -> None:
        self.url = url.rstrip("/")
        if not self.url.startswith(("http://", "https://")):
            raise WrongAddress(f"url: must begin with http:// or https://, not {url!r}")
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.pause = pause
        # A proxy of the environment cannot reach this machine's own loopback.
        near = httpx.URL(self.url).host in {"localhost", "127.0.0.1", "::1"}
        self._http = httpx.Client(base_url=self.url, headers=headers, timeout=TIMEOUT_SECONDS, trust_env=not near)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def check(self) -> None:
        """Asks whether a Doxa answers at all.

        Raises:
            Unreachable: Nothing answers there.
            Refused: Something else answers.
        """
        self._sent("GET", "/health")

    def ensure_workspace(self, workspace: str) -> None:
        """Makes the workspace if there is none."""
        self._again("POST", "/v3/workspaces", {"id": workspace})

    def ensure_peer(self, workspace: str, peer: str, metadata: Mapping[str, object]) -> None:
        """Makes the peer if there is none; a peer that exists keeps its own metadata."""
        answer = self._again("POST", f"/v3/workspaces/{workspace}/peers", {"id": peer})
        if answer.status_code == HTTPStatus.CREATED and metadata:
            self._again("PUT", f"/v3/workspaces/{workspace}/peers/{peer}", {"metadata": dict(metadata)})

    def ensure_session(self, workspace: str, session: str, peers: Mapping[str, Mapping[str, bool]]) -> bool:
        """Makes the session if there is none and joins the peers; whether it is new."""
        body = {"id": session, "peers": {peer: dict(each) for peer, each in peers.items()}}
        return self._again("POST", f"/v3/workspaces/{workspace}/sessions", body).status_code == HTTPStatus.CREATED

    def add_messages(self, workspace: str, session: str, messages: Sequence[NewMessage], key: str) -> None:
        """Stores 1 to 100 messages in their order.

        Never sent twice: the caller must find out what became of it, and may send the same with the same key again. A
        request that got no answer may still be under way, and come to its end after the caller looked.

        Args:
            workspace: The workspace.
            session: The session.
            messages: What to store.
            key: Names this request: with the same key the same messages are stored once.

        Raises:
            Unreachable: No answer, or none that settles whether the messages are stored.
            Refused: They are not stored.
        """
        headers = {"Idempotency-Key": key}
        self._sent("POST", self._session(workspace, session, "/messages"), {"messages": messages}, headers=headers)

    def messages(self, workspace: str, session: str) -> Iterator[Message]:
        """All messages of a session, oldest first; none when there is no such session."""
        return self._listed(self._session(workspace, session, "/messages/list"), Page[Message])

    def sessions(self, workspace: str) -> Iterator[Identified]:
        """The sessions of a workspace, oldest first."""
        return self._listed(f"/v3/workspaces/{workspace}/sessions/list", Page[Identified])

    def session_peers(self, workspace: str, session: str) -> list[str]:
        """The active members of a session; at most 100."""
        answer = self._again("GET", self._session(workspace, session, "/peers"), query={"size": PAGE})
        return [each.id for each in self._decoded(answer, Page[Identified]).items]

    def conclusions(self, workspace: str) -> Iterator[Conclusion]:
        """All conclusions of a workspace, newest first."""
        return self._listed(f"/v3/workspaces/{workspace}/conclusions/list", Page[Conclusion])

    def count_conclusions(self, workspace: str) -> int:
        """How many conclusions the workspace holds."""
        answer = self._again("POST", f"/v3/workspaces/{workspace}/conclusions/list", query={"size": 1})
        return self._decoded(answer, Page[Conclusion]).total

    def query_conclusions(
        self, workspace: str, query: str, observer: str, observed: str, top_k: int
    ) -> list[Conclusion]:
        """What one peer holds about another, nearest in meaning to the query first."""
        body = {"query": query, "top_k": top_k, "filters": {"observer_id": observer, "observed_id": observed}}
        answer = self._again("POST", f"/v3/workspaces/{workspace}/conclusions/query", body)
        return self._decoded(answer, list[Conclusion])

    def session_context(
        self, workspace: str, session: str, tokens: int, target: str | None, perspective: str | None
    ) -> Context:
        """What a prompt for the next turn of a session would hold.

        Args:
            workspace: The workspace.
            session: The session.
            tokens: Budget of the whole, in tokens.
            target: The peer that is talked to; None leaves representations out.
            perspective: The peer whose view of the target is wanted; None takes the target's own.
        """
        query: dict[str, str | int] = {"tokens": tokens}
        if target is not None:
            query["peer_target"] = target
        if perspective is not None:
            query["peer_perspective"] = perspective
        answer = self._again("GET", self._session(workspace, session, "/context"), query=query)
        return self._decoded(answer, Context)

    def queue_status(self, workspace: str) -> QueueStatus:
        """How much reasoning there is to do."""
        answer = self._again("GET", f"/v3/workspaces/{workspace}/queue/status")
        return self._decoded(answer, QueueStatus)

    def _session(self, workspace: str, session: str, rest: str) -> str:
        return f"/v3/workspaces/{workspace}/sessions/{session}{rest}"

    def _listed(self, path: str, kind: type[Page[T]]) -> Iterator[T]:
        number = 1
        while True:
            found = self._decoded(self._again("POST", path, query={"page": number, "size": PAGE}), kind)
            yield from found.items
            if found.page >= found.pages:
                return
            number += 1

    def _again(
        self, method: str, path: str, body: object = None, query: Mapping[str, str | int] | None = None
    ) -> httpx.Response:
        for attempt in range(1, ATTEMPTS):
            try:
                return self._sent(method, path, body, query)
            except Unreachable:
                self.pause(0.25 * 2**attempt)
        return self._sent(method, path, body, query)

    def _sent(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        # The standard library writes whole numbers of any size, which a file's metadata may hold.
        content = None if body is None else json.dumps(msgspec.to_builtins(body))
        kind = {"Content-Type": "application/json", **(headers or {})}
        try:
            answer = self._http.request(method, path, content=content, params=query, headers=kind)
        except httpx.TransportError as error:
            why = "took too long to answer" if isinstance(error, httpx.TimeoutException) else "does not answer"
            raise Unreachable(f"the Doxa at {self.url} {why} ({type(error).__name__})") from error
        if answer.status_code in TRANSIENT:
            raise Unreachable(f"the Doxa at {self.url} answered {answer.status_code}: {_detail(answer)}")
        if not answer.is_success:
            raise Refused(
                f"the Doxa at {self.url} refused {method} {path} with {answer.status_code}: {_detail(answer)}",
                answer.status_code,
            )
        return answer

    def _decoded(self, answer: httpx.Response, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.MsgspecError as error:
            path = answer.request.url.path
            raise Refused(f"what answers {path} at {self.url} is no Doxa: {error}", answer.status_code) from error


class _Fault(Struct):
    msg: str
    loc: list[str | int] = []


class _Detail(Struct):
    detail: str | list[_Fault]


def _detail(answer: httpx.Response) -> str:
    try:
        detail = msgspec.json.decode(answer.content, type=_Detail).detail
    except msgspec.MsgspecError:
        return " ".join(answer.text.split())[:200] or answer.reason_phrase
    if isinstance(detail, str):
        return detail
    return "; ".join(f"{'.'.join(str(part) for part in fault.loc)}: {fault.msg}" for fault in detail)
