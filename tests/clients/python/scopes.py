"""What a client does with scopes: named sets of sessions that bound what is recalled."""

# pyright: reportMissingTypeStubs=false

from datetime import UTC, datetime

import pytest
from honcho import NotFoundError, UnprocessableEntityError

from tests.clients.python.way import Way


async def are_made_listed_and_found(do: Way) -> None:
    honcho = do.client("scopes")
    work = await do(honcho).scope("work", metadata={"colour": "blue"})
    assert (work.id, work.metadata, str(work)) == ("work", {"colour": "blue"}, "work")
    assert work.created_at is not None
    assert work.created_at <= datetime.now(UTC)
    assert honcho.workspace_id in repr(work)
    await do(honcho).scope("home")
    assert (await do(honcho).get_scope("work")).metadata == {"colour": "blue"}
    assert [scope.id for scope in await do.all(await do(honcho).scopes(size=1))] == ["work", "home"]
    assert [scope.id for scope in (await do(honcho).scopes(page=1, size=1, reverse=True)).items] == ["home"]
    with pytest.raises(NotFoundError):
        await do(honcho).get_scope("wrok")
    with pytest.raises(ValueError, match="reserved prefix"):
        await do(honcho).scope("scope.work")
    assert await do.all(await do(honcho).peers()) == [], "a scope is no peer that one sees"
    with pytest.raises(UnprocessableEntityError):
        await do(honcho).peer("scope.work")


async def bound_what_is_recalled(do: Way) -> None:
    honcho = do.client("bounds")
    ana = await do(honcho).peer("ana")
    late = await do(honcho).session("late")
    await do(late).add_messages(ana.message("I live in Faro."))
    await do.settled(honcho)
    home = await do(honcho).scope("home")
    early = await do(honcho).session("early", scopes=[home])
    await do(early).add_messages(ana.message("I keep bees."))
    other = await do(honcho).session("other")
    await do(other).add_messages(ana.message("I play chess."))
    await do(home).add_sessions([late])
    assert [session.id for session in await do.all(await do(home).sessions(size=1))] == ["early", "late"]
    assert [session.id for session in (await do(home).sessions(reverse=True)).items] == ["late", "early"]

    async def caught_up() -> bool:
        job = (await do(home).status()).get("late")
        return job is not None and job.state == "completed"

    await do.becomes(caught_up, "the history of the session is in the scope")
    await do.settled(honcho, units=3)
    assert (await do(home).status())["late"].docs_copied == 1

    held = await do(ana).representation(scope=home)
    assert ("Faro" in held, "bees" in held, "chess" in held) == (True, True, False)
    union = await do(ana).representation(scope=["home"])
    assert ("Faro" in union, "bees" in union, "chess" in union) == (True, True, False)
    context = await do(early).context(peer_target="ana", scope=home)
    assert context.peer_representation is not None
    assert "chess" not in context.peer_representation
    assert {found.session_id for found in await do(honcho).search("I", scope=home)} <= {"early", "late"}
    assert [found.content for found in await do(honcho).search("chess", scope="home")] != ["I play chess."]
    assert "Faro" in await do(ana).chat("Where does Ana live?", scope=home)
    assert "Faro" in await do(ana).chat("Where does Ana live?", scope=["home"])
    assert "chess" not in (await do(honcho).chat("What does Ana play?", scope="home") or "")

    await do(home).remove_session("late")
    await do(home).remove_session(early)
    assert await do.all(await do(home).sessions()) == []

    async def forgotten() -> bool:
        return await do(ana).representation(scope=home) == ""

    await do.becomes(forgotten, "the scope has let go of what it held")
    assert await do(honcho).search("Faro", scope=home) == [], "an empty scope matches nothing"
    with pytest.raises(NotFoundError, match="never-made"):
        await do(home).add_sessions(["other", "never-made"])
    assert await do.all(await do(home).sessions()) == [], "all or nothing"
    with pytest.raises(ValueError, match="At least one"):
        await do(home).add_sessions([])


SCENARIOS = (are_made_listed_and_found, bound_what_is_recalled)
