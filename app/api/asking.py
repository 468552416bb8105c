"""From a request to chat to a question and the memory that may answer it: everything that can be refused is, first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, cast

from msgspec import Meta, Struct

from app.api.access import require_membership
from app.api.embedding import MAX_TOKENS, embed_if_possible
from app.api.recalling import refuse_reserved
from app.api.scoping import ScopeNames, names_of, scope_observer, scope_sessions
from app.api.searching import find_messages
from app.api.service import Service
from app.api.wire.fields import FreeForm, Refused, without_nul
from app.chat.levels import EFFORTS, SHARES, ReasoningLevel
from app.chat.memory import Memory
from app.chat.question import Question
from app.chat.response_format import Form, read_form
from app.keys import Caller
from app.models import tokens
from graph.configuration import Card, resolve_card, resolve_instructions
from graph.errors import Invalid, NotFound
from graph.names import check_known_name
from graph.queries.reach import SettingRow
from graph.recall.allowlist import read_allowlist
from graph.recall.context import session_context
from graph.recall.reach import Reach, sessions_of, setting
from graph.store import cards, peers
from graph.store.json_text import decode
from graph.types import Message

MAX_QUERY = 10_000


def _not_only_nul(value: object) -> object:
    text = without_nul(cast("str", value))
    if not text:
        raise Refused("string_too_short", "String should have at least 1 character", {"min_length": 1})
    return text


class WorkspaceChatOptions(Struct, frozen=True, kw_only=True):
    """A question to all that a workspace holds, and how to answer it; additive: from what was held at `as_of`."""

    query: Annotated[str, Meta(min_length=1, max_length=MAX_QUERY, extra={"rule": _not_only_nul})]
    session_id: str | None = None
    scope: ScopeNames = None
    stream: bool = False
    reasoning_level: ReasoningLevel = "low"
    response_format: dict[str, object] | None = None
    include_evidence: bool = False
    as_of: datetime | None = None


class DialecticOptions(WorkspaceChatOptions, frozen=True, kw_only=True):
    """A question to a peer's memory, about whom (the peer itself by default), and how to answer it."""

    target: str | None = None
    filters: FreeForm | None = None


class Asked(Struct, frozen=True):
    """A question, and what may answer it."""

    question: Question
    memory: Memory


class _Chosen(Struct, frozen=True, kw_only=True):
    """Whose memory answers, and within which sessions."""

    observer_id: str
    allowed: list[str] | None
    session_ids: list[str]


async def ask_peer(service: Service, caller: Caller, workspace_id: str, peer_id: str, data: DialecticOptions) -> Asked:
    """A question to a peer's memory. The peer and its workspace are created if they are missing, and all else is sound.

    Raises:
        Invalid: an option breaks a rule, or two exclude each other.
        Unauthorised: the caller's key does not reach what an option names.
        NotFound: the target, the session or a scope does not exist.
    """
    target = peer_id if data.target is None else data.target
    for name in (peer_id, target):
        check_known_name("peer", name)
        refuse_reserved(name)
    form = _form(service, data)
    allowed = read_allowlist(data.filters)
    if data.scope is not None and (data.session_id is not None or allowed is not None):
        raise Invalid("scope excludes session_id and filters")
    if data.session_id is not None and allowed is not None and data.session_id not in allowed:
        raise Invalid("session_id must be among the sessions that filters allow")
    named = {*(allowed or ()), *([] if data.session_id is None else [data.session_id])}
    await require_membership(service, caller, workspace_id, named)
    chosen = await _chosen(service, caller, workspace_id, peer_id, data, allowed)
    found = await setting(service.database, workspace_id, target, data.session_id)
    if target != peer_id and not found.observed:
        raise NotFound(f"Peer {target} not found")
    _require_session(found, data.session_id)
    await peers.get_or_create(service.database, workspace_id, peer_id, metadata=None, configuration=None)
    reach = Reach(
        workspace_id=workspace_id,
        observer_id=chosen.observer_id,
        observed_id=target,
        allowed=chosen.allowed,
        session_ids=chosen.session_ids,
        as_of=data.as_of,
    )
    own_card, card = await _cards(service, reach, found)
    question = Question(
        text=data.query,
        observer=peer_id,
        observed=target,
        effort=EFFORTS[data.reasoning_level],
        form=form,
        own_card=own_card,
        card=card,
        history=await _history(service, workspace_id, data.session_id, data.as_of),
        instructions=_instructions(found),
        stream=data.stream,
    )
    return Asked(question, _memory(service, reach))


