"""The steps of reasoning, by kind of work. A new step is its file and one line here."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from graph.types import Lease, WorkKind
from workers.service import Service
from workers.steps.deletion import delete
from workers.steps.derivation import derive
from workers.steps.dream import dream
from workers.steps.embedding import embed_messages
from workers.steps.reasoning import reason_over_batch
from workers.steps.scope import catch_up, reconcile
from workers.steps.summary import summarise
from workers.steps.webhook import send

#: A step does one batch of a held unit, commits it, and says whether more is pending.
Step = Callable[[Service, Lease], Awaitable[bool]]

STEPS: Mapping[WorkKind, Step] = MappingProxyType(
    {
        "catch_up": catch_up,
        "deletion": delete,
        "derivation": derive,
        "dream": dream,
        "embedding": embed_messages,
        "reasoning": reason_over_batch,
        "scope": reconcile,
        "summary": summarise,
        "webhook": send,
    }
)
