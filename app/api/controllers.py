"""All controllers, by hand: what is not here is not served."""

from litestar import Controller

from app.api.cards import CardController
from app.api.changes import ChangesController
from app.api.chat import PeerChatController, WorkspaceChatController
from app.api.conclusions import ConclusionController
from app.api.context import PeerContextController, SessionContextController
from app.api.dreams import DreamController
from app.api.keys import KeyController
from app.api.lifetime import LifetimeController
from app.api.members import MemberController
from app.api.messages import MessageController
from app.api.peers import PeerController
from app.api.perspectives import PerspectiveController
from app.api.queue import QueueController
from app.api.representation import RepresentationController
from app.api.retraction import ErasureController, RetractionController
from app.api.revising import RevisionController
from app.api.scopes import ScopeController
from app.api.search import SearchController
from app.api.sessions import SessionController
from app.api.uploads import UploadController
from app.api.usage import UsageController
from app.api.webhooks import WebhookController
from app.api.work_units import WorkUnitController
from app.api.workspaces import WorkspaceController

#: Everything under `/v3`.
CONTROLLERS: tuple[type[Controller], ...] = (
    WorkspaceController,
    PeerController,
    SessionController,
    LifetimeController,
    ScopeController,
    MemberController,
    MessageController,
    RetractionController,
    ErasureController,
    UploadController,
    ConclusionController,
    RevisionController,
    RepresentationController,
    CardController,
    PeerChatController,
    WorkspaceChatController,
    PeerContextController,
    ChangesController,
    PerspectiveController,
    SessionContextController,
    QueueController,
    WorkUnitController,
    UsageController,
    DreamController,
    SearchController,
    WebhookController,
    KeyController,
)
