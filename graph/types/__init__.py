"""The domain's nouns as frozen Structs. The wire has Structs of its own beside each controller."""

from graph.types.conclusion import Conclusion, Level, NewConclusion
from graph.types.message import Message, NewMessage
from graph.types.page import Page, PageRequest
from graph.types.participants import Member, MemberConfiguration, Peer, Session, Workspace
from graph.types.scope import Backfill, BackfillState, Scope
from graph.types.webhook import Delivery, Webhook
from graph.types.work import Lease, QueueCounts, QueueStatus, Run, Unit, Wake, WorkKind

__all__ = [
    "Backfill",
    "BackfillState",
    "Conclusion",
    "Delivery",
    "Lease",
    "Level",
    "Member",
    "MemberConfiguration",
    "Message",
    "NewConclusion",
    "NewMessage",
    "Page",
    "PageRequest",
    "Peer",
    "QueueCounts",
    "QueueStatus",
    "Run",
    "Scope",
    "Session",
    "Unit",
    "Wake",
    "Webhook",
    "WorkKind",
    "Workspace",
]
