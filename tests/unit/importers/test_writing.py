"""What is decided before anything is sent: names, memberships and batches."""

from datetime import UTC, datetime

from app.importers.limits import IMPORT_KEY
from app.importers.names import Named
from app.importers.spool import Kept, Member, Spool
from app.importers.turns import Turn
from app.importers.writing import BATCH_CHARACTERS, batches, memberships, planned

ANA, BO, SYSTEM = Named("", "ana"), Named("", "bo"), Named("", "system")


def member(person: Named, observed: bool = True) -> Member:
    return Member(person, 1, observed)


def test_speakers_observe_each_other_unless_told_otherwise() -> None:
    names = {ANA: "ana", BO: "bo"}
    members = [member(ANA), member(BO)]
    assert memberships(members, names, observe=True) == {
        "ana": {"observe_others": True},
        "bo": {"observe_others": True},
    }
    assert memberships(members, names, observe=False) == {
        "ana": {"observe_others": False},
        "bo": {"observe_others": False},
    }


def test_a_peer_that_only_instructs_is_neither_observed_nor_observes() -> None:
    joined = memberships([member(SYSTEM, observed=False)], {SYSTEM: "system"}, observe=True)
    assert joined == {"system": {"observe_me": False, "observe_others": False}}


def test_of_many_speakers_the_ten_who_speak_most_observe() -> None:
    people = [Named("", f"p{n}") for n in range(13)]
    members = [member(SYSTEM, observed=False), *(member(each) for each in people)]
    joined = memberships(members, {SYSTEM: "system", **{each: each.name for each in people}}, observe=True)
    assert [name for name, each in joined.items() if each["observe_others"]] == [f"p{n}" for n in range(10)]


def kept(content: str, n: int = 0) -> Kept:
    return Kept("", "ana", content, datetime(2024, 5, 1, tzinfo=UTC), {"n": n}, f"key-{n}")


def test_batches_hold_at_most_100_messages_in_order() -> None:
    found = list(batches((kept("x", n) for n in range(250)), {ANA: "Ana"}))
    assert [len(batch) for batch in found] == [100, 100, 50]
    assert [message.metadata["n"] for batch in found for message in batch] == list(range(250))


def test_batches_of_long_messages_stay_small() -> None:
    found = list(batches((kept("x" * 25_000, n) for n in range(100)), {ANA: "Ana"}))
    assert sum(len(batch) for batch in found) == 100
    assert all(sum(len(message.content) for message in batch) <= BATCH_CHARACTERS for batch in found)


def test_a_message_carries_its_identity_beside_its_own_metadata() -> None:
    ((message,),) = batches([kept("x", 7)], {ANA: "Ana"})
    assert (message.peer_id, message.metadata) == ("Ana", {"n": 7, IMPORT_KEY: "key-7"})


def test_names_that_had_to_change_are_told() -> None:
    with Spool() as spool:
        spool.fill(
            [
                Turn(1, "Team chat", "Ana Lima", "hi", None, {}, circle="a"),
                Turn(2, "s", "John", "hi", None, {}, circle="a"),
                Turn(3, "s", "John", "hi", None, {}, circle="b"),
            ]
        )
        plan = planned(spool)
    assert plan.sessions == {"Team chat": "Team-chat", "s": "s"}
    assert plan.renamed() == [
        ("peer", "John", "John-b"),
        ("peer", "Ana Lima", "Ana-Lima"),
        ("session", "Team chat", "Team-chat"),
    ]
