"""The limits of requests (contract section 3), each with what to send for a size."""

from collections.abc import Callable

from msgspec import Struct

from tests.api.conftest import deep

Json = dict[str, object]
Send = Callable[[int], tuple[str, str, object]]

CONCLUSION = {"observer_id": "ann", "observed_id": "ann"}
MESSAGES = "/sessions/s/messages"


class Limit(Struct, frozen=True):
    """A limit: what is sent for a size, the last size that passes, the first that does not.

    Attributes:
        send: a size to verb, path below the workspace, and body (None for none).
        refused: the status of what is past it.
    """

    name: str
    send: Send
    last: int
    past: int
    refused: int = 422


def most(name: str, last: int, send: Send, refused: int = 422) -> Limit:
    return Limit(name, send, last, last + 1, refused)


def least(name: str, first: int, send: Send) -> Limit:
    return Limit(name, send, first, first - 1)


def keys(count: int) -> Json:
    return {f"k{number}": number for number in range(count)}


def configured(**summary: int) -> Json:
    return {"configuration": {"summary": summary}}


def depth(levels: int) -> Json:
    """A filter with so many levels of groups below its root."""
    inner: Json = {"id": "x"}
    for level in range(levels):
        inner = {("AND", "OR", "NOT")[level % 3]: [inner]}
    return inner


def instructed(tokens: int) -> Json:
    return {"configuration": {"reasoning": {"enabled": True, "custom_instructions": "word" + " word" * (tokens - 1)}}}


def said(content: str, peer: str = "ann", **more: object) -> dict[str, list[Json]]:
    return {"messages": [{"content": content, "peer_id": peer, **more}]}


def stated(content: str) -> dict[str, list[Json]]:
    return {"conclusions": [{"content": content, **CONCLUSION}]}


def described(what: str, last: int, make: Callable[[int], Json]) -> list[Limit]:
    """A limit of metadata, wherever metadata is taken."""
    sends: dict[str, Send] = {
        "a workspace": lambda n: ("PUT", "", {"metadata": make(n)}),
        "a peer": lambda n: ("POST", "/peers", {"id": "p", "metadata": make(n)}),
        "a session": lambda n: ("POST", "/sessions", {"id": "s", "metadata": make(n)}),
        "a scope": lambda n: ("POST", "/scopes", {"id": "c", "metadata": make(n)}),
        "a message": lambda n: ("POST", MESSAGES, said("x", metadata=make(n))),
    }
    return [most(f"{what} of metadata of {noun}", last, send) for noun, send in sends.items()]


def searched(place: str) -> list[Limit]:
    return [
        most(f"messages found by {place}", 100, lambda n: ("POST", place, {"query": "x", "limit": n})),
        least(f"messages found by {place}, fewest", 1, lambda n: ("POST", place, {"query": "x", "limit": n})),
        most(f"tokens of the query of {place}", 8192, lambda n: ("POST", place, {"query": " a" * n})),
    ]


def asked(place: str) -> list[Limit]:
    return [
        most(f"query of {place}", 10_000, lambda n: ("POST", place, {"query": "x" * n})),
        least(f"query of {place}, shortest", 1, lambda n: ("POST", place, {"query": "x" * n})),
    ]


def recalled(field: str, first: int, last: int) -> list[Limit]:
    sends: dict[str, Send] = {
        "representation": lambda n: ("POST", "/peers/ann/representation", {field: n}),
        "peer's context": lambda n: ("GET", f"/peers/ann/context?{field}={n}", None),
        "session's context": lambda n: ("GET", f"/sessions/s/context?{field}={n}", None),
    }
    return [
        limit
        for noun, send in sends.items()
        for limit in (most(f"{field} of a {noun}", last, send), least(f"{field} of a {noun}, least", first, send))
    ]


def paged(verb: str, place: str) -> list[Limit]:
    return [
        most(f"size of a page of {place}", 100, lambda n: (verb, f"{place}?size={n}", None)),
        least(f"size of a page of {place}, least", 1, lambda n: (verb, f"{place}?size={n}", None)),
        least(f"page of {place}, first", 1, lambda n: (verb, f"{place}?page={n}", None)),
    ]


LISTS = [
    ("POST", "/peers/list"),
    ("POST", "/sessions/list"),
    ("POST", "/peers/ann/sessions"),
    ("POST", "/sessions/s/messages/list"),
    ("POST", "/conclusions/list"),
    ("POST", "/scopes/list"),
    ("POST", "/scopes/area/sessions/list"),
    ("GET", "/webhooks"),
    ("GET", "/sessions/s/peers"),
]

