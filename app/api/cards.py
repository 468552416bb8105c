"""Peer cards."""

from litestar import Controller, get, put
from litestar.params import FromPath, JSONBody
from msgspec import Struct

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


class PeerCardSet(Struct, frozen=True, kw_only=True):
    """The whole card."""

    peer_card: list[Text]


class PeerCardResponse(Struct, frozen=True, kw_only=True):
    """The card; null when there is none."""

    peer_card: list[str] | None = None


class CardController(Controller):
    """Peer cards: a short list of stable facts that a peer keeps about another, or about itself."""

    path = "/workspaces/{workspace_id:str}/peers/{peer_id:str}/card"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/", operation_class=with_query(CardQuery), access=Access.PEER, answers=(404,))
    async def get_card(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], peer_id: FromPath[str]
    ) -> PeerCardResponse:
        """Get the card that a peer keeps about another, or about itself."""
        target = _target(request, peer_id)
        return PeerCardResponse(peer_card=await cards.get(service.database, workspace_id, peer_id, target))

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
        target = _target(request, peer_id)
        kept = await cards.put(service.database, workspace_id, peer_id, target, data.peer_card)
        return PeerCardResponse(peer_card=kept)


def _target(request: HttpRequest, peer_id: str) -> str:
    query = read_query(request, CardQuery)
    target = peer_id if query.target is None else query.target
    check_known_name("peer", peer_id)
    check_known_name("peer", target)
    refuse_reserved(target)
    return target
