"""Tells a story to the service, message by message, as clients and workers would."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from graph.store import members, messages, peers
from graph.store.messages import Deployment
from graph.types import MemberConfiguration, NewMessage
from tests.draining import drain
from tests.models.noting import material
from tests.models.scripted import Call, Reply, Say, Script
from tests.story.reading import Coming, Line, Reasoning, Refused, Said, Story, slot_of
from workers.service import Service

#: It takes part in the sessions, but nothing is concluded about it.
ASSISTANT = "sage"
_AT_ONCE = Deployment(wait=timedelta(0))

#: The name of a premise that there is not.
NOTHING = "nothing"


class Told(Struct, frozen=True, kw_only=True):
    """A story that was told.

    Attributes:
        reasoning: what it was told to.
        ids: of the messages that have a name, by it.
        sessions: of the same messages.
        names: what to call each message, by id: its name, or where it stands.
    """

    service: Service
    workspace_id: str
    story: Story
    reasoning: Reasoning
    ids: Mapping[str, str]
    sessions: Mapping[str, str]
    names: Mapping[str, str]


async def tell(service: Service, workspace_id: str, story: Story) -> Told:
    """Tell a story; after each scene all work that is due is done."""
    ids: dict[str, str] = {}
    sessions: dict[str, str] = {}
    names: dict[str, str] = {}
    await peers.get_or_create(
        service.database, workspace_id, ASSISTANT, metadata=None, configuration={"observe_me": False}
    )
    for scene in story.scenes:
        spoken: list[Said] = []
        for step in (*scene.steps, None):
            if isinstance(step, Said):
                spoken.append(step)
                continue
            for said, message_id in zip(
                spoken, await _append(service, workspace_id, scene.session, spoken), strict=True
            ):
                names[message_id] = said.name or f"{scene.session} {said.at:%Y-%m-%d %H:%M}"
                if said.name:
                    ids[said.name], sessions[said.name] = message_id, scene.session
            spoken.clear()
            if step is not None:
                await _come(service, workspace_id, scene.session, step)
        # No message is searched for, so none needs a vector.
        await drain(service, workspace_id, skip={"embedding"})
    reasoning: Reasoning = "rules" if service.reasoner.model == "rules" else "model"
    return Told(
        service=service,
        workspace_id=workspace_id,
        story=story,
        reasoning=reasoning,
        ids=ids,
        sessions=sessions,
        names=names,
    )


async def _append(service: Service, workspace_id: str, session_id: str, spoken: list[Said]) -> list[str]:
    if not spoken:
        return []
    new = [
        NewMessage(
            peer_id=said.peer, content=said.text, token_count=len(said.text.split()), metadata={}, created_at=said.at
        )
        for said in spoken
    ]
    appended = await messages.append(
        service.database, workspace_id=workspace_id, session_id=session_id, messages=new, deployment=_AT_ONCE
    )
    return [message.id for message in appended.messages]


async def _come(service: Service, workspace_id: str, session_id: str, coming: Coming) -> None:
    if coming.leaving:
        await members.remove(service.database, workspace_id, session_id, coming.peers)
        return
    said = MemberConfiguration(observe_others=True if coming.observing else None)
    await members.add(
        service.database,
        workspace_id,
        session_id,
        dict.fromkeys(coming.peers, said),
        late=coming.peers if coming.late else (),
    )


def gullible(story: Story) -> Script:
    """A model that concludes and infers what the story says, and believes all that it is told besides."""
    spoken: dict[str, Said] = {}
    for said in story.said:
        spoken.setdefault(said.text, said)

    def answer(call: Call) -> Reply:
        if call.form == "derivations":
            return Say({"conclusions": _inferences(story, call)})
        if call.form != "propositions":
            return Say({"summary": "They talked.", "ready": True}) if call.format else Say("They talked.")
        given = material(call)
        ids = {line.text: line.id for line in given.messages}
        claims: list[dict[str, object]] = []
        for line in given.messages:
            said = spoken.get(line.text)
            if line.new and line.author == given.subject and said is not None:
                claims += [_claim(text, line.id, said.text) for text in dict.fromkeys(map(_bare, said.lines))]
                claims += [_lie(lie, line.id, said.text, story, ids) for lie in said.refused]
        return Say({"propositions": claims})

    return answer


def _bare(line: Line) -> Line:
    return Line(
        holders=(), subject=line.subject, text=line.text, slot=line.slot, about=line.about, lasting=line.lasting
    )


def _claim(line: Line, message_id: str, quote: str) -> dict[str, object]:
    slot, value, denied = slot_of(line.slot)
    return {
        "text": line.text, "messages": [message_id], "quote": quote, "about": line.about or None,
        "subject": line.subject, "lasting": line.lasting, "slot": slot, "value": value, "negated": denied,
    }  # fmt: skip


def _lie(lie: Refused, own_id: str, quote: str, story: Story, ids: Mapping[str, str]) -> dict[str, object]:
    cited, words = own_id, quote
    if lie.cites is not None:
        cites = {said.name: said.text for said in story.said if said.name}
        words = cites.get(lie.cites, quote)
        cited = ids[words] if lie.cites in cites else lie.cites
    return {"text": lie.text, "messages": [cited], "quote": words, "about": None, "subject": lie.about}


class _Known(Struct):
    id: str
    new: bool
    text: str


class _Given(Struct):
    subject: str
    known: list[_Known]


def _inferences(story: Story, call: Call) -> list[dict[str, object]]:
    """What the model alone comes to, and what is unfounded, as far as it is shown the premises, one of them new."""
    given = msgspec.json.decode(call.messages[1][1], type=_Given)
    known = {line.text: line for line in given.known}

    def inference(text: str, premises: Sequence[str], slot: str, *, general: bool) -> list[dict[str, object]]:
        texts = [premise.rpartition(" (")[0] or premise for premise in premises]
        if not all(each in known or each == NOTHING for each in texts):
            return []
        if not any(known[each].new for each in texts if each in known):
            return []
        name, value, denied = slot_of(slot)
        cited = [known[each].id if each in known else each for each in texts]
        return [
            {"text": text, "premises": cited, "kind": "generalisation" if general else "deduction",
             "lasting": "lasting", "slot": name, "value": value, "negated": denied}
        ]  # fmt: skip

    found: list[dict[str, object]] = []
    for line in story.concluded:
        if line.only == "model" and line.subject == given.subject:
            found += inference(line.text, line.premises, line.slot, general=line.level == "inductive")
    for lie in story.unfounded:
        found += inference(lie.text, lie.premises, lie.slot, general=lie.general)
    return found
