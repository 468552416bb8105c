"""One example of each object of the API, by the name of its schema; a test holds them against the schemas."""

from collections.abc import Mapping
from types import MappingProxyType

_Json = dict[str, object]

_THEN = "2026-03-14T09:26:53.589793Z"
_MESSAGE_ID = "V1StGXR8_Z5jdHi6B-myT"
_CONCLUSION_ID = "3f2Kx9QbLw0pRt7YcVn5s"
_UID = "pX4wQ8sLk2Tn6VbR1yZ0c"
_TEXT = "I moved to Lisbon in March."
_HELD = "ana moved to Lisbon"
_REPRESENTATION = f"## Explicit\n\n[2026-03-14 09:26:53] {_HELD}\n"
_METADATA: _Json = {"plan": "team"}
_INSTRUCTIONS = "Write conclusions in plain English."
_SESSION_FILTER: _Json = {"session_id": {"in": ["support-1"]}}

_REASONING: _Json = {"enabled": True, "custom_instructions": _INSTRUCTIONS}
_CARD: _Json = {"use": True, "create": True, "custom_instructions": None}
_SUMMARY_RULES: _Json = {
    "enabled": True,
    "messages_per_short_summary": 20,
    "messages_per_long_summary": 60,
    "custom_instructions": None,
}
_DREAM: _Json = {"enabled": True, "custom_instructions": None}
_DIALECTIC: _Json = {"custom_instructions": "Answer in two sentences."}
_CONFIGURATION: _Json = {
    "reasoning": _REASONING,
    "peer_card": _CARD,
    "summary": _SUMMARY_RULES,
    "dream": _DREAM,
    "dialectic": _DIALECTIC,
    "custom_instructions": None,
}
_OBSERVING: _Json = {"observe_me": True, "observe_others": False}

_WORKSPACE: _Json = {
    "id": "acme",
    "uid": _UID,
    "metadata": _METADATA,
    "configuration": {"reasoning": {"enabled": True}},
    "created_at": _THEN,
}
_PEER: _Json = {
    "id": "ana",
    "uid": _UID,
    "workspace_id": "acme",
    "metadata": _METADATA,
    "configuration": {"observe_me": True},
    "created_at": _THEN,
}
_SESSION: _Json = {
    "id": "support-1",
    "uid": _UID,
    "is_active": True,
    "workspace_id": "acme",
    "metadata": _METADATA,
    "configuration": {},
    "created_at": _THEN,
}
_MESSAGE: _Json = {
    "id": _MESSAGE_ID,
    "content": _TEXT,
    "peer_id": "ana",
    "session_id": "support-1",
    "workspace_id": "acme",
    "metadata": {},
    "created_at": _THEN,
    "token_count": 8,
}
_MESSAGE_CREATE: _Json = {
    "content": _TEXT,
    "peer_id": "ana",
    "metadata": {"channel": "web"},
    "configuration": {"reasoning": _REASONING},
    "created_at": _THEN,
}
_CONCLUSION: _Json = {
    "id": _CONCLUSION_ID,
    "content": _HELD,
    "observer_id": "ana",
    "observed_id": "ana",
    "session_id": "support-1",
    "level": "explicit",
    "created_at": _THEN,
    "times_derived": 1,
    "source_ids": None,
    "source_message_ids": [_MESSAGE_ID],
    "observed_at": _THEN,
    "about_at": "2026-03-01T00:00:00Z",
}
_CONCLUSION_CREATE: _Json = {
    "content": _HELD,
    "observer_id": "ana",
    "observed_id": "ana",
    "session_id": "support-1",
}
_SUMMARY: _Json = {
    "content": "ana says that she has moved to Lisbon.",
    "message_id": _MESSAGE_ID,
    "summary_type": "honcho_chat_summary_short",
    "created_at": "2026-03-14T09:26:53Z",
    "token_count": 9,
}
_COUNTS: _Json = {
    "total_work_units": 12,
    "completed_work_units": 10,
    "in_progress_work_units": 1,
    "pending_work_units": 1,
    "failed_work_units": 0,
}
_SCOPE: _Json = {"id": "support", "metadata": _METADATA, "created_at": _THEN}
_BACKFILL: _Json = {"state": "completed", "updated_at": _THEN, "docs_copied": 12}
_WEBHOOK: _Json = {
    "id": "Qm7Zt2LxVb9Rk4Wn6Ys1c",
    "workspace_id": "acme",
    "url": "https://example.com/doxa-events",
    "created_at": _THEN,
}
_EVIDENCE_CONCLUSION: _Json = {
    "id": _CONCLUSION_ID,
    "level": "explicit",
    "content": _HELD,
    "created_at": _THEN,
    "session_id": "support-1",
    "observer_id": "ana",
    "observed_id": "ana",
    "source_ids": [],
}
_EVIDENCE_MESSAGE: _Json = {"id": _MESSAGE_ID, "session_id": "support-1", "peer_id": "ana", "created_at": _THEN}
_TOOL_CALL: _Json = {"tool_name": "search_memory", "tool_input": {"query": "home", "top_k": 20}}
_EVIDENCE: _Json = {
    "conclusions": [_EVIDENCE_CONCLUSION],
    "messages": [_EVIDENCE_MESSAGE],
    "tool_calls": [_TOOL_CALL],
    "reasoning_trace_id": None,
}
_QUESTION: _Json = {
    "query": "Where does ana live?",
    "session_id": None,
    "scope": None,
    "stream": False,
    "reasoning_level": "low",
    "response_format": None,
    "include_evidence": True,
}
_CHANGE: _Json = {"metadata": _METADATA, "configuration": _CONFIGURATION}


