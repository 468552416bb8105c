"""Derives what a test says follows, through the verb that workers use."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from graph.driver import Database
from graph.store.deriving import derive
from graph.types import Filled, NewDerived
from tests.graph.concluding import run_of
from tests.graph.conftest import vector


def follows(
    content: str,
    *premise_ids: str,
    level: Literal["deductive", "inductive"] = "deductive",
    embedding: Sequence[float] = (),
    filled: Filled | None = None,
    about_id: str | None = None,
) -> NewDerived:
    return NewDerived(
        level=level,
        content=content,
        premise_ids=premise_ids,
        embedding=embedding or vector(0.0, 1.0),
        filled=filled,
        about_id=about_id,
    )


async def write(
    database: Database, workspace_id: str, *derived: NewDerived, observer_id: str = "ann", observed_id: str = "ann"
) -> list[str]:
    """Derive from a perspective in one transaction; the ids of what was written, in all perspectives."""
    now = datetime.now(UTC)
    run = run_of("derivation")
    return await database.write(
        lambda tx: derive(tx, workspace_id, run, observer_id, observed_id, derived, now, merge_similarity=0.98)
    )
