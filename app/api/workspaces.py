"""Workspaces."""

from datetime import datetime

from litestar import Controller, Response, delete, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Struct, field

from app.api.access import Access, CallerDependency
from app.api.service import ServiceDependency
from app.api.wire.accepted import Accepted
from app.api.wire.configuration import WorkspaceConfiguration, stored
from app.api.wire.fields import FreeForm, Metadata, NewName
from app.api.wire.pages import ListQuery, Page, paged, requested
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.errors import Unauthorised
from graph.filters import Resource, compile_filter
from graph.store import deletion, workspaces


class Workspace(Struct, frozen=True, kw_only=True):
    """A workspace as it goes out; `configuration` holds what was stored, no defaults."""

    id: str
    uid: str
    metadata: dict[str, object]
    configuration: dict[str, object]
    created_at: datetime


class WorkspaceCreate(Struct, frozen=True, kw_only=True):
    """What to create when it is missing."""

    id: NewName
    metadata: Metadata = {}
    configuration: WorkspaceConfiguration = field(default_factory=WorkspaceConfiguration)


class WorkspaceUpdate(Struct, frozen=True, kw_only=True):
    """What to change; null and absent leave alone."""

    metadata: Metadata | None = None
    configuration: WorkspaceConfiguration | None = None


class WorkspaceGet(Struct, frozen=True, kw_only=True):
    """Which workspaces to list."""

    filters: FreeForm | None = None


class WorkspaceController(Controller):
    """Workspaces: the isolation boundary."""

    path = "/workspaces"
    tags = ["workspaces"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=201, access=Access.CLAIMS, answers=(200,))
    async def get_or_create(
        self, service: ServiceDependency, caller: CallerDependency, data: JSONBody[WorkspaceCreate]
    ) -> Response[Workspace]:
        """Get a workspace, or create it: 201 when it is new. One that exists is returned untouched."""
        if not caller.reaches(data.id):
            raise Unauthorised("The key is another workspace's")
        workspace, created = await workspaces.get_or_create(
            service.database, data.id, metadata=data.metadata, configuration=stored(data.configuration)
        )
        return Response(show(workspace), status_code=201 if created else 200)

    @post("/list", status_code=200, operation_class=with_query(ListQuery), access=Access.ADMIN)
    async def list_workspaces(
        self, request: HttpRequest, service: ServiceDependency, data: JSONBody[WorkspaceGet | None] = None
    ) -> Page[Workspace]:
        """List all workspaces."""
        query = read_query(request, ListQuery)
        where = compile_filter(Resource.WORKSPACE, data.filters if data else None)
        return paged(await workspaces.page(service.database, where, requested(query)), query, show)

    @put("/{workspace_id:str}", access=Access.WORKSPACE)
    async def update(
        self, service: ServiceDependency, workspace_id: FromPath[str], data: JSONBody[WorkspaceUpdate]
    ) -> Workspace:
        """Change a workspace, or create it. Metadata is replaced; configuration is merged by its top-level keys."""
        configuration = None if data.configuration is None else stored(data.configuration)
        return show(
            await workspaces.upsert(service.database, workspace_id, metadata=data.metadata, configuration=configuration)
        )

    @delete("/{workspace_id:str}", status_code=202, access=Access.WORKSPACE, answers=(404, 409))
    async def delete_workspace(self, service: ServiceDependency, workspace_id: FromPath[str]) -> Accepted:
        """Delete a workspace with everything in it, soon; refused while a session in it is active.

        It can be used until it is gone; what is made in it until then goes with it.
        """
        service.waker.wake(await deletion.accept_workspace(service.database, workspace_id))
        return Accepted(message="Workspace deletion accepted")


def show(workspace: types.Workspace) -> Workspace:
    """A workspace as it goes out."""
    return Workspace(
        id=workspace.id,
        uid=workspace.uid,
        metadata=workspace.metadata,
        configuration=workspace.configuration,
        created_at=workspace.created_at,
    )
