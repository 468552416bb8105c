"""Peer cards."""

from datetime import datetime

from litestar import Controller, get, put
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Struct, UnsetType

from app.api.access import Access
from app.api.recalling import refuse_reserved
from app.api.service import ServiceDependency
from app.api.wire.fields import Text
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph.names import check_known_name
from graph.store import cards


class CardQuery(Struct, frozen=True, kw_only=True):
    """About whom; the peer itself by default."""

    target: str | None = None


class CardReadQuery(CardQuery, frozen=True, kw_only=True):
    """About whom; `proof` asks for what each line rests on, `as_of` for the card of that time."""

    proof: bool = False
    as_of: datetime | None = None


class PeerCardSet(Struct, frozen=True, kw_only=True):
    """The whole card."""

    peer_card: list[Text]


class CardLine(Struct, frozen=True, kw_only=True):
    """A line, and the conclusions that say it, or were held then and said it; none under a line that a caller set."""

    line: str
    conclusion_ids: list[str]


class PeerCardResponse(Struct, frozen=True, kw_only=True):
    """The card; null when there is none. `proof` is there when it was asked for: the lines again, in their order."""

    peer_card: list[str] | None = None
    proof: list[CardLine] | UnsetType = UNSET


class CardController(Controller):
    """Peer cards: a short list of stable facts that a peer keeps about another, or about itself."""

    path = "/workspaces/{workspace_id:str}/peers/{peer_id:str}/card"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/", operation_class=with_query(CardReadQuery), access=Access.PEER, answers=(404,))
    async def get_card(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], peer_id: FromPath[str]
    ) -> PeerCardResponse:
        """Get the card that a peer keeps about another, or about itself.

        With `proof`, each line comes with the ids of the living conclusions that say it. With `as_of`, it is the card
        of that time, and its proof what was held then.
        """
        query = read_query(request, CardReadQuery)
        target = _target(peer_id, query)
        lines = await cards.proven(service.database, workspace_id, peer_id, target, as_of=query.as_of)
        proof = [CardLine(line=line.text, conclusion_ids=list(line.conclusion_ids)) for line in lines or ()]
        return PeerCardResponse(
            peer_card=None if lines is None else [line.text for line in lines], proof=proof if query.proof else UNSET
        )

    @put("/", operation_class=with_query(CardQuery), access=Access.PEER)
    async def set_card(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        peer_id: FromPath[str],
        data: JSONBody[PeerCardSet],
    ) -> PeerCardResponse:
        """Replace the card that a peer keeps about another, or about itself. Both peers are created where missing."""
        target = _target(peer_id, read_query(request, CardQuery))
        kept = await cards.put(service.database, workspace_id, peer_id, target, data.peer_card)
        return PeerCardResponse(peer_card=kept)


def _target(peer_id: str, query: CardQuery) -> str:
    target = peer_id if query.target is None else query.target
    check_known_name("peer", peer_id)
    check_known_name("peer", target)
    refuse_reserved(target)
    return target