LIMITS = [
    # Names, by body and by path. (A workspace's name in the path is that of the test.)
    most("peer name", 512, lambda n: ("POST", "/peers", {"id": "p" * n})),
    least("peer name, shortest", 1, lambda n: ("POST", "/peers", {"id": "p" * n})),
    most("peer name in the path", 512, lambda n: ("PUT", f"/peers/{'q' * n}", {})),
    most("session name", 512, lambda n: ("POST", "/sessions", {"id": "s" * n})),
    least("session name, shortest", 1, lambda n: ("POST", "/sessions", {"id": "s" * n})),
    most("session name in the path of messages", 512, lambda n: ("POST", f"/sessions/{'t' * n}/messages", said("x"))),
    most("scope name", 506, lambda n: ("POST", "/scopes", {"id": "c" * n})),
    least("scope name, shortest", 1, lambda n: ("POST", "/scopes", {"id": "c" * n})),
    most("author of a message", 512, lambda n: ("POST", MESSAGES, said("x", "a" * n))),
    most("member of a session", 512, lambda n: ("POST", "/sessions/s/peers", {"m" * n: {}})),
    # Metadata, wherever it is taken.
    *described("keys", 100, keys),
    *described("depth", 5, deep),
    # Messages.
    most("content of a message", 25_000, lambda n: ("POST", MESSAGES, said("x" * n))),
    most("messages in a request", 100, lambda n: ("POST", MESSAGES, {"messages": said("x")["messages"] * n})),
    least("messages in a request, fewest", 1, lambda n: ("POST", MESSAGES, {"messages": said("x")["messages"] * n})),
    # Conclusions.
    # Words of many characters each: so many of one would be too many tokens.
    most("content of a conclusion", 65_535, lambda n: ("POST", "/conclusions", stated((" international" * n)[:n]))),
    least("content of a conclusion, shortest", 1, lambda n: ("POST", "/conclusions", stated("x" * n))),
    most("tokens of a conclusion", 8192, lambda n: ("POST", "/conclusions", stated(" a" * n))),
    most(
        "conclusions in a request",
        100,
        lambda n: ("POST", "/conclusions", {"conclusions": stated("x")["conclusions"] * n}),
    ),
    least(
        "conclusions in a request, fewest",
        1,
        lambda n: ("POST", "/conclusions", {"conclusions": stated("x")["conclusions"] * n}),
    ),
    most("conclusions found", 100, lambda n: ("POST", "/conclusions/query", {"query": "x", "top_k": n})),
    least("conclusions found, fewest", 1, lambda n: ("POST", "/conclusions/query", {"query": "x", "top_k": n})),
    most("tokens of a query for conclusions", 8192, lambda n: ("POST", "/conclusions/query", {"query": " a" * n})),
    most("distance of conclusions found", 1, lambda n: ("POST", "/conclusions/query", {"query": "x", "distance": n})),
    least(
        "distance of conclusions found, least",
        0,
        lambda n: ("POST", "/conclusions/query", {"query": "x", "distance": n}),
    ),
    # Searching and answering.
    *(limit for place in ("/search", "/peers/ann/search", "/sessions/s/search") for limit in searched(place)),
    *(limit for place in ("/chat", "/peers/ann/chat") for limit in asked(place)),
    most("scopes of an answer", 100, lambda n: ("POST", "/peers/ann/chat", {"query": "x", "scope": ["area"] * n})),
    least(
        "scopes of an answer, fewest", 1, lambda n: ("POST", "/peers/ann/chat", {"query": "x", "scope": ["area"] * n})
    ),
    # Recalling.
    *recalled("search_top_k", 1, 100),
    *recalled("max_conclusions", 1, 100),
    *recalled("search_max_distance", 0, 1),
    most("tokens of a context", 100_000, lambda n: ("GET", f"/sessions/s/context?tokens={n}", None)),
    most(
        "sessions that recall is restricted to",
        1000,
        lambda n: ("POST", "/peers/ann/representation", {"filters": {"session_id": [f"s{k}" for k in range(n)]}}),
    ),
    most("scopes of a representation", 100, lambda n: ("POST", "/peers/ann/representation", {"scope": ["area"] * n})),
    least(
        "scopes of a representation, fewest",
        1,
        lambda n: ("POST", "/peers/ann/representation", {"scope": ["area"] * n}),
    ),
    # Scopes.
    most("scopes of a session", 100, lambda n: ("POST", "/sessions", {"id": "s", "scopes": ["area"] * n})),
    most("sessions added to a scope", 100, lambda n: ("POST", "/scopes/area/sessions", {"session_ids": ["s"] * n})),
    least(
        "sessions added to a scope, fewest", 1, lambda n: ("POST", "/scopes/area/sessions", {"session_ids": ["s"] * n})
    ),
    # Configuration.
    least("messages for a short summary", 10, lambda n: ("PUT", "", configured(messages_per_short_summary=n))),
    least("messages for a long summary", 20, lambda n: ("PUT", "/sessions/s", configured(messages_per_long_summary=n))),
    least(
        "messages for a long summary beside a short one",
        31,
        lambda n: ("PUT", "/sessions/s", configured(messages_per_short_summary=30, messages_per_long_summary=n)),
    ),
    most("tokens of custom instructions", 2000, lambda n: ("PUT", "", instructed(n))),
    most("tokens of a session's custom instructions", 2000, lambda n: ("PUT", "/sessions/s", instructed(n))),
    # Observers, webhooks.
    most(
        "observers of a session",
        10,
        lambda n: ("PUT", "/sessions/watched/peers", {f"o{k}": {"observe_others": True} for k in range(n)}),
        400,
    ),
    most("address of a webhook", 2048, lambda n: ("POST", "/webhooks", {"url": "https://example.com/".ljust(n, "x")})),
    # Lists and filters.
    *(limit for verb, place in LISTS for limit in paged(verb, place)),
    most("depth of a filter", 5, lambda n: ("POST", "/peers/list", {"filters": depth(n)})),
]
