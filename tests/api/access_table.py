"""Whose keys open which route, as the contract has it: what the service declares is held against this table."""

from app.api.access import Access

A, W, P, S, M, OWN, CLAIMS = (
    Access.ADMIN,
    Access.WORKSPACE,
    Access.PEER,
    Access.SESSION,
    Access.MEMBER,
    Access.OWN_MEMBER,
    Access.CLAIMS,
)

_WORKSPACE = "/v3/workspaces/{workspace_id}"
_PEER = f"{_WORKSPACE}/peers/{{peer_id}}"
_SESSION = f"{_WORKSPACE}/sessions/{{session_id}}"
_SCOPE = f"{_WORKSPACE}/scopes/{{scope_id}}"

TABLE: dict[tuple[str, str], Access] = {
    ("POST", "/v3/workspaces"): CLAIMS,
    ("POST", "/v3/workspaces/list"): A,
    ("PUT", _WORKSPACE): W,
    ("DELETE", _WORKSPACE): W,
    ("POST", f"{_WORKSPACE}/search"): W,
    ("POST", f"{_WORKSPACE}/chat"): W,
    ("GET", f"{_WORKSPACE}/queue/status"): W,
    ("POST", f"{_WORKSPACE}/schedule_dream"): W,
    ("POST", f"{_WORKSPACE}/peers"): CLAIMS,
    ("POST", f"{_WORKSPACE}/peers/list"): W,
    ("PUT", _PEER): P,
    ("POST", f"{_PEER}/sessions"): P,
    ("POST", f"{_PEER}/chat"): P,
    ("POST", f"{_PEER}/representation"): P,
    ("GET", f"{_PEER}/card"): P,
    ("PUT", f"{_PEER}/card"): P,
    ("GET", f"{_PEER}/context"): P,
    ("POST", f"{_PEER}/search"): P,
    ("POST", f"{_WORKSPACE}/sessions"): CLAIMS,
    ("POST", f"{_WORKSPACE}/sessions/list"): W,
    ("PUT", _SESSION): S,
    ("DELETE", _SESSION): S,
    ("POST", f"{_SESSION}/clone"): S,
    ("GET", f"{_SESSION}/peers"): M,
    ("POST", f"{_SESSION}/peers"): S,
    ("PUT", f"{_SESSION}/peers"): S,
    ("DELETE", f"{_SESSION}/peers"): S,
    ("GET", f"{_SESSION}/peers/{{peer_id}}/config"): OWN,
    ("PUT", f"{_SESSION}/peers/{{peer_id}}/config"): S,
    ("GET", f"{_SESSION}/context"): M,
    ("GET", f"{_SESSION}/summaries"): M,
    ("POST", f"{_SESSION}/search"): M,
    ("POST", f"{_SESSION}/messages"): S,
    ("POST", f"{_SESSION}/messages/upload"): S,
    ("POST", f"{_SESSION}/messages/list"): M,
    ("GET", f"{_SESSION}/messages/{{message_id}}"): M,
    ("PUT", f"{_SESSION}/messages/{{message_id}}"): S,
    ("POST", f"{_WORKSPACE}/scopes"): W,
    ("POST", f"{_WORKSPACE}/scopes/list"): W,
    ("GET", _SCOPE): W,
    ("POST", f"{_SCOPE}/sessions"): W,
    ("DELETE", f"{_SCOPE}/sessions/{{session_id}}"): W,
    ("POST", f"{_SCOPE}/sessions/list"): W,
    ("GET", f"{_SCOPE}/status"): W,
    ("POST", f"{_WORKSPACE}/conclusions"): W,
    ("POST", f"{_WORKSPACE}/conclusions/list"): W,
    ("POST", f"{_WORKSPACE}/conclusions/query"): W,
    ("GET", f"{_WORKSPACE}/conclusions/{{conclusion_id}}"): W,
    ("DELETE", f"{_WORKSPACE}/conclusions/{{conclusion_id}}"): W,
    ("POST", f"{_WORKSPACE}/webhooks"): W,
    ("GET", f"{_WORKSPACE}/webhooks"): W,
    ("DELETE", f"{_WORKSPACE}/webhooks/{{endpoint_id}}"): W,
    ("GET", f"{_WORKSPACE}/webhooks/test"): W,
    ("POST", "/v3/keys"): A,
}

#: The keys that open a route, by what it declares. `peer` is the peer in the path and in the session now; `left` was in
#: the session; `stranger` never was; `session` is the session in the path.
OPENED_BY: dict[Access, frozenset[str]] = {
    A: frozenset({"admin"}),
    W: frozenset({"admin", "workspace"}),
    P: frozenset({"admin", "workspace", "peer"}),
    S: frozenset({"admin", "workspace", "session"}),
    M: frozenset({"admin", "workspace", "session", "peer", "other peer"}),
    OWN: frozenset({"admin", "workspace", "session", "peer"}),
    # Nothing is sent, so the handler's own comparison with the body does not come into it.
    CLAIMS: frozenset({"admin", "workspace", "peer", "other peer", "left", "stranger", "session", "other session"}),
}
