"""What the graph should be after a story, and what it is: sets of conclusions that can be compared.

A conclusion is told by names of the story and by texts, so that two sets, or their difference, can be read.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from msgspec import Struct, structs

from app.engine.neo4j import Neo4jServer
from graph.types import Lasting, Level
from tests.graph.looking import rows
from tests.story.reading import Line, Reasoning, Story, called


class Node(Struct, frozen=True, kw_only=True, order=True):
    """A conclusion, living or retired.

    Attributes:
        session: where it was said; empty for what was concluded from conclusions.
        slot: as `likes = jazz` or `likes != jazz`; empty for none.
        state: `living`, or why it is not, or what it contradicts, with the texts of the others.
        proof: names of the messages that it rests on directly, or what its premises are called.
        times: how often it was concluded; 0 where that is not compared.
    """

    holder: str
    subject: str
    level: Level
    text: str
    session: str
    slot: str
    about: str
    lasting: Lasting
    state: str
    proof: tuple[str, ...]
    times: int


def expected(story: Story, reasoning: Reasoning) -> set[Node]:
    """The conclusions that a story should leave."""
    found: dict[tuple[str, str, str, str], Node] = {}
    merged: list[tuple[str, str, str, str]] = []
    for scene in story.scenes:
        for said in scene.said:
            for line in said.lines:
                if line.only not in {None, reasoning}:
                    continue
                for holder in line.holders:
                    key = (holder, scene.session, line.text, line.state)
                    found[key] = _once_more(found.get(key), _node(line, holder, scene.session), said.name)
                    if line.state.startswith("merged into "):
                        merged.append((holder, scene.session, line.state.removeprefix("merged into "), said.name))
    for holder, session, into, name in merged:
        # What is merged into it counts for it, and it rests on the same message.
        (key,) = (key for key in found if key[:3] == (holder, session, into))
        found[key] = _once_more(found[key], found[key], name)
    derived = [
        structs.replace(_node(line, holder, ""), proof=line.premises)
        for line in story.concluded
        if line.only in {None, reasoning}
        for holder in line.holders
    ]
    return {*found.values(), *derived}


def _node(line: Line, holder: str, session: str) -> Node:
    return Node(
        holder=holder,
        subject=line.subject,
        level=line.level,
        text=line.text,
        session=session,
        slot=line.slot,
        about=line.about,
        lasting=line.lasting,
        state=line.state,
        proof=(),
        times=0,
    )


def _once_more(known: Node | None, new: Node, name: str) -> Node:
    node = known or new
    return structs.replace(node, proof=tuple(sorted({*node.proof, name})), times=node.times + 1)


_CONCLUSIONS = """
MATCH (c:Conclusion {workspace_id: $w})
WHERE c.created_at IS NOT NULL
RETURN c.id, c.observer_id, c.observed_id, c.level, c.content, c.session_id, c.slot, c.slot_value, c.negated,
  toString(date(c.about_at)), c.lasting, c:Held, c.retired_because, c.times_derived,
  [(c)-[:DERIVED_FROM]->(m:Message) | m.id], [(c)-[:DERIVED_FROM]->(p:Conclusion) | [p.content, p.session_id]],
  [(other)-[:SUPERSEDES]->(c) | other.content], [(c)-[:MERGED_INTO]->(other) | other.content],
  [(c)-[:CONTRADICTS]-(other:Held) | other.content]
"""


async def held(server: Neo4jServer, workspace_id: str, names: Mapping[str, str]) -> list[Node]:
    """The conclusions that a workspace has, one entry for each.

    Args:
        server: the database.
        workspace_id: the workspace.
        names: what the story calls its messages, by id.
    """
    return [_seen(row, names) for row in await rows(server, _CONCLUSIONS, w=workspace_id)]


def _seen(row: list[object], names: Mapping[str, str]) -> Node:
    level, session = cast("Level", row[3]), row[5]
    messages, newer, into, against = (sorted(cast("list[str]", row[place])) for place in (14, 16, 17, 18))
    premises = {called(*each) for each in cast("list[tuple[str, str | None]]", row[15])}
    proof = [names[each] for each in messages] if level == "explicit" else premises
    living, because = row[11], row[12]
    if living:
        state = f"contradicts {', '.join(against)}" if against else "living"
    else:
        others = {"superseded": f"superseded by {', '.join(newer)}", "merged": f"merged into {', '.join(into)}"}
        state = others.get(str(because), str(because))
    return Node(
        holder=str(row[1]),
        subject=str(row[2]),
        level=level,
        text=str(row[4]),
        session=str(session or ""),
        slot=f"{row[6]} {'!' if row[8] else ''}= {row[7]}" if row[6] else "",
        about=str(row[9] or ""),
        lasting=cast("Lasting", row[10] or "lasting"),
        state=state,
        proof=tuple(sorted(proof)),
        times=cast("int", row[13]) if level == "explicit" else 0,
    )


def difference(wanted: Iterable[Node], found: Iterable[Node]) -> list[str]:
    """What is missing (-) and what should not be there (+), in words; empty if both are the same, each once."""
    want, have = sorted(wanted), sorted(found)
    missing = [("-", node) for node in want if node not in have]
    extra = [("+", node) for place, node in enumerate(have) if node not in want or node in have[:place]]
    order = sorted([*missing, *extra], key=lambda each: (each[1].text, each[1].holder, each[0]))
    return [f"{sign} {_told(node)}" for sign, node in order]


def _told(node: Node) -> str:
    parts = (
        f"{node.holder}>{node.subject} {node.level} {node.text!r} in {node.session or 'no session'}",
        node.slot or "no slot",
        node.about or "undated",
        node.lasting,
        node.state,
        f"x{node.times}",
        f"from {', '.join(node.proof)}",
    )
    return ", ".join(parts)