async def ask_workspace(service: Service, caller: Caller, workspace_id: str, data: WorkspaceChatOptions) -> Asked:
    """A question to all that a workspace holds.

    Raises:
        Invalid: an option breaks a rule, or two exclude each other.
        NotFound: the workspace, the session or a scope does not exist.
    """
    form = _form(service, data)
    if data.scope is not None and data.session_id is not None:
        raise Invalid("scope excludes session_id")
    found = await setting(service.database, workspace_id, None, data.session_id)
    if not found.workspace:
        raise NotFound(f"Workspace {workspace_id} not found")
    _require_session(found, data.session_id)
    allowed = None
    if data.scope is not None:
        names = [data.scope] if isinstance(data.scope, str) else names_of(data.scope)
        allowed = await scope_sessions(service, caller, workspace_id, names)
    reach = Reach(
        workspace_id=workspace_id,
        observer_id=None,
        observed_id=None,
        allowed=allowed,
        session_ids=allowed if data.session_id is None else [data.session_id],
        as_of=data.as_of,
    )
    question = Question(
        text=data.query,
        observer=None,
        observed=None,
        effort=EFFORTS[data.reasoning_level],
        form=form,
        history=await _history(service, workspace_id, data.session_id, data.as_of),
        instructions=_instructions(found),
        stream=data.stream,
    )
    return Asked(question, _memory(service, reach))


def _form(service: Service, data: WorkspaceChatOptions) -> Form | None:
    if data.session_id is not None:
        check_known_name("session", data.session_id)
    if data.response_format is None:
        return None
    form = read_form(data.response_format)
    if not service.answerer.gives_forms:
        raise Invalid(
            "response_format needs a language model, and none is configured: set DOXA_LLM_MODEL, with "
            "OPENAI_API_KEY or OPENAI_BASE_URL"
        )
    return form


async def _chosen(
    service: Service,
    caller: Caller,
    workspace_id: str,
    peer_id: str,
    data: DialecticOptions,
    allowed: list[str] | None,
) -> _Chosen:
    if isinstance(data.scope, str):
        observer_id = await scope_observer(service, caller, workspace_id, data.scope)
        # What the scope holds now, not what it once held.
        session_ids = await sessions_of(service.database, workspace_id, observer_id, current=True)
        # A scope without sessions recalls nothing, also while what it held is still being taken away.
        return _Chosen(observer_id=observer_id, allowed=None if session_ids else [], session_ids=session_ids)
    if data.scope is not None:
        allowed = await scope_sessions(service, caller, workspace_id, names_of(data.scope))
    if data.session_id is not None:
        return _Chosen(observer_id=peer_id, allowed=allowed, session_ids=[data.session_id])
    seen = await sessions_of(service.database, workspace_id, peer_id, allowed)
    return _Chosen(observer_id=peer_id, allowed=allowed, session_ids=seen)


def _require_session(found: SettingRow, session_id: str | None) -> None:
    if session_id is not None and not found.session:
        raise NotFound(f"Session {session_id} not found")


async def _cards(service: Service, reach: Reach, found: SettingRow) -> tuple[Sequence[str], Sequence[str]]:
    """The observer's card about itself, where it is not the observed peer, and its card about that: of then."""
    levels = [decode(text) for text in (*found.workspace, *found.session)]
    if reach.allowed is not None or not resolve_card(Card(), *levels).use:
        return (), ()
    assert reach.observer_id is not None
    assert reach.observed_id is not None
    where, then = (service.database, reach.workspace_id, reach.observer_id), reach.as_of
    card = await cards.get(*where, reach.observed_id, as_of=then)
    own = None if reach.observer_id == reach.observed_id else await cards.get(*where, reach.observer_id, as_of=then)
    return own or (), card or ()


def _instructions(found: SettingRow) -> str | None:
    return resolve_instructions("dialectic", *(decode(text) for text in (*found.workspace, *found.session)))


async def _history(
    service: Service, workspace_id: str, session_id: str | None, as_of: datetime | None
) -> Sequence[Message]:
    if session_id is None:
        return ()
    context = await session_context(
        service.database,
        workspace_id,
        session_id,
        tokens=SHARES.history,
        about=None,
        count=tokens.count,
        as_of=as_of,
    )
    return context.messages


def _memory(service: Service, reach: Reach) -> Memory:
    async def embed(text: str) -> list[float] | None:
        return await embed_if_possible(service.embedder, text)

    async def find(query: str, *, limit: int, session_ids: Sequence[str] | None) -> list[Message]:
        short = query if len(query) * 4 <= MAX_TOKENS else tokens.truncate(query, MAX_TOKENS)
        by_then = None if reach.as_of is None else {"created_at": {"lte": reach.as_of.isoformat()}}
        return await find_messages(
            service, reach.workspace_id, short, filters=by_then, limit=limit, session_ids=session_ids
        )

    return Memory(service.database, reach, embed, find, service.embedder.answer_similarity)
