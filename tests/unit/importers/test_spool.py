"""A file that was read is held on disk; equal turns stay two, and each turn has an identity that lasts."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.importers.names import Named
from app.importers.spool import SHOWN_PROBLEMS, Spool
from app.importers.turns import Note, Problem, Turn

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def turn(
    content: str, session: str = "s", peer: str = "ana", number: int = 1, metadata: dict[str, object] | None = None
) -> Turn:
    return Turn(number, session, peer, content, NOON, metadata or {})


def keys(*turns: Turn, session: str = "s") -> list[str]:
    with Spool() as spool:
        spool.fill(turns)
        return [kept.key for kept in spool.missing(session)]


def test_equal_turns_are_two_and_known_again() -> None:
    first = keys(turn("hi"), turn("hi"), turn("bye"))
    assert len(set(first)) == 3
    assert first == keys(turn("hi"), turn("hi"), turn("bye"))


def test_turns_keep_their_identity_when_the_file_grows() -> None:
    before = keys(turn("hi"), turn("bye"))
    after = keys(turn("new"), turn("hi"), turn("bye"), turn("hi"))
    assert after[1:3] == before
    assert len(set(after)) == 4


def test_the_number_and_metadata_of_a_turn_are_no_part_of_its_identity() -> None:
    assert keys(turn("hi", number=1)) == keys(turn("hi", number=9, metadata={"k": 1}))


def test_session_author_text_and_time_are_its_identity() -> None:
    later = Turn(1, "s", "ana", "hi", NOON.replace(hour=13), {})
    others = [keys(turn("hi", session="t"), session="t"), keys(turn("hi", peer="bo")), keys(turn("ho")), keys(later)]
    assert len({key for each in [*others, keys(turn("hi"))] for key in each}) == 5


def test_only_what_is_not_stored_is_given_out_in_the_order_of_the_file() -> None:
    with Spool() as spool:
        spool.fill([turn("a"), turn("x", session="t"), turn("b"), turn("c")])
        first, second, _ = [kept.key for kept in spool.missing("s")]
        spool.remember([second, "foreign"])
        assert [kept.content for kept in spool.missing("s")] == ["a", "c"]
        spool.remember([first])
        assert [kept.content for kept in spool.missing("s")] == ["b", "c"]
        assert spool.lacking("s") == 2


def test_what_is_given_out_is_what_was_read() -> None:
    metadata: dict[str, object] = {"a": [1, 2.5, None, {"é": "🌻"}], "big": 10**30}
    with Spool() as spool:
        spool.fill([turn("hi\x00\n", metadata=metadata)])
        (kept,) = spool.missing("s")
    assert (kept.content, kept.created_at, kept.metadata) == ("hi\x00\n", NOON, metadata)


def test_mixed_sessions_come_out_in_the_order_of_their_first_turns() -> None:
    with Spool() as spool:
        spool.fill(
            [
                turn("1", session="b"),
                turn("2", session="a", peer="bo"),
                turn("3", session="b", peer="bo"),
                turn("4", session="b"),
            ]
        )
        assert spool.sessions() == ["b", "a"]
        assert spool.people() == [Named("", "ana"), Named("", "bo")]
        assert [(member.person.name, member.turns) for member in spool.members("b")] == [("ana", 2), ("bo", 1)]


def test_all_problems_are_counted_and_the_first_are_kept() -> None:
    with Spool() as spool:
        spool.fill([Problem(n, "rule") for n in range(1, 100)] + [Note(1, "left out"), Note(2, "left out")])
        assert spool.problem_count == 99
        assert [problem.number for problem in spool.problems] == list(range(1, SHOWN_PROBLEMS + 1))
        assert spool.notes() == [("left out", 2)]


MEASURE = """
import resource, sys
from app.importers.formats import FORMATS
from app.importers.spool import Spool
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
with Spool() as spool:
    before = peak()
    with open(sys.argv[2], "rb") as file:
        spool.fill(FORMATS[sys.argv[1]].read(file))
    print(spool.turns, peak() - before)
"""


def measured(name: str, path: Path) -> tuple[int, int]:
    done = subprocess.run([sys.executable, "-c", MEASURE, name, str(path)], capture_output=True, text=True, check=True)
    turns, grown = done.stdout.split()
    return int(turns), int(grown)


def test_a_big_jsonl_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("w") as file:
        for n in range(30_000):
            file.write(json.dumps({"session": f"s{n % 50}", "peer": "ana", "content": f"{n} " + "x" * 2000}) + "\n")
    turns, grown = measured("jsonl", path)
    assert turns == 30_000
    assert grown < path.stat().st_size / 3


def test_a_big_locomo_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("w") as file:
        for n in range(60):
            turns = [{"speaker": "Ida", "dia_id": f"D1:{t}", "text": f"{t} " + "x" * 2000} for t in range(500)]
            conversation = {"session_1_date_time": "1:56 pm on 8 May, 2023", "session_1": turns}
            file.write(("[" if n == 0 else ",") + json.dumps({"sample_id": f"c{n}", "conversation": conversation}))
        file.write("]")
    turns, grown = measured("locomo", path)
    assert turns == 30_000
    assert grown < path.stat().st_size / 3
