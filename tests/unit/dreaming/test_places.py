"""Where dreams look, on planted graphs: each kind of place is found where it was planted, and nowhere else."""

import random
from collections.abc import Sequence
from datetime import timedelta

from graph.store.landscape import Clash, Landscape, Node
from tests.graph.conftest import NOON, vector
from workers.dreaming.ground import ground, near
from workers.dreaming.places import AREA, bridges, choose, contradictions, new, thin

#: The cosine from which two planted texts would be the same.
SAME = 0.95


def _node(
    name: str,
    topic: int,
    minutes: float = 0,
    *,
    messages: Sequence[str] = (),
    premises: Sequence[str] = (),
    derivations: int = 1,
    used: int = 0,
    fresh: bool = False,
    unweighed: bool = False,
) -> Node:
    """What is of one topic points the same way, but for a little of its own."""
    own = random.Random(name)
    leading = [0.25 * own.gauss() for _ in range(12)]
    leading[topic] += 2.0
    return Node(
        id=name,
        level="deductive" if premises else "explicit",
        content=name,
        created_at=NOON + timedelta(minutes=minutes),
        message_ids=messages or [f"m-{name}"],
        premise_ids=premises,
        derivations=derivations,
        used=used,
        fresh=fresh,
        unweighed=unweighed,
        vector=vector(*leading),
    )


def _topic(topic: int, number: int = 6) -> list[Node]:
    return [_node(f"t{topic}-{place}", topic, place) for place in range(number)]


def test_conclusions_of_one_topic_are_one_cluster_and_of_two_are_two() -> None:
    nodes = [*_topic(0, 7), *_topic(1, 5)]

    found = ground(nodes, SAME)

    clusters = [{found.nodes[place].id[:2] for place in cluster} for cluster in found.clusters if len(cluster) > 1]
    assert sorted(map(sorted, clusters)) == [["t0"], ["t1"]]
    assert [sorted(cluster) for cluster in ground(nodes, SAME).clusters] == [
        sorted(cluster) for cluster in found.clusters
    ]


def test_what_is_near_is_judged_against_the_perspective_itself() -> None:
    two_topics = [*_topic(0, 5), *_topic(1, 5)]
    # An embedder to which any two texts are much alike: all vectors lie in one narrow cone.
    narrow = [_leaning(node) for node in two_topics]

    for nodes in (two_topics, narrow):
        pairs = near(nodes, 0.99)
        assert pairs and all(nodes[one].id[:2] == nodes[other].id[:2] for one, other in pairs)
    assert near(two_topics[:1], SAME) == near([], SAME) == []


def _leaning(node: Node) -> Node:
    leading = list(node.vector[:12])
    return Node(id=node.id, level="explicit", content="", created_at=node.created_at, vector=vector(*leading, 2.0))


def test_a_bridge_between_clusters_is_found_when_it_is_new_and_only_then() -> None:
    def planted(*, fresh: bool) -> list[Node]:
        # One message says something of both topics: two clusters that nothing joined before.
        join = [
            _node("t0-join", 0, 90, messages=["m"], fresh=fresh),
            _node("t1-join", 1, 91, messages=["m"], fresh=fresh),
        ]
        return [*_topic(0), *_topic(1), *_topic(2), *join]

    (area,) = bridges(ground(planted(fresh=True), SAME))

    assert (area.reason, set(area.focus_ids)) == ("bridge", {"t0-join", "t1-join"})
    assert {name[:2] for name in area.ids} >= {"t0", "t1"} and len(area.ids) > 4
    assert area.why == "something new joins two clusters, of 7 and 7 conclusions"
    assert bridges(ground(planted(fresh=False), SAME)) == []


def test_clusters_that_are_joined_in_many_places_have_no_bridge() -> None:
    many = [
        _node(f"t{topic}-both-{number}", topic, 90, messages=[f"m{number}"], fresh=True)
        for number in range(5)
        for topic in (0, 1)
    ]

    assert bridges(ground([*_topic(0, 3), *_topic(1, 3), *many], SAME)) == []


