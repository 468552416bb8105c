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
_CARD_LINE: _Json = {"line": "IDENTITY: ana lives in Lisbon.", "conclusion_ids": ["V1StGXR8_Z5jdHi6B-myT"]}
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
_RECEIPT: _Json = {
    "id": _UID,
    "kind": "message",
    "subject_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "created_at": _THEN,
    "finished_at": _THEN,
    "messages": 1,
    "conclusions": 1,
    "summaries": 0,
    "pieces": 0,
    "runs": 1,
    "cards": 0,
}
_OBSERVING: _Json = {"observe_me": True, "observe_others": False}

_STEP_USAGE: _Json = {
    "step": "reasoning",
    "model": "gpt-5-mini",
    "runs": 11,
    "calls": 12,
    "failed": 1,
    "input_tokens": 9600,
    "output_tokens": 840,
    "cost": 0.0041,
}

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
_RELATED: _Json = {"id": "3bqvVpWwY0hC9y2nT5dLk", "content": "ana plays the violin"}
_DREAM_AREA: _Json = {
    "reason": "bridge",
    "why": "something new joins two clusters, of 7 and 5 conclusions",
    "focus_ids": ["3bqvVpWwY0hC9y2nT5dLk"],
    "conclusions": 12,
    "state": "looked",
    "tokens": 2140,
}
_DREAM_CHANGE: _Json = {
    "kind": "concluded",
    "id": None,
    "content": "ana makes music",
    "level": "deductive",
    "related": [_RELATED],
}
_DREAM_REPORT: _Json = {
    "id": "9dQm0sVb7xRkT2fYc4LnH",
    "kind": "omni",
    "dry_run": True,
    "model": "rules",
    "started_at": _THEN,
    "finished_at": _THEN,
    "skipped": None,
    "budget": 30000,
    "tokens": 2140,
    "areas": [_DREAM_AREA],
    "changes": [_DREAM_CHANGE],
    "shared": 1,
    "card_before": None,
    "card": ["ATTRIBUTE: ana plays the violin"],
}
_WORK_UNIT: _Json = {
    "id": "cmVhc29uaW5nL2FjbWUvc3VwcG9ydC0xL2FuYQ",
    "key": "reasoning/acme/support-1/ana",
    "kind": "reasoning",
    "state": "waiting",
    "session_id": "support-1",
    "peer_id": "ana",
    "observer_id": None,
    "pending": 2,
    "pending_since": _THEN,
    "age_seconds": 4.2,
    "due_at": _THEN,
    "leased_at": _THEN,
    "lease_until": None,
    "attempts": 1,
    "last_error": "extract: the endpoint answered 503",
    "dead_at": None,
    "dropped": 0,
    "dropped_at": None,
    "drop_reason": None,
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
_CHANGED: _Json = {
    "at": _THEN,
    "kind": "superseded",
    "because": "superseded",
    "conclusion_id": "8d1Jw5VnXc2uEs6RkYb9o",
    "content": "ana lives in Porto",
    "level": "explicit",
    "message_ids": [_MESSAGE_ID],
    "other_ids": [_CONCLUSION_ID],
}
_SHARED: _Json = {
    "id": _CONCLUSION_ID,
    "content": _HELD,
    "level": "explicit",
    "session_id": "support-1",
    "created_at": _THEN,
    "observed_at": _THEN,
    "about_at": None,
    "source_ids": [],
    "message_ids": [_MESSAGE_ID],
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
    "as_of": None,
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
        "ConclusionCorrection": {"content": "ana lives in Lisbon, not in Porto"},
        "ConclusionGet": {"filters": {"observer_id": "ana", "level": "explicit"}, "as_of": _THEN},
        "ConclusionQuery": {
            "as_of": None,
            "query": "Where does ana live?",
            "top_k": 5,
            "distance": 0.6,
            "filters": {"observer_id": "ana", "observed_id": "ana"},
        },
        "DialecticConfiguration": _DIALECTIC,
        "DreamConfiguration": _DREAM,
        "Health": {"status": "ok"},
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
        "CardLine": _CARD_LINE,
        "PeerCardResponse": {"peer_card": [_CARD_LINE["line"]], "proof": [_CARD_LINE]},
        "PeerCardSet": {"peer_card": [_CARD_LINE["line"]]},
        "Change": _CHANGED,
        "Changes": {"peer_id": "ana", "target_id": "ana", "changes": [_CHANGED], "next": None},
        "Perspective": {
            "peer_id": "eve",
            "target_id": "helper",
            "of_id": "ana",
            "conclusions": [_SHARED],
            "representation": _REPRESENTATION,
        },
        "SharedConclusion": _SHARED,
        "PeerContext": {
            "peer_id": "helper",
            "target_id": "ana",
            "representation": _REPRESENTATION,
            "peer_card": ["IDENTITY: Ana, lives in Lisbon"],
        },
        "PeerCreate": {"id": "ana", "metadata": _METADATA, "configuration": {"observe_me": True}},
        "PeerGet": {"filters": {"metadata": {"plan": "team"}}, "kind": None},
        "PeerRepresentationGet": {
            "as_of": None,
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
        "QueueStatus": {
            **_COUNTS,
            "sessions": {"support-1": {"session_id": "support-1", **_COUNTS}},
            "oldest_pending_at": _THEN,
            "oldest_pending_seconds": 4.2,
            "unwell": [_WORK_UNIT],
        },
        "Erasure": {
            "dry_run": False,
            "receipt": _RECEIPT,
            "message_ids": [_MESSAGE_ID],
            "conclusion_ids": [_CONCLUSION_ID],
        },
        "Page_Receipt_": _page(_RECEIPT),
        "Page_RetractedMessage_": _page({**_MESSAGE, "retracted_at": _THEN}),
        "Receipt": _RECEIPT,
        "RetractedMessage": {**_MESSAGE, "retracted_at": _THEN},
        "Settlement": {"retired_conclusion_ids": [_CONCLUSION_ID], "revived_conclusion_ids": []},
        "ReasoningConfiguration": _REASONING,
        "Ready": {"status": "waiting", "detail": "the models are being loaded"},
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
        "JoiningPeerConfig": {**_OBSERVING, "observe_others": True, "catch_up": True},
        "SessionPeerConfig": _OBSERVING,
        "SessionQueueStatus": {"session_id": "support-1", **_COUNTS},
        "SessionSummaries": {"id": "support-1", "short_summary": _SUMMARY, "long_summary": None},
        "SessionUpdate": _CHANGE,
        "Summary": _SUMMARY,
        "SummaryConfiguration": _SUMMARY_RULES,
        "StepUsage": _STEP_USAGE,
        "Usage": {"steps": [_STEP_USAGE], "calls": 12, "input_tokens": 9600, "output_tokens": 840, "cost": 0.0041},
        "Accepted": {"message": "Session deleted successfully"},
        "DreamSchedule": {
            "observer": "helper",
            "observed": "ana",
            "dream_type": "omni",
            "session_id": None,
            "rebuild": False,
            "dry_run": False,
        },
        "DreamArea": _DREAM_AREA,
        "DreamChange": _DREAM_CHANGE,
        "DreamReport": _DREAM_REPORT,
        "DreamStatus": {"state": "idle", "last_error": None, "report": _DREAM_REPORT},
        "RelatedConclusion": _RELATED,
        "MessageSearch": {"query": "Lisbon", "filters": {"peer_id": "ana"}, "limit": 10},
        "Page_Scope_": _page(_SCOPE),
        "Scope": _SCOPE,
        "ScopeBackfill": _BACKFILL,
        "ScopeCreate": {"id": "support", "metadata": _METADATA},
        "ScopeSessionsAdd": {"session_ids": ["support-1"]},
        "ScopeStatus": {"backfill_status": {"support-1": _BACKFILL}},
        "Page_WorkUnit_": _page(_WORK_UNIT),
        "UnitsDue": {"units": 3},
        "WorkUnit": _WORK_UNIT,
        "WorkUnitDrop": {"reason": "the session is deleted soon"},
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
