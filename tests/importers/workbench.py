"""What the tests of imports share: a workspace of their own on the real service, and lines to import."""

import json
import secrets
from pathlib import Path
from typing import TypeAlias

import httpx
from click.testing import CliRunner, Result
from rich.console import Console

from app.cli.imports import import_command
from app.importers.importing import Imported, Request, import_file
from app.importers.progress import Report
from app.importers.service import Message, Service

Line: TypeAlias = dict[str, object]


class Live:
    """The service under test, and a workspace that nothing else uses."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.workspace = f"import-{secrets.token_hex(6)}"
        self.http = httpx.Client(base_url=f"{url}/v3/workspaces/{self.workspace}", trust_env=False)

    def write(self, *lines: Line | str, name: str = "chat.jsonl") -> Path:
        path = self.folder / name
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
        return path

    def load(self, path: Path, url: str | None = None, observe: bool = True) -> Imported:
        with Service(url or self.url, pause=lambda _: None) as service:
            return import_file(
                Request(path=path, workspace=self.workspace, observe=observe), service, Report(Console(quiet=True))
            )

    def command(self, path: Path, *options: str) -> Result:
        arguments = [str(path), "--url", self.url, "--workspace", self.workspace, "--no-wait", *options]
        return CliRunner().invoke(import_command, arguments)

    def messages(self, session: str) -> list[Message]:
        with Service(self.url) as service:
            return list(service.messages(self.workspace, session))

    def member(self, session: str, peer: str) -> object:
        return self.http.get(f"/sessions/{session}/peers/{peer}/config").json()

    def sessions(self) -> list[str]:
        with Service(self.url) as service:
            return [each.id for each in service.sessions(self.workspace)]


def said(content: str, session: str = "s", peer: str = "ana", **more: object) -> Line:
    return {"session": session, "peer": peer, "content": content, **more}


def contents(messages: list[Message]) -> list[str]:
    return [each.content for each in messages]
