"""How what the branches found becomes one order."""

from graph.recall.fusion import Hit, fuse, standard


def _best(total: dict[str, float]) -> list[str]:
    return sorted(total, key=lambda key: -total[key])


def _apart(*scores: tuple[str, float]) -> list[Hit]:
    """Hits of one session that are nobody's neighbours."""
    return [Hit(key, "s", place * 10, score) for place, (key, score) in enumerate(scores)]


def test_standard_scores_have_no_mean_and_one_deviation() -> None:
    assert standard({"a": 1.0, "b": 3.0}) == {"a": -1.0, "b": 1.0}
    assert standard({"a": 2.0, "b": 2.0}) == {"a": 0.0, "b": 0.0}
    assert standard({}) == {}


def test_what_two_branches_find_comes_before_what_one_finds() -> None:
    words = [Hit("a", "s", 10, 5.0), Hit("b", "s", 20, 4.9), Hit("d", "s", 40, 0.1)]
    meaning = [Hit("b", "s", 20, 0.9), Hit("c", "s", 30, 0.91), Hit("a", "s", 10, 0.1), Hit("d", "s", 40, 0.0)]
    assert _best(fuse(words, [], meaning, True))[0] == "b"


def test_a_phrase_comes_before_its_words_apart() -> None:
    words = _apart(("apart", 5.0), ("phrase", 4.9), ("other", 1.0))
    assert _best(fuse(words, [words[1]], [], True))[0] == "phrase"
    assert _best(fuse(words, [words[1]], [], False))[0] == "apart"


def test_a_part_of_a_word_comes_behind_the_word_and_first_where_there_is_none() -> None:
    words, part = _apart(("art", 5.0), ("arts", 4.0)), Hit("party", "t", 1)
    assert _best(fuse(words, [part], [], False))[0] == "art"
    meaning = [Hit("near", "u", number * 10, number / 10) for number in range(3)]
    assert _best(fuse([], [part], meaning, False))[0] == "party"


def test_a_message_that_has_no_vector_yet_is_neither_near_nor_far() -> None:
    words = _apart(("fresh", 5.0), ("near", 5.0), ("far", 5.0))
    assert _best(fuse(words, [], [Hit("near", "s", 10, 0.9), Hit("far", "s", 20, 0.1)], True)) == [
        "near",
        "fresh",
        "far",
    ]


def test_the_answer_to_a_question_that_fits_gains_by_it() -> None:
    words = [Hit("question", "s", 4, 9.0), Hit("answer", "s", 5, 2.0), Hit("stray", "t", 5, 2.0)]
    total = fuse(words, [], [], True)
    assert total["answer"] > total["stray"]
    assert _best(total)[0] == "question"


def test_nothing_found_is_nothing() -> None:
    assert fuse([], [], [], False) == {}