def test_what_much_rests_on_with_one_derivation_is_looked_at_where_something_is_new() -> None:
    def planted(*, derivations: int, used: int, fresh: bool) -> list[Node]:
        ground_floor = _node("base", 0, derivations=derivations, used=used)
        above = [_node(f"above-{number}", 3, number, premises=["base"], fresh=fresh) for number in range(used)]
        return [ground_floor, *above, *_topic(1)]

    (area,) = thin(ground(planted(derivations=1, used=3, fresh=True), SAME))

    assert (area.reason, area.focus_ids) == ("thin", ["base"])
    assert {"base", "above-0", "above-1", "above-2"} <= set(area.ids)
    assert "3 things" in area.why
    for other in ({"derivations": 2}, {"used": 1}, {"fresh": False}, {"derivations": 0}):
        wanted = {"derivations": 1, "used": 3, "fresh": True, **other}
        assert thin(ground(planted(**wanted), SAME)) == [], other  # pyright: ignore[reportArgumentType] -- of mixed types


def test_the_most_used_thin_ground_comes_first() -> None:
    nodes = [_node("two", 0, used=2, fresh=True), _node("four", 1, used=4, fresh=True)]

    assert [area.focus_ids for area in thin(ground(nodes, SAME))] == [["four"], ["two"]]


def test_an_open_contradiction_is_looked_at_when_it_is_new_or_has_gained_a_source() -> None:
    def planted(*, fresh: bool) -> Landscape:
        sides = [_node("one", 0, 1, fresh=fresh), _node("other", 0, 2)]
        return Landscape(nodes=[*sides, *_topic(1)])

    def clash(*, gained: bool) -> list[Clash]:
        return [Clash(one_id="one", other_id="other", at=NOON, gained=gained)]

    for fresh, gained, number in ((True, False, 1), (False, True, 1), (False, False, 0)):
        found = contradictions(ground(planted(fresh=fresh).nodes, SAME), clash(gained=gained))
        assert len(found) == number
        assert all(set(area.focus_ids) == {"one", "other"} for area in found)


def test_what_nothing_was_derived_from_yet_is_looked_at_in_portions() -> None:
    waiting = [_node(f"t{number % 2}-new-{number}", number % 2, 50, unweighed=True) for number in range(AREA + 4)]

    first, second = new(ground([*_topic(0), *_topic(1), *waiting], SAME))

    assert {*first.focus_ids, *second.focus_ids} == {node.id for node in waiting}
    assert (len(first.focus_ids), len(second.focus_ids)) == (AREA, 4)


def test_areas_are_ordered_bounded_and_not_named_twice() -> None:
    crowd = [_node(f"t0-{number}", 0, number, fresh=True, unweighed=True) for number in range(3 * AREA)]
    base = _node("base", 0, 999, used=5, fresh=True, unweighed=True)
    join = _node("t1-join", 1, 1000, messages=["m-base"], fresh=True)
    landscape = Landscape(
        nodes=[*crowd, base, *_topic(1), join],
        clashes=[Clash(one_id="t1-0", other_id="t1-1", at=NOON, gained=True)],
    )

    areas = choose(landscape, SAME)

    order: list[str] = ["contradiction", "bridge", "thin", "new"]
    reasons = [area.reason for area in areas]
    assert reasons == sorted(reasons, key=order.index) and set(reasons) >= {"contradiction", "bridge", "new"}
    assert all(0 < len(area.ids) <= AREA and set(area.focus_ids) <= set(area.ids) for area in areas)
    assert not any(set(one.ids) <= set(other.ids) for place, one in enumerate(areas) for other in areas[:place]), (
        "what lies within an earlier one is not named again"
    )
    assert choose(landscape, SAME) == areas


def test_nothing_held_is_nowhere_to_look() -> None:
    assert choose(Landscape(nodes=()), SAME) == []
