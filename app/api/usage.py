"""What models took: calls, tokens and cost, by step and model."""

from datetime import UTC, datetime

from litestar import Controller, get
from litestar.params import FromPath
from msgspec import Struct

from app.api.access import Access
from app.api.service import ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph.errors import Invalid
from graph.store import runs

#: The bounds where a query names none.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


class UsageQuery(Struct, frozen=True, kw_only=True):
    """From which moment, and until before which; moments without an offset are in UTC."""

    since: datetime | None = None
    until: datetime | None = None


class StepUsage(Struct, frozen=True, kw_only=True):
    """What one step took with one model. `cost` is null where no price of the model is known."""

    step: str
    model: str
    runs: int
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost: float | None


class Usage(Struct, frozen=True, kw_only=True):
    """What a workspace took. `cost` is null where nothing of it is known."""

    steps: list[StepUsage]
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None


class UsageController(Controller):
    """Use of models."""

    path = "/workspaces/{workspace_id:str}/usage"
    tags = ["workspaces"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/", operation_class=with_query(UsageQuery), access=Access.WORKSPACE)
    async def usage(self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]) -> Usage:
        """Sum up the calls of models that a workspace caused, by step and model; failed ones count too."""
        query = read_query(request, UsageQuery)
        since, until = _aware(query.since or _FIRST), _aware(query.until or _LAST)
        if until < since:
            raise Invalid("until: must not be before since")
        found = await runs.usage(service.database, workspace_id, since, until)
        costs = [one.cost for one in found if one.cost is not None]
        return Usage(
            steps=[
                StepUsage(
                    step=one.step,
                    model=one.model,
                    runs=one.runs,
                    calls=one.calls,
                    failed=one.failed,
                    input_tokens=one.prompt_tokens,
                    output_tokens=one.completion_tokens,
                    cost=one.cost,
                )
                for one in found
            ],
            calls=sum(one.calls for one in found),
            input_tokens=sum(one.prompt_tokens for one in found),
            output_tokens=sum(one.completion_tokens for one in found),
            cost=sum(costs) if costs else None,
        )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
