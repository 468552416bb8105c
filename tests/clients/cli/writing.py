"""What the command line makes and removes; each scenario in a workspace of its own."""

from tests.clients.cli.terminal import Steps, Terminal

STEPS = Steps()


@STEPS.covers("init", "doctor", "config", "help")
def itself(cli: Terminal) -> None:
    made = cli.run("init", "--api-key", "any-key-will-do", "--base-url", cli.url)
    assert made == {"apiKey": "***l-do", "baseUrl": cli.url}
    checks = cli.run("doctor", HONCHO_PEER_ID="ana")
    assert checks["passed"] == checks["total"] == 6, checks
    assert cli.run("config")["base_url"] == cli.url
    told = cli.shown("help")
    assert all(group in told for group in ("workspace", "peer", "session", "scope", "message", "conclusion"))
    assert cli.fail("init", "--api-key", "k", "--base-url", "http://127.0.0.1:1") == (1, "CONNECTION_FAILED")


@STEPS.covers("workspace create", "workspace list", "workspace delete", "session create")
def a_workspace_comes_and_goes(cli: Terminal) -> None:
    made = cli.run("workspace", "create", cli.workspace, "--metadata", '{"plan": "free"}')
    assert made == {"workspace_id": cli.workspace, "metadata": {"plan": "free"}}
    assert {"id": cli.workspace} in cli.run("workspace", "list")
    session = cli.run("session", "create", "s", "--peers", "ana,bot", "--metadata", '{"n": 1}')
    assert session == {"session_id": "s", "metadata": {"n": 1}, "peers": ["ana", "bot"]}
    planned = cli.run("workspace", "delete", cli.workspace, "--dry-run")
    assert planned["session_ids"] == ["s"]
    assert cli.fail("workspace", "delete", cli.workspace, "-y") == (1, "API_ERROR")
    gone = cli.run("workspace", "delete", cli.workspace, "-y", "--cascade")
    assert gone == {"deleted_workspace": cli.workspace, "status": "accepted", "deleted_sessions": ["s"]}


@STEPS.covers("peer create", "peer get-metadata", "peer set-metadata")
def a_peer(cli: Terminal) -> None:
    made = cli.run("peer", "create", "ana", "--no-observe-me", "--metadata", '{"role": "nurse"}')
    assert made == {"peer_id": "ana", "metadata": {"role": "nurse"}, "configuration": {"observe_me": False}}
    assert cli.run("peer", "set-metadata", '{"role": "doctor"}', "-p", "ana")["metadata"] == {"role": "doctor"}
    assert cli.run("peer", "get-metadata", "ana") == {"peer_id": "ana", "metadata": {"role": "doctor"}}


@STEPS.covers(
    "session create",
    "session add-peers",
    "session remove-peers",
    "session peers",
    "session get-metadata",
    "session set-metadata",
    "session delete",
    "session list",
)
def a_session(cli: Terminal) -> None:
    assert cli.run("session", "create", "s") == {"session_id": "s"}
    assert cli.run("session", "add-peers", "s", "ana", "bot")["added_peers"] == ["ana", "bot"]
    assert cli.run("session", "remove-peers", "s", "ana")["removed_peers"] == ["ana"]
    assert cli.run("session", "peers", "s") == [{"id": "bot"}]
    cli.run("session", "set-metadata", "s", "--data", '{"topic": "moving"}')
    assert cli.run("session", "get-metadata", "s") == {"session_id": "s", "metadata": {"topic": "moving"}}
    assert cli.run("session", "delete", "s", "-y") == {"deleted": "s"}
    assert cli.run("session", "list") == []


@STEPS.covers(
    "message create", "message list", "conclusion create", "conclusion delete", "conclusion list", "peer create"
)
def messages_and_conclusions(cli: Terminal) -> None:
    said = cli.run("message", "create", "Good morning!", "-p", "ana", "-s", "s", "--metadata", '{"n": 1}')
    assert (said["peer_id"], said["content"]) == ("ana", "Good morning!")
    (kept,) = cli.run("message", "list", "s")
    assert (kept["id"], kept["metadata"], kept["token_count"]) == (said["id"], {"n": 1}, said["token_count"])
    cli.run("peer", "create", "bot")
    pair = ("--observer", "bot", "--observed", "ana")
    made = cli.run("conclusion", "create", "Ana gets up early", *pair, "-s", "s")
    assert (made["observer_id"], made["observed_id"], made["session_id"]) == ("bot", "ana", "s")
    assert [each["id"] for each in cli.run("conclusion", "list", *pair)] == [made["id"]]
    assert cli.run("conclusion", "delete", made["id"], *pair, "-y") == {"deleted": made["id"]}
    assert cli.fail("conclusion", "delete", made["id"], *pair, "-y") == (1, "CONCLUSION_NOT_FOUND")


@STEPS.covers(
    "session create",
    "scope create",
    "scope list",
    "scope inspect",
    "scope sessions",
    "scope add-sessions",
    "scope remove-session",
    "scope status",
    "message create",
    "peer chat",
)
def a_scope(cli: Terminal) -> None:
    for name in ("one", "two"):
        cli.run("session", "create", name)
    made = cli.run("scope", "create", "home", "--sessions", "one", "--metadata", '{"colour": "blue"}')
    assert (made["id"], made["metadata"], made["added_sessions"]) == ("home", {"colour": "blue"}, ["one"])
    assert [each["id"] for each in cli.run("scope", "list")] == ["home"]
    assert cli.run("scope", "add-sessions", "home", "two")["added_sessions"] == ["two"]
    assert [each["id"] for each in cli.run("scope", "sessions", "home")] == ["one", "two"]
    assert cli.run("scope", "remove-session", "home", "two")["removed_session"] == "two"
    seen = cli.run("scope", "inspect", "home")
    assert (seen["session_count"], seen["sessions"]) == (1, ["one"])
    assert cli.run("scope", "status", "home")["summary"]["failed"] == 0
    assert cli.fail("scope", "inspect", "wrok") == (1, "SCOPE_NOT_FOUND")
    cli.run("message", "create", "I live in Faro.", "-p", "ana", "-s", "one")
    cli.settled(1)
    assert "Faro" in cli.run("peer", "chat", "Where does Ana live?", "-p", "ana", "--scope", "home")["response"]
