"""What the command line shows of a chat that was reasoned over: `first` (Lisbon, nurse) and `second` (piano)."""

from tests.clients.cli.terminal import Steps, Terminal

STEPS = Steps()
QUESTION = "Where does Ana live now?"


@STEPS.covers("workspace queue-status", "workspace inspect", "workspace search")
def a_workspace(cli: Terminal) -> None:
    status = cli.run("workspace", "queue-status")
    assert (status["pending_work_units"], status["total_work_units"], status["completed_work_units"]) == (0, 3, 3)
    assert cli.run("workspace", "queue-status", "--sender", "nobody")["total_work_units"] == 0
    assert cli.run("workspace", "queue-status", "-s", "second", "--observer", "bot")["total_work_units"] == 1
    seen = cli.run("workspace", "inspect")
    assert (seen["workspace_id"], seen["peer_count"], seen["session_count"]) == (cli.workspace, 2, 2)
    assert {peer["id"] for peer in seen["peers"]} == {"ana", "bot"}
    assert [(each["id"], each["is_active"]) for each in seen["sessions"]] == [("first", True), ("second", True)]
    found = cli.run("workspace", "search", "piano", "--limit", "1")
    assert [(each["session_id"], each["content"]) for each in found] == [("second", "I play the piano.")]


@STEPS.covers("peer list", "peer inspect", "peer search", "peer representation", "peer card")
def a_peer(cli: Terminal) -> None:
    assert {peer["id"] for peer in cli.run("peer", "list")} == {"ana", "bot"}
    seen = cli.run("peer", "inspect", "ana")
    assert (seen["id"], seen["session_count"], seen["conclusion_count"]) == ("ana", 2, 3)
    assert "IDENTITY: ana works as a nurse." in seen["card"]
    assert any("Lisbon" in each["content"] for each in seen["recent_conclusions"])
    assert [each["id"] for each in seen["sessions"]] == ["first", "second"]
    assert "Lisbon" in cli.run("peer", "search", "Lisbon", "-p", "ana", "--limit", "1")[0]["content"]
    of_bot = cli.run("peer", "representation", "bot", "--target", "ana", "--search-query", "job")["representation"]
    assert "nurse" in of_bot
    assert "piano" not in cli.run("peer", "representation", "ana", "-s", "first")["representation"]
    card = cli.run("peer", "card", "bot", "--target", "ana")
    assert (card["peer_id"], card["target"]) == ("bot", "ana")
    assert "IDENTITY: ana works as a nurse." in card["card"]


@STEPS.covers("peer chat", "workspace chat")
def a_chat(cli: Terminal) -> None:
    answer = cli.run("peer", "chat", QUESTION, "-p", "bot", "--target", "ana", "-s", "first", "-r", "low")
    assert (answer["peer_id"], "Lisbon" in answer["response"]) == ("bot", True)
    bound = cli.run("peer", "chat", QUESTION, "-p", "ana", "--sessions", "second")
    assert "Lisbon" not in (bound["response"] or "")
    why = cli.run("peer", "chat", QUESTION, "-p", "ana", "--evidence")
    assert "Lisbon" in why["response"]
    assert any("Lisbon" in each["content"] for each in why["evidence"]["conclusions"]) or why["evidence"]["messages"]
    whole = cli.run("workspace", "chat", QUESTION, "--evidence")
    assert (whole["workspace_id"], "Lisbon" in whole["response"]) == (cli.workspace, True)
    assert cli.fail("peer", "chat", QUESTION, "-p", "ana", "--target", "nobody") == (1, "NOT_FOUND")


@STEPS.covers("session list", "session inspect", "session peers", "session search", "session representation")
def a_session(cli: Terminal) -> None:
    assert [each["id"] for each in cli.run("session", "list")] == ["first", "second"]
    assert [each["id"] for each in cli.run("session", "list", "-p", "ana")] == ["first", "second"]
    seen = cli.run("session", "inspect", "first")
    assert (seen["message_count"], {peer["id"] for peer in seen["peers"]}) == (3, {"ana", "bot"})
    assert {peer["id"] for peer in cli.run("session", "peers", "-s", "first")} == {"ana", "bot"}
    assert "Lisbon" in cli.run("session", "search", "Lisbon", "first")[0]["content"]
    text = cli.run("session", "representation", "bot", "first", "--target", "ana", "--max-conclusions", "10")
    assert ("nurse" in text["representation"], "piano" in text["representation"]) == (True, False)


@STEPS.covers("session view", "session context", "session summaries", "message list", "message get")
def a_transcript(cli: Terminal) -> None:
    lines = ["I moved to Lisbon last week.", "How do you like it?", "I work as a nurse."]
    assert [each["content"] for each in cli.run("session", "view", "first")] == lines
    assert [each["content"] for each in cli.run("session", "view", "first", "--all", "--reverse")] == lines[::-1]
    page = cli.run("session", "view", "first", "--page", "2", "--size", "2")
    assert [each["content"] for each in page] == lines[2:]
    assert [each["peer_id"] for each in cli.run("session", "view", "first", "-p", "bot")] == ["bot"]
    context = cli.run("session", "context", "first", "--tokens", "1000")
    assert [each["content"] for each in context["messages"]] == lines
    assert (context["session_id"], context["summary"]) == ("first", None)
    summaries = cli.run("session", "summaries", "first")
    assert summaries == {"session_id": "first", "short_summary": None, "long_summary": None}

    newest = cli.run("message", "list", "first", "--last", "2")
    assert [each["content"] for each in newest] == lines[1:]
    assert "content" not in cli.run("message", "list", "first", "--brief")[0]
    one = cli.run("message", "get", newest[0]["id"], "-s", "first")
    assert (one["content"], one["peer_id"]) == (newest[0]["content"], newest[0]["peer_id"])
    assert cli.fail("message", "get", "no-such-message", "-s", "first") == (1, "MESSAGE_NOT_FOUND")


@STEPS.covers("conclusion list", "conclusion search", "conclusion get", "conclusion derived")
def conclusions(cli: Terminal) -> None:
    pair = ("--observer", "bot", "--observed", "ana")
    held = cli.run("conclusion", "list", *pair, "--level", "explicit")
    assert len(held) == 3
    assert {(each["level"], each["times_derived"]) for each in held} == {("explicit", 1)}
    nearest = cli.run(
        "conclusion", "search", "Where does she live?", "--observer", "bot", "--observed", "ana", "--top-k", "1"
    )
    assert "Lisbon" in nearest[0]["content"]
    assert cli.run("conclusion", "get", nearest[0]["id"])[0]["content"] == nearest[0]["content"]
    assert cli.run("conclusion", "derived", nearest[0]["id"]) == []
    assert cli.run("conclusion", "list", "-p", "bot", "--derived-from", nearest[0]["id"]) == []
