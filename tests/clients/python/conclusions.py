"""What a client does with conclusions: of a pair, and of the whole workspace."""

# pyright: reportMissingTypeStubs=false

import pytest
from honcho import NotFoundError
from honcho.conclusions import ConclusionCreateParams

from tests.clients.python.told import told
from tests.clients.python.way import Way


async def are_made_listed_found_and_deleted(do: Way) -> None:
    honcho = do.client("facts")
    ana, bot = await do(honcho).peer("ana"), await do(honcho).peer("bot")
    await do(honcho).session("s")
    view = bot.conclusions_of(ana)
    assert (view.observer, view.observed, "bot" in repr(view)) == ("bot", "ana", True)
    made = await do(view).create(
        [
            {"content": "Ana plays the cello", "session_id": "s"},
            ConclusionCreateParams(content="Ana lives in Braga"),
            {"content": "Ana is allergic to nuts"},
        ]
    )
    assert [str(each) for each in made] == ["Ana plays the cello", "Ana lives in Braga", "Ana is allergic to nuts"]
    assert [(each.observer_id, each.observed_id, each.level, each.times_derived) for each in made] == [
        ("bot", "ana", "explicit", 1)
    ] * 3
    assert [each.session_id for each in made] == ["s", None, None]
    assert made[0].id in repr(made[0])

    listed = await do.all(await do(view).list(size=2))
    assert {each.id for each in listed} == {each.id for each in made}
    assert [each.created_at for each in listed] == sorted((each.created_at for each in listed), reverse=True)
    oldest = await do(view).list(page=1, size=1, reverse=True)
    assert oldest[0].created_at == min(each.created_at for each in made)
    assert [each.id for each in await do.all(await do(view).list(session="s"))] == [made[0].id]
    assert [each.id for each in await do.all(await do(view).list(filters={"content": {"icontains": "braga"}}))] == [
        made[1].id
    ]
    assert await do.all(await do(ana.conclusions).list()) == []

    nearest = await do(view).query("Which instrument does she play?", top_k=1)
    assert [each.id for each in nearest] == [made[0].id]
    assert len(await do(view).query("Ana", top_k=10, distance=1.0, filters={"session_id": "s"})) == 1

    assert (await do(view).get(made[1].id)).content == "Ana lives in Braga"
    assert {each.id for each in await do(view).get_many([made[0].id, made[2].id, "unknown"])} == {
        made[0].id,
        made[2].id,
    }
    with pytest.raises(NotFoundError):
        await do(ana.conclusions).get(made[0].id)
    assert await do(ana.conclusions).get_many([made[0].id]) == []
    text = await do(view).representation(
        search_query="food", search_top_k=1, search_max_distance=1.0, include_most_frequent=False, max_conclusions=1
    )
    assert "nuts" in text

    await do(view).delete(made[0].id)
    with pytest.raises(NotFoundError):
        await do(view).delete(made[0].id)
    with pytest.raises(NotFoundError):
        await do(view).get(made[0].id)
    assert len(await do.all(await do(view).list())) == 2
    with pytest.raises(NotFoundError):
        await do(ana.conclusions_of("nobody")).create([{"content": "x"}])


async def of_the_whole_workspace_can_be_read(do: Way) -> None:
    chat = await told(do)
    whole = chat.honcho.conclusions
    assert chat.honcho.workspace_id in repr(whole)
    everything = await do.all(await do(whole).list(size=2))
    pairs = [(each.observer_id, each.observed_id) for each in everything]
    assert set(pairs) == {("ana", "ana"), ("bot", "ana")}
    assert pairs.count(("ana", "ana")) == pairs.count(("bot", "ana")) == 3, "each observer holds each fact once"
    of_first = await do.all(await do(whole).list(filters={"session_id": "first", "observer_id": "bot"}, reverse=True))
    assert [("Lisbon" in each.content, "nurse" in each.content) for each in of_first].count((False, False)) == 0
    one = await do(whole).get(everything[0].id)
    assert (one.id, one.content, one.created_at) == (everything[0].id, everything[0].content, everything[0].created_at)
    many = await do(whole).get_many([each.id for each in everything])
    assert {each.id for each in many} == {each.id for each in everything}
    if do.asynchronous:
        assert len(await chat.honcho.aio.conclusions.get_many([everything[0].id])) == 1
    with pytest.raises(NotFoundError):
        await do(whole).get("no-such-conclusion")
    view = chat.ana.conclusions
    assert await do.all(await do(view).derived(everything[0].id, page=1, size=10, reverse=True)) == []
    filtered = await do(view).list(filters={"level": "deductive"})
    assert (filtered.total, filtered.pages) == (0, 0)


async def that_a_dream_draws_name_their_sources(do: Way) -> None:
    honcho = do.client("dream")
    ana = await do(honcho).peer("ana")
    for name in ("one", "two"):
        session = await do(honcho).session(name)
        await do(session).add_messages(ana.message("I live in Porto."))
    await do.settled(honcho, units=2)
    view = ana.conclusions
    stated = await do.all(await do(view).list(filters={"level": "explicit"}))
    assert {each.session_id for each in stated} == {"one", "two"}

    await do(honcho).schedule_dream(ana, session="two", observed="ana")

    async def dreamt() -> bool:
        return (await do(view).list(filters={"level": "inductive"})).total == 1

    await do.becomes(dreamt, "what was said in two sessions has become a pattern")
    (pattern,) = await do.all(await do(view).derived(stated[0].id))
    assert (pattern.level, "Porto" in pattern.content) == ("inductive", True)
    assert set(pattern.source_ids or []) == {each.id for each in stated}


SCENARIOS = (
    are_made_listed_found_and_deleted,
    of_the_whole_workspace_can_be_read,
    that_a_dream_draws_name_their_sources,
)
