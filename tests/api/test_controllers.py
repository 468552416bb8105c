"""The registry of controllers is complete, and what the service says of itself is true."""

import importlib
import pkgutil
from typing import cast

import httpx
from litestar import Controller

import app.api
from app.api.controllers import CONTROLLERS
from app.api.description import DescriptionController
from app.api.errors import STATUSES
from app.api.health import HealthController
from app.api.metrics import MetricsController
from graph import errors

Json = dict[str, object]


def test_every_controller_is_registered_once() -> None:
    found: set[type[Controller]] = set()
    for module in pkgutil.iter_modules(app.api.__path__):
        for value in vars(importlib.import_module(f"app.api.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Controller) and value is not Controller:
                found.add(value)

    assert found == {*CONTROLLERS, HealthController, DescriptionController, MetricsController}
    assert len(CONTROLLERS) == len(set(CONTROLLERS))


def test_every_error_of_the_domain_has_a_status_or_is_a_defect_of_ours() -> None:
    defects = {errors.DoxaError, errors.StoreFault, errors.QueryFault, errors.LeaseLost, errors.SchemaFault,
               errors.SchemaTooNew, errors.EmbeddingMismatch, errors.Duplicate}  # fmt: skip
    every = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)}

    assert {kind for kind in every if not any(base in STATUSES for base in kind.__mro__)} == defects


async def test_the_description_holds_every_reference_and_says_how_problems_are_answered(
    client: httpx.AsyncClient,
) -> None:
    document = cast("Json", (await client.get("/openapi.json")).json())
    schemas = cast("dict[str, Json]", cast("Json", document["components"])["schemas"])

    assert {name for name in _references(document)} <= {f"#/components/schemas/{name}" for name in schemas}
    assert {"Page_Workspace_", "Page_Peer_", "Page_Session_", "Page_Message_", "HTTPValidationError"} <= set(schemas)
    assert schemas["WorkspaceConfiguration"]["additionalProperties"] is True
    assert "others" not in cast("Json", schemas["SessionConfiguration"]["properties"])
    paths = cast("dict[str, dict[str, Json]]", document["paths"])
    for path, verbs in paths.items():
        for verb, operation in verbs.items():
            responses = cast("Json", operation["responses"])
            assert ("422" in responses) == path.startswith("/v3"), (verb, path)
    listing = paths["/v3/workspaces/{workspace_id}/peers/list"]["post"]
    assert cast("Json", listing["requestBody"])["required"] is False
    size = next(one for one in cast("list[Json]", listing["parameters"]) if one["name"] == "size")
    assert size["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}
    creating = paths["/v3/workspaces/{workspace_id}/peers"]["post"]
    assert cast("Json", creating["requestBody"])["required"] is True


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        found = cast("Json", value)
        own = [str(found["$ref"])] if "$ref" in found else []
        return own + [reference for inner in found.values() for reference in _references(inner)]
    if isinstance(value, list):
        return [reference for inner in cast("list[object]", value) for reference in _references(inner)]
    return []
