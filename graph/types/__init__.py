"""The domain's nouns as frozen Structs. The wire has Structs of its own beside each controller."""

from graph.types.conclusion import Conclusion, Filled, Lasting, Level, NewConclusion, NewDerived
from graph.types.message import Message, NewMessage
from graph.types.page import Page, PageRequest
from graph.types.participants import Member, MemberConfiguration, Peer, Session, Workspace
from graph.types.scope import Backfill, BackfillState, Scope
from graph.types.summary import Summary, SummaryKind
from graph.types.webhook import Delivery, Webhook
from graph.types.work import Lease, QueueCounts, QueueStatus, Run, Unit, Usage, Wake, WorkKind, WorkState, WorkUnit

__all__ = [
    "Backfill",
    "BackfillState",
    "Conclusion",
    "Delivery",
    "Filled",
    "Lasting",
    "Lease",
    "Level",
    "Member",
    "MemberConfiguration",
    "Message",
    "NewConclusion",
    "NewDerived",
    "NewMessage",
    "Page",
    "PageRequest",
    "Peer",
    "QueueCounts",
    "QueueStatus",
    "Run",
    "Scope",
    "Session",
    "Summary",
    "SummaryKind",
    "Unit",
    "Usage",
    "Wake",
    "Webhook",
    "WorkKind",
    "WorkState",
    "WorkUnit",
    "Workspace",
]
