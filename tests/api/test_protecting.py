"""What browsers are told: by every answer what they must not do with it, and which pages may ask."""

import base64
import hashlib
import re
from collections.abc import AsyncGenerator

import httpx
import pytest

from app.asgi import create_app
from app.settings import SettingsFault, load

ALWAYS = {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer"}


async def test_every_answer_carries_the_headers_whoever_gives_it(client: httpx.AsyncClient, base: str) -> None:
    preflight = {"Origin": "http://localhost", "Access-Control-Request-Method": "POST"}
    answers = [
        await client.get("/health"),
        await client.get("/metrics"),
        await client.get("/docs"),
        await client.get("/nope"),
        await client.post(f"{base}/peers", json={"id": "ann"}),
        await client.post(f"{base}/peers", json={}),
        await client.get(f"{base}/peers"),
        await client.post(f"{base}/peers", content=b"x" * 17_000_000),
        await client.options(f"{base}/peers", headers=preflight),
    ]
    assert {answer.status_code for answer in answers} >= {200, 201, 404, 405, 413, 422}
    for answer in answers:
        assert ALWAYS.items() <= dict(answer.headers).items(), answer.url
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "strict-transport-security" not in answer.headers
        assert (answer.headers.get("cache-control") == "no-store") is ("/v3/" in str(answer.url)), answer.url


async def test_the_page_for_people_may_run_its_own_script_and_no_other(client: httpx.AsyncClient) -> None:
    for path in ("/docs", "/docs/", "/redoc"):
        page = await client.get(path)
        policy = page.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "connect-src 'self'" in policy
        inline = re.findall(r"<(script|style)>(.*?)</\1>", page.text, re.DOTALL)
        assert {kind for kind, _ in inline} == {"script", "style"}
        for kind, text in inline:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in re.findall(rf"{kind}-src ([^;]*)", policy)[0]
        # Nothing else that a policy like this forbids: no script from elsewhere, none in an attribute.
        assert not re.search(r"<script[^>]+src|<link|\son\w+=|style=", page.text)


@pytest.fixture
async def behind() -> AsyncGenerator[list[httpx.AsyncClient]]:
    """Makes clients of services that are told so by their environment; they need no servers for this."""
    clients: list[httpx.AsyncClient] = []
    yield clients
    for one in clients:
        await one.aclose()


def served_by(environment: dict[str, str], clients: list[httpx.AsyncClient]) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(load(environment)))  # pyright: ignore -- another type of the same shape
    clients.append(httpx.AsyncClient(transport=transport, base_url="http://doxa"))
    return clients[-1]


async def test_https_is_insisted_on_by_setting_alone_and_the_headers_can_be_left_out(
    behind: list[httpx.AsyncClient],
) -> None:
    strict = await served_by({"DOXA_HSTS_SECONDS": "600"}, behind).get("/health")
    assert strict.headers["strict-transport-security"] == "max-age=600; includeSubDomains"
    bare = await served_by({"DOXA_SECURITY_HEADERS": "false"}, behind).get("/docs")
    assert not set(bare.headers) & {*ALWAYS, "content-security-policy"}


async def test_all_origins_may_call_but_never_with_credentials(behind: list[httpx.AsyncClient]) -> None:
    client = served_by({"CORS_ORIGINS": "*"}, behind)
    asked = {"Origin": "https://anywhere.example", "Access-Control-Request-Method": "POST"}
    for answer in (await client.options("/v3/workspaces", headers=asked), await client.get("/health", headers=asked)):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


async def test_an_origin_that_is_named_may_send_keys_and_read_what_is_answered(
    behind: list[httpx.AsyncClient],
) -> None:
    client = served_by({"CORS_ORIGINS": "https://app.example.com, http://localhost:3000"}, behind)
    for origin, allowed in {
        "https://app.example.com": True,
        "http://localhost:3000": True,
        "https://app.example.com.evil.example": False,
        "https://appXexample.com": False,
        "http://app.example.com": False,
        "null": False,
    }.items():
        wanted = {"authorization", "content-type", "idempotency-key"}
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": ", ".join(wanted),
        }
        preflight = await client.options("/v3/workspaces", headers=asked)
        assert (preflight.headers.get("access-control-allow-origin") == origin) is allowed, origin
        if allowed:
            assert preflight.headers["access-control-allow-credentials"] == "true"
            assert wanted <= set(preflight.headers["access-control-allow-headers"].split(", "))
            assert "POST" in preflight.headers["access-control-allow-methods"]
            assert preflight.headers["vary"] == "Origin"
        plain = await client.get("/health", headers={"Origin": origin})
        assert (plain.headers.get("access-control-allow-origin") == origin) is allowed, origin
        assert not allowed or "Idempotent-Replay" in plain.headers["access-control-expose-headers"]


@pytest.mark.parametrize("origins", ["*,https://app.example.com", "https://*.example.com", "app.example.com", "https*"])
def test_an_origin_with_a_pattern_is_refused(origins: str) -> None:
    with pytest.raises(SettingsFault, match="CORS_ORIGINS"):
        load({"CORS_ORIGINS": origins})
