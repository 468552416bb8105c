"""A perspective as a graph of its conclusions: what shares a source, rests on another, or means nearly the same.

What is near is judged against the perspective itself: halfway between how alike any two of it are and what the embedder
takes for the same. So it needs no threshold of its own, whose place would be another one for each embedder.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

import networkx as nx
import numpy as np
from msgspec import Struct

from graph.store.landscape import Node

#: Each is near to so many others at most.
NEIGHBOURS = 4
#: A message from which more than this was drawn joins only those that were drawn one after the other.
_DRAWN_TOGETHER = 8


class Ground(Struct, frozen=True):
    """The graph of a perspective.

    Attributes:
        nodes: what it holds, contradictions left out; each is named by its place here.
        graph: undirected, over those places.
        clusters: its communities, the greatest first; what is joined to nothing is a cluster of its own.
    """

    nodes: Sequence[Node]
    graph: "nx.Graph[int]"
    clusters: Sequence[frozenset[int]]

    def around(self, places: Iterable[int]) -> set[int]:
        """Some places with those that they are joined to."""
        some = set(places)
        return some.union(*(self.graph.adj[place] for place in some))

    def nearest(self, place: int, most: int) -> list[int]:
        """The places most alike to one, by their vectors, whether or not they are joined to it."""
        vectors = _matrix(self.nodes)
        order = np.argsort(-(vectors @ vectors[place]), kind="stable")
        return [int(other) for other in order if other != place][:most]


def ground(nodes: Sequence[Node], same: float) -> Ground:
    """Lay the graph over what a perspective holds.

    Args:
        nodes: oldest first; contradictions are left out.
        same: the cosine from which the embedder takes two texts for the same.
    """
    plain = [node for node in nodes if node.level != "contradiction"]
    # Places instead of ids: the order in which sets of numbers are walked is the same each time.
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(plain)))
    graph.add_edges_from(_resting(plain))
    graph.add_edges_from(_sharing(plain))
    graph.add_edges_from(near(plain, same))
    found = nx.community.louvain_communities(graph, seed=0) if plain else []
    return Ground(plain, graph, sorted(map(frozenset, found), key=lambda cluster: (-len(cluster), min(cluster))))


def near(nodes: Sequence[Node], same: float) -> list[tuple[int, int]]:
    """Pairs of which each is among the other's nearest, and which are more alike than not."""
    if len(nodes) < 2:
        return []
    vectors = _matrix(nodes)
    alike = vectors @ vectors.T
    number = len(nodes)
    usual = (float(alike.sum()) - float(np.trace(alike))) / (number * (number - 1))
    np.fill_diagonal(alike, -2.0)
    nearest = np.argsort(-alike, axis=1, kind="stable")[:, :NEIGHBOURS]
    enough = usual + (same - usual) / 2
    chosen = {
        (place, int(other)) for place in range(number) for other in nearest[place] if alike[place, other] >= enough
    }
    return sorted((one, other) for one, other in chosen if one < other and (other, one) in chosen)


def _resting(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
    places = {node.id: place for place, node in enumerate(nodes)}
    for place, node in enumerate(nodes):
        yield from ((place, places[premise_id]) for premise_id in node.premise_ids if premise_id in places)


def _sharing(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
    drawn: dict[str, list[int]] = defaultdict(list)
    for place, node in enumerate(nodes):
        for message_id in node.message_ids:
            drawn[message_id].append(place)
    for together in drawn.values():
        few = len(together) <= _DRAWN_TOGETHER
        yield from combinations(together, 2) if few else pairwise(together)


def _matrix(nodes: Sequence[Node]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    return np.asarray([node.vector for node in nodes], dtype=np.float32).reshape(len(nodes), -1)
