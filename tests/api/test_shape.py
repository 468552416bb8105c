"""What the service says of itself holds every path, parameter, field and limit of the published v3 shape.

`v3_shape.json` is the shape only (paths, parameters, types, limits) of the wire API that clients are written for,
server 3.0.12, as the project's contract records it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import httpx
import jsonschema_rs
import pytest

from app.api.describing import finished
from app.api.examples import EXAMPLES
from app.asgi import create_app
from app.settings import load
from tests.api.shape_facts import facts

Json = dict[str, object]

SHAPE = cast("Json", json.loads(Path(__file__).with_name("v3_shape.json").read_text(encoding="utf-8")))
CONTRACT = Path(__file__).parents[3] / "shared/contract/v3-shape.json"


def described() -> Json:
    app = create_app(load({}))
    return cast("Json", json.loads(json.dumps(finished(cast("Json", app.openapi_schema.to_schema()), app.routes))))


OURS = described()


def schemas() -> dict[str, Json]:
    return cast("dict[str, Json]", cast("Json", OURS["components"])["schemas"])


def operations() -> Iterator[tuple[str, Json]]:
    for path, verbs in cast("dict[str, dict[str, Json]]", OURS["paths"]).items():
        for verb, operation in verbs.items():
            yield f"{verb.upper()} {path}", operation


@pytest.mark.parametrize("path", sorted(cast("Json", SHAPE["paths"])))
def test_every_fact_of_the_shape_is_in_the_description(path: str) -> None:
    wanted = {**SHAPE, "paths": {path: cast("Json", SHAPE["paths"])[path]}}
    served = {**OURS, "paths": {path: cast("Json", OURS["paths"]).get(path, {})}}
    assert sorted(set(facts(wanted)) - set(facts(served))) == []


def test_a_fact_that_is_not_so_would_be_noticed() -> None:
    known = set(facts(OURS))
    page = "POST /v3/workspaces/{workspace_id}/peers/list query.size maximum"
    assert f"{page} 100" in known
    assert f"{page} 101" not in known


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract lies beside the project, not in it")
def test_the_shape_is_the_contracts() -> None:
    assert json.loads(CONTRACT.read_text(encoding="utf-8")) == SHAPE


async def test_the_service_serves_this_description(client: httpx.AsyncClient) -> None:
    served = (await client.get("/openapi.json")).json()
    assert served["openapi"].startswith("3.1")
    assert served == OURS


def test_every_operation_says_whose_keys_it_takes_and_how_it_fails() -> None:
    scheme = cast("Json", cast("Json", OURS["components"])["securitySchemes"])
    assert set(scheme) == {"key"}
    for name, operation in operations():
        responses = cast("Json", operation["responses"])
        if " /v3/" in name:
            assert {"401", "422", "503"} <= set(responses), name
            assert operation["security"] == [{"key": []}, {}], name
            assert operation["x-access"], name
        assert "400" not in responses or name.rpartition("/")[2] in {"peers", "config", "sessions", "schedule_dream"}, (
            name
        )
        assert operation.get("description"), name


def test_every_object_has_an_example() -> None:
    wanted = {name for name, schema in schemas().items() if schema.get("properties")}
    assert wanted - set(EXAMPLES) == set()
    assert set(EXAMPLES) - wanted == set()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_obeys_its_schema_and_shows_every_field(name: str) -> None:
    schema = {**schemas()[name], "components": OURS["components"]}
    jsonschema_rs.validate(schema, EXAMPLES[name])
    assert set(cast("Mapping[str, object]", schema["properties"])) == set(cast("Mapping[str, object]", EXAMPLES[name]))