def _page(item: _Json) -> _Json:
    return {"items": [item], "total": 1, "page": 1, "size": 50, "pages": 1}


EXAMPLES: Mapping[str, object] = MappingProxyType(
    {
        "Conclusion": _CONCLUSION,
        "ConclusionBatchCreate": {"conclusions": [_CONCLUSION_CREATE]},
        "ConclusionCreate": _CONCLUSION_CREATE,
        "ConclusionGet": {"filters": {"observer_id": "ana", "level": "explicit"}},
        "ConclusionQuery": {
            "query": "Where does ana live?",
            "top_k": 5,
            "distance": 0.6,
            "filters": {"observer_id": "ana", "observed_id": "ana"},
        },
        "DialecticConfiguration": _DIALECTIC,
        "DreamConfiguration": _DREAM,
        "Health": {"status": "starting", "detail": "the models are being loaded"},
        "KeyResponse": {"key": "header.claims.signature"},
        "Message": _MESSAGE,
        "MessageBatchCreate": {"messages": [_MESSAGE_CREATE]},
        "MessageConfiguration": {"reasoning": _REASONING},
        "MessageCreate": _MESSAGE_CREATE,
        "MessageGet": {"filters": {"peer_id": "ana", "created_at": {"gte": "2026-03-01"}}},
        "MessageUpdate": {"metadata": _METADATA},
        "Page_Conclusion_": _page(_CONCLUSION),
        "Page_Message_": _page(_MESSAGE),
        "Page_Peer_": _page(_PEER),
        "Page_Session_": _page(_SESSION),
        "Page_WebhookEndpoint_": _page(_WEBHOOK),
        "Page_Workspace_": _page(_WORKSPACE),
        "Peer": _PEER,
        "PeerCardConfiguration": _CARD,
        "PeerCardResponse": {"peer_card": ["IDENTITY: Ana, lives in Lisbon"]},
        "PeerCardSet": {"peer_card": ["IDENTITY: Ana, lives in Lisbon"]},
        "PeerContext": {
            "peer_id": "helper",
            "target_id": "ana",
            "representation": _REPRESENTATION,
            "peer_card": ["IDENTITY: Ana, lives in Lisbon"],
        },
        "PeerCreate": {"id": "ana", "metadata": _METADATA, "configuration": {"observe_me": True}},
        "PeerGet": {"filters": {"metadata": {"plan": "team"}}, "kind": None},
        "PeerRepresentationGet": {
            "search_query": "Where does ana live?",
            "search_top_k": 10,
            "search_max_distance": 0.8,
            "max_conclusions": 25,
            "session_id": None,
            "filters": _SESSION_FILTER,
            "scope": None,
            "target": "ana",
            "include_most_frequent": True,
        },
        "PeerUpdate": {"metadata": _METADATA, "configuration": {"observe_me": False}},
        "QueueStatus": {**_COUNTS, "sessions": {"support-1": {"session_id": "support-1", **_COUNTS}}},
        "ReasoningConfiguration": _REASONING,
        "RepresentationResponse": {"representation": _REPRESENTATION},
        "Session": _SESSION,
        "SessionConfiguration": _CONFIGURATION,
        "SessionContext": {
            "id": "support-1",
            "messages": [_MESSAGE],
            "summary": _SUMMARY,
            "peer_representation": _REPRESENTATION,
            "peer_card": ["IDENTITY: Ana, lives in Lisbon"],
        },
        "SessionCreate": {"id": "support-1", **_CHANGE, "peers": {"ana": _OBSERVING}, "scopes": ["support"]},
        "SessionGet": {"filters": {"metadata": {"plan": "team"}}},
        "SessionPeerConfig": _OBSERVING,
        "SessionQueueStatus": {"session_id": "support-1", **_COUNTS},
        "SessionSummaries": {"id": "support-1", "short_summary": _SUMMARY, "long_summary": None},
        "SessionUpdate": _CHANGE,
        "Summary": _SUMMARY,
        "SummaryConfiguration": _SUMMARY_RULES,
        "Accepted": {"message": "Session deleted successfully"},
        "DreamSchedule": {
            "observer": "helper",
            "observed": "ana",
            "dream_type": "omni",
            "session_id": None,
            "rebuild": False,
        },
        "MessageSearch": {"query": "Lisbon", "filters": {"peer_id": "ana"}, "limit": 10},
        "Page_Scope_": _page(_SCOPE),
        "Scope": _SCOPE,
        "ScopeBackfill": _BACKFILL,
        "ScopeCreate": {"id": "support", "metadata": _METADATA},
        "ScopeSessionsAdd": {"session_ids": ["support-1"]},
        "ScopeStatus": {"backfill_status": {"support-1": _BACKFILL}},
        "WebhookEndpoint": _WEBHOOK,
        "WebhookEndpointCreate": {"url": _WEBHOOK["url"]},
        "ChatEvidence": _EVIDENCE,
        "ChatResponse": {"content": "ana moved to Lisbon in March 2026.", "evidence": _EVIDENCE},
        "DialecticOptions": {**_QUESTION, "target": "ana", "filters": _SESSION_FILTER},
        "EvidenceConclusion": _EVIDENCE_CONCLUSION,
        "EvidenceMessage": _EVIDENCE_MESSAGE,
        "EvidenceToolCall": _TOOL_CALL,
        "WorkspaceChatOptions": _QUESTION,
        "Workspace": _WORKSPACE,
        "WorkspaceConfiguration": _CONFIGURATION,
        "WorkspaceCreate": {"id": "acme", **_CHANGE},
        "WorkspaceGet": {"filters": {"id": "acme"}},
        "WorkspaceSearch": {"query": "Lisbon", "filters": {"peer_id": "ana"}, "limit": 10, "scope": None},
        "WorkspaceUpdate": _CHANGE,
        "Error": {"detail": "Session support-2 not found"},
        "ValidationError": {
            "type": "string_too_short",
            "loc": ["body", "id"],
            "msg": "String should have at least 1 character",
            "input": "",
            "ctx": {"min_length": 1},
        },
        "HTTPValidationError": {
            "detail": [
                {
                    "type": "string_too_short",
                    "loc": ["body", "id"],
                    "msg": "String should have at least 1 character",
                    "input": "",
                }
            ]
        },
    }
)
