"""States conclusions through the API, with the peers and sessions they need."""

import httpx


async def peers(client: httpx.AsyncClient, base: str, *names: str) -> None:
    for name in names:
        response = await client.post(f"{base}/peers", json={"id": name})
        assert response.status_code in (200, 201), response.text


async def session(client: httpx.AsyncClient, base: str, name: str, *contents: str, peer: str = "ann") -> None:
    """A session with these messages, all by one peer."""
    response = await client.post(f"{base}/sessions", json={"id": name})
    assert response.status_code in (200, 201), response.text
    if contents:
        messages = [{"content": content, "peer_id": peer} for content in contents]
        response = await client.post(f"{base}/sessions/{name}/messages", json={"messages": messages})
        assert response.status_code == 201, response.text


async def state(
    client: httpx.AsyncClient,
    base: str,
    *contents: str,
    observer: str = "ann",
    observed: str = "bob",
    session_id: str | None = None,
) -> list[dict[str, object]]:
    """Conclusions as they come back; the peers must exist."""
    stated = [
        {"content": content, "observer_id": observer, "observed_id": observed, "session_id": session_id}
        for content in contents
    ]
    response = await client.post(f"{base}/conclusions", json={"conclusions": stated})
    assert response.status_code == 201, response.text
    return response.json()


def lines(representation: str) -> list[str]:
    """The texts of a representation's explicit conclusions, without their times."""
    return [line[22:] for line in representation.splitlines() if line.startswith("[")]
