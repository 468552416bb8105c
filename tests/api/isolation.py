"""What a workspace is filled with, and every way to read one, for the property that no workspace shows another's."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import httpx
import msgspec
from hypothesis import strategies as st
from msgspec import Struct, field

PEERS = ("ann", "bob")
SESSIONS = ("first", "second")
SCOPE = "wide"

#: What is said and stated; each holds the mark of its workspace, which no other's text holds.
SENTENCES = (
    "I live in {mark}.",
    "My dog is called {mark}.",
    "I work as a nurse in {mark}, and I like {mark} very much.",
    "Have you been to {mark}?",
)


class Made(Struct):
    """What the service says of anything that it made."""

    id: str


class Side(Struct):
    """One of the workspaces, and what is known of it from outside.

    Attributes:
        base: path of its routes.
        mark: the word that every text in it holds.
        ids: of what was made in it, by kind.
    """

    client: httpx.Client
    base: str
    mark: str
    ids: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def call(self, verb: str, path: str, body: object = None) -> httpx.Response:
        return self.client.request(verb, f"{self.base}{path}", json=body)

    def note(self, kind: str, response: httpx.Response) -> None:
        assert response.status_code < 300, response.text
        several = response.content.startswith(b"[")
        rows = msgspec.json.decode(response.content if several else b"[%b]" % response.content, type=list[Made])
        self.ids.setdefault(kind, []).extend(row.id for row in rows)


class Step(Struct, frozen=True):
    """One thing done to one of the two workspaces (0 or 1)."""

    side: int
    kind: str
    peer: str
    other: str
    session: str
    sentence: str


STEPS = st.builds(
    Step,
    side=st.integers(0, 1),
    kind=st.sampled_from(
        ("say", "say", "say", "state", "state", "card", "scope", "clone", "metadata", "close", "retract", "correct")
    ),
    peer=st.sampled_from(PEERS),
    other=st.sampled_from(PEERS),
    session=st.sampled_from(SESSIONS),
    sentence=st.sampled_from(SENTENCES),
)


def begin(side: Side) -> None:
    """The peers and sessions that the steps use; the same names on both sides."""
    for peer in PEERS:
        assert side.call("POST", "/peers", {"id": peer, "metadata": {"in": side.mark}}).status_code < 300
    for session in SESSIONS:
        members = {"ann": {}, "bob": {"observe_others": True}}
        assert side.call("POST", "/sessions", {"id": session, "peers": members}).status_code < 300
    side.note("webhooks", side.call("POST", "/webhooks", {"url": f"https://{side.mark}.example.com/told"}))


def do(side: Side, step: Step) -> None:
    """Take a step; a session that an earlier step deleted is made anew by writing to it, once it is gone."""
    text = step.sentence.format(mark=side.mark)
    match step.kind:
        case "say":
            said = {"messages": [{"peer_id": step.peer, "content": text, "metadata": {"in": side.mark}}]}
            response = side.call("POST", f"/sessions/{step.session}/messages", said)
            if response.status_code != 404:
                side.note("messages", response)
        case "state":
            stated = {"content": text, "observer_id": step.peer, "observed_id": step.other}
            side.note("conclusions", side.call("POST", "/conclusions", {"conclusions": [stated]}))
        case "card":
            path = f"/peers/{step.peer}/card?target={step.other}"
            assert side.call("PUT", path, {"peer_card": [f"ATTRIBUTE: {text}"]}).status_code == 200
        case "scope":
            side.call("POST", "/scopes", {"id": SCOPE, "metadata": {"in": side.mark}})
            side.call("POST", f"/scopes/{SCOPE}/sessions", {"session_ids": [step.session]})
        case "clone":
            cloned = side.call("POST", f"/sessions/{step.session}/clone")
            if cloned.status_code != 404:
                side.note("clones", cloned)
        case _:
            _change(side, step, text)


def _change(side: Side, step: Step, text: str) -> None:
    match step.kind:
        case "metadata":
            side.call("PUT", f"/peers/{step.peer}", {"metadata": {"in": side.mark}})
        case "close":
            side.call("DELETE", f"/sessions/{step.session}")
        case "retract":
            for message_id in side.ids.get("messages", ())[-1:]:
                side.call("POST", f"/sessions/{step.session}/messages/{message_id}/retract")
        case _:
            for conclusion_id in side.ids.get("conclusions", ())[-1:]:
                corrected = side.call("POST", f"/conclusions/{conclusion_id}/correct", {"content": text})
                if corrected.status_code != 404:
                    side.note("conclusions", corrected)


def reads(mine: Side, words: str) -> Iterator[tuple[str, str, object]]:
    """Every way to read a workspace, looking for these words: verb, path and body."""
    then = f"as_of={datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    for peer in PEERS:
        for target in PEERS:
            yield "GET", f"/peers/{peer}/card?target={target}", None
            yield "GET", f"/peers/{peer}/card?target={target}&proof=true&{then}", None
            yield "GET", f"/peers/{peer}/changes?target={target}", None
            yield "GET", f"/dreams/report?observer={peer}&observed={target}", None
            yield "GET", f"/peers/{peer}/perspective?target={target}", None
            yield "GET", f"/peers/{peer}/perspective?target={target}&{then}", None
            yield "GET", f"/peers/{peer}/context?target={target}&search_query={words}", None
            yield "GET", f"/peers/{peer}/context?target={target}&{then}", None
            yield "POST", f"/peers/{peer}/representation", {"target": target, "search_query": words}
            yield (
                "POST",
                f"/peers/{peer}/chat",
                {"query": f"What of {words}?", "target": target, "include_evidence": True},
            )
            pair = {"observer_id": peer, "observed_id": target}
            yield "POST", "/conclusions/query", {"query": words, "top_k": 100, "filters": pair}
        yield "POST", f"/peers/{peer}/sessions", {}
        yield "POST", f"/peers/{peer}/search", {"query": words, "limit": 100}
    for session in (*SESSIONS, *mine.ids.get("clones", ())):
        yield "GET", f"/sessions/{session}/context?search_query={words}&peer_target=ann&peer_perspective=bob", None
        yield "GET", f"/sessions/{session}/summaries", None
        yield "GET", f"/sessions/{session}/messages/retracted", None
        yield "GET", f"/sessions/{session}/peers", None
        yield "GET", f"/sessions/{session}/peers/ann/config", None
        yield "POST", f"/sessions/{session}/messages/list?size=100", {}
        yield "POST", f"/sessions/{session}/search", {"query": words, "limit": 100}
    yield "POST", "/peers/list?size=100", {}
    yield "POST", "/sessions/list?size=100", {}
    yield "POST", "/search", {"query": words, "limit": 100}
    yield "POST", "/chat", {"query": f"What of {words}?", "include_evidence": True}
    yield "POST", "/conclusions/list?size=100", {}
    yield "GET", "/queue/status", None
    yield "GET", "/queue/units", None
    yield "GET", "/usage", None
    yield "GET", "/erasures", None
    yield "GET", "/webhooks", None
    yield "POST", "/scopes/list", {}
    yield "GET", f"/scopes/{SCOPE}", None
    yield "GET", f"/scopes/{SCOPE}/status", None
    yield "POST", f"/scopes/{SCOPE}/sessions/list", {}


def by_id(ids: dict[str, list[str]]) -> Iterator[tuple[str, str, object]]:
    """Reading, changing and deleting by the ids of things, wherever they are."""
    for message_id in ids.get("messages", ()):
        yield "GET", f"/sessions/first/messages/{message_id}", None
        yield "PUT", f"/sessions/first/messages/{message_id}", {"metadata": {}}
        yield "POST", f"/sessions/first/messages/{message_id}/retract", None
        yield "POST", f"/sessions/first/messages/{message_id}/restore", None
        yield "DELETE", f"/sessions/first/messages/{message_id}", None
        yield "POST", f"/sessions/first/clone?message_id={message_id}", None
    for conclusion_id in ids.get("conclusions", ()):
        yield "GET", f"/conclusions/{conclusion_id}", None
        yield "DELETE", f"/conclusions/{conclusion_id}", None
        yield "POST", f"/conclusions/{conclusion_id}/correct", {"content": "Something else."}
        yield "POST", f"/conclusions/{conclusion_id}/unmerge", None
    for unit_id in ids.get("units", ()):
        yield "GET", f"/queue/units/{unit_id}", None
        yield "POST", f"/queue/units/{unit_id}/replay", None
        yield "POST", f"/queue/units/{unit_id}/drop", {"reason": "not mine"}
    for webhook_id in ids.get("webhooks", ()):
        yield "DELETE", f"/webhooks/{webhook_id}", None


def all_ids(side: Side) -> Sequence[str]:
    """Of everything that was made in a workspace, conclusions drawn in the background included."""
    held = side.call("POST", "/conclusions/list?size=100", {}).json()["items"]
    said = [
        message["id"]
        for session in (*SESSIONS, *side.ids.get("clones", ()))
        for message in side.call("POST", f"/sessions/{session}/messages/list?size=100", {}).json()["items"]
    ]
    units = side.call("GET", "/queue/units?size=100").json()["items"]
    side.ids["units"] = [row["id"] for row in units]
    made = [one for kind, ids in side.ids.items() if kind != "clones" for one in ids]
    return [*made, *said, *(row["id"] for row in held)]
