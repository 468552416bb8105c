"""Where a dream looks, by structure: open contradictions, new bridges, thin ground that much rests on, what is new.

Each function finds places of one kind; `choose` puts them in order. A place where nothing has changed since the last
dream is left out: to think there again would lead to the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from graph.store.landscape import Clash, Landscape
from workers.dreaming.ground import Ground, ground

Reason = Literal["contradiction", "bridge", "thin", "new"]

#: An area has so many conclusions at most.
AREA = 30
#: A dream looks at so many areas at most.
MOST_AREAS = 12
#: What so many rest on is much used.
MUCH_USED = 2


class Area(Struct, frozen=True, kw_only=True):
    """A place to look at.

    Attributes:
        reason: the kind of place.
        why: what makes it one, in a sentence that repeats nothing that was said.
        focus_ids: the conclusions that it is about.
        ids: those and what lies around them, oldest first.
    """

    reason: Reason
    why: str
    focus_ids: Sequence[str]
    ids: Sequence[str]


def choose(landscape: Landscape, same: float) -> list[Area]:
    """All places worth looking at, the most pressing first; one that lies within another is not named again.

    Args:
        landscape: what the perspective holds.
        same: the cosine from which the embedder takes two texts for the same.
    """
    found = ground(landscape.nodes, same)
    areas: list[Area] = []
    for area in (*contradictions(found, landscape.clashes), *bridges(found), *thin(found), *new(found)):
        covered = any(set(area.ids) <= set(other.ids) for other in areas)
        # A contradiction is weighed by itself, whatever else is thought nearby.
        if not covered or area.reason == "contradiction":
            areas.append(area)
    return areas


def contradictions(found: Ground, clashes: Iterable[Clash]) -> list[Area]:
    """Contradictions that are new, or of which a side has gained a source since they were noted; the newest first."""
    places = {node.id: place for place, node in enumerate(found.nodes)}
    areas: list[Area] = []
    for clash in sorted(clashes, key=lambda clash: (clash.at, clash.one_id), reverse=True):
        if clash.one_id not in places or clash.other_id not in places:
            continue
        sides = [places[clash.one_id], places[clash.other_id]]
        if clash.gained or any(found.nodes[side].fresh for side in sides):
            why = "a side has gained a source since" if clash.gained else "both sides hold, and one of them is new"
            areas.append(_area(found, "contradiction", f"a contradiction is open: {why}", sides))
    return areas


def bridges(found: Ground) -> list[Area]:
    """Pairs of clusters between which something new has made a first or a rare connection; the rarest first.

    A cluster has at least two conclusions. A connection is rare when it takes up less than a third of the smaller
    cluster's conclusions.
    """
    cluster_of = {place: number for number, cluster in enumerate(found.clusters) for place in cluster}
    crossing: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for one, other in found.graph.edges():
        if cluster_of[one] != cluster_of[other]:
            pair = sorted((cluster_of[one], cluster_of[other]))
            crossing[pair[0], pair[1]].append((one, other))
    ranked: list[tuple[int, int, Area]] = []
    for (first, second), edges in crossing.items():
        ends = {end for edge in edges for end in edge}
        smaller = min(len(found.clusters[first]), len(found.clusters[second]))
        if smaller < 2 or len(edges) > max(1, smaller // 3) or not any(found.nodes[end].fresh for end in ends):
            continue
        sizes = f"{len(found.clusters[first])} and {len(found.clusters[second])}"
        area = _area(found, "bridge", f"something new joins two clusters, of {sizes} conclusions", ends)
        ranked.append((len(edges), min(ends), area))
    return [area for *_, area in sorted(ranked, key=lambda each: each[:2])]


def thin(found: Ground) -> list[Area]:
    """Conclusions with one derivation on which much rests, where something new is near; the most used first."""
    places = [
        place
        for place, node in enumerate(found.nodes)
        if node.derivations == 1 and node.used >= MUCH_USED and _fresh(found, found.around([place]))
    ]
    places.sort(key=lambda place: (-found.nodes[place].used, place))
    return [
        _area(found, "thin", f"{found.nodes[place].used} things rest on one that has a single derivation", [place])
        for place in places
    ]


def new(found: Ground) -> list[Area]:
    """What nothing was derived from yet, in portions; what is of one cluster comes together, the greatest first."""
    waiting = [place for cluster in found.clusters for place in sorted(cluster) if found.nodes[place].unweighed]
    why = "nothing was derived yet from what is new here"
    return [_area(found, "new", why, waiting[start : start + AREA]) for start in range(0, len(waiting), AREA)]


def _fresh(found: Ground, places: Iterable[int]) -> bool:
    return any(found.nodes[place].fresh for place in places)


def _area(found: Ground, reason: Reason, why: str, focus: Iterable[int]) -> Area:
    """An area around some places: they, what is joined to them, then what is most alike to the first of them."""
    centre = sorted(set(focus))[:AREA]
    chosen = dict.fromkeys(centre)
    chosen |= dict.fromkeys(sorted(found.around(centre), reverse=True))
    if centre:
        chosen |= dict.fromkeys(found.nearest(centre[0], AREA // 3))
    names = [found.nodes[place].id for place in sorted(list(chosen)[:AREA])]
    return Area(reason=reason, why=why, focus_ids=[found.nodes[place].id for place in centre], ids=names)
