"""What a client does with a workspace."""

# pyright: reportMissingTypeStubs=false

import pytest
from honcho import ConflictError, Honcho, NotFoundError
from honcho.api_types import (
    DialecticConfiguration,
    DreamConfiguration,
    PeerCardConfiguration,
    ReasoningConfiguration,
    SummaryConfiguration,
    WorkspaceConfiguration,
)

from tests.clients.python.way import Way

CONFIGURATION = WorkspaceConfiguration(
    custom_instructions="Write in English.",
    reasoning=ReasoningConfiguration(enabled=True, custom_instructions="Only facts."),
    peer_card=PeerCardConfiguration(use=True, create=False, custom_instructions="Short lines."),
    summary=SummaryConfiguration(
        enabled=True, messages_per_short_summary=10, messages_per_long_summary=30, custom_instructions="Be brief."
    ),
    dream=DreamConfiguration(enabled=False, custom_instructions="Sleep well."),
    dialectic=DialecticConfiguration(custom_instructions="Be kind."),
)


async def keeps_its_metadata_and_configuration(do: Way) -> None:
    honcho = do.client("workspace")
    assert (honcho.metadata, honcho.configuration, honcho.uid) == (None, None, None)
    assert honcho.base_url == do.url

    await do(honcho).set_metadata({"plan": {"name": "free", "seats": [1, 2]}})
    assert honcho.metadata == {"plan": {"name": "free", "seats": [1, 2]}}
    await do(honcho).set_configuration(CONFIGURATION)

    again = Honcho(base_url=do.url, workspace_id=honcho.workspace_id)
    assert await do(again).get_metadata() == {"plan": {"name": "free", "seats": [1, 2]}}
    assert (await do(again).get_configuration()).model_dump() == CONFIGURATION.model_dump()
    assert again.configuration is not None
    assert again.configuration.model_dump() == CONFIGURATION.model_dump()

    await do(again).set_configuration(WorkspaceConfiguration(summary=SummaryConfiguration(enabled=False)))
    merged = await do(honcho).get_configuration()
    assert merged.summary == SummaryConfiguration(enabled=False), "a named block is replaced as a whole"
    assert merged.reasoning == CONFIGURATION.reasoning, "a block that is not named stays"
    await do(again).set_metadata({})
    await do(honcho).refresh()
    assert honcho.metadata == {}
    assert honcho.uid is None or honcho.uid

    assert str(honcho) == f"Honcho Client (workspace: {honcho.workspace_id})"
    assert honcho.workspace_id in repr(honcho)


async def is_listed_and_deleted_when_no_session_is_active(do: Way) -> None:
    honcho = do.client("gone")
    session = await do(honcho).session("only")
    assert await do.all(await do(honcho).workspaces(filters={"id": honcho.workspace_id})) == [honcho.workspace_id]
    newest = await do(honcho).workspaces(size=100, reverse=True)
    assert honcho.workspace_id in newest.items

    with pytest.raises(ConflictError) as refused:
        await do(honcho).delete_workspace(honcho.workspace_id)
    assert (refused.value.status, refused.value.code) == (409, "conflict")

    await do(session).delete()
    await do(honcho).delete_workspace(honcho.workspace_id)

    async def away() -> bool:
        return not await do.all(await do(honcho).workspaces(filters={"id": honcho.workspace_id}))

    await do.becomes(away, "the workspace is gone")
    with pytest.raises(NotFoundError):
        await do(honcho).delete_workspace(honcho.workspace_id)


async def lists_its_peers_and_sessions_page_by_page(do: Way) -> None:
    honcho = do.client("pages")
    for n in range(5):
        await do(honcho).peer(f"p{n}", metadata={"even": n % 2 == 0})
        await do(honcho).session(f"s{n}", metadata={"n": n})

    page = await do(honcho).peers(size=2)
    assert (page.total, page.page, page.size, page.pages, len(page)) == (5, 1, 2, 3, 2)
    assert page[1].id == "p1"
    assert page.has_next_page()
    second = await do(page).get_next_page()
    assert second is not None
    assert [peer.id for peer in second.items] == ["p2", "p3"]
    assert [peer.id for peer in await do.all(page)] == ["p0", "p1", "p2", "p3", "p4"]
    assert page[0].metadata == {"even": True}

    last = await do(honcho).sessions(page=3, size=2, reverse=True)
    assert [session.id for session in last.items] == ["s0"]
    assert not last.has_next_page()
    assert await do(last).get_next_page() is None
    even = await do.all(await do(honcho).peers(filters={"metadata": {"even": True}}, size=2))
    assert [peer.id for peer in even] == ["p0", "p2", "p4"]
    later = await do.all(await do(honcho).sessions(filters={"metadata": {"n": {"gte": 3}}}))
    assert [(session.id, session.is_active, session.metadata) for session in later] == [
        ("s3", True, {"n": 3}),
        ("s4", True, {"n": 4}),
    ]
    none = await do(honcho).peers(filters={"id": "nobody"})
    assert (none.total, none.pages, len(none), none.items) == (0, 0, 0, [])


SCENARIOS = (
    keeps_its_metadata_and_configuration,
    is_listed_and_deleted_when_no_session_is_active,
    lists_its_peers_and_sessions_page_by_page,
)
