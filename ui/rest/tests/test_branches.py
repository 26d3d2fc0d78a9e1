"""Edit, retry and delete lose nothing, through REST, the page and the command line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.events import Event
from corpus.errors import StoreError
from ui.web.conversation import Conversations

TOKEN = {"Authorization": "Bearer branches-0123456789"}
FIRST, SECOND, EDITED = "Rob 怎么看 GPU 折旧?", "那 Ethan 呢?", "Bruce 怎么看页岩油?"


def ask(client: TestClient, question: str, **more: object) -> str:
    answered = client.post("/v1/ask", json={"question": question, **more}, headers=TOKEN)
    assert answered.status_code == 200, answered.text
    return str(answered.json()["thread"])


def shown(client: TestClient, thread: str) -> list[str]:
    return [a["question"] for a in client.get(f"/v1/threads/{thread}", headers=TOKEN).json()["answers"]]


def test_editing_keeps_the_old_answer_on_a_branch_of_its_own(client: TestClient) -> None:
    thread = ask(client, FIRST)
    ask(client, SECOND, thread=thread)
    ask(client, EDITED, thread=thread, instead_of=1)
    assert shown(client, thread) == [EDITED]
    kept = client.get(f"/v1/threads/{thread}", headers=TOKEN).json()["messages"]
    assert [(m["number"], m["follows"], m["shown"]) for m in kept] == [(1, 0, False), (2, 1, False), (3, 0, True)]
    back = client.post(f"/v1/threads/{thread}/branch", json={"message": 1}, headers=TOKEN)
    assert back.status_code == 200 and shown(client, thread) == [FIRST, SECOND]
    assert client.post(f"/v1/threads/{thread}/branch", json={"message": 9}, headers=TOKEN).status_code == 404


def test_deleting_can_be_undone_by_its_owner_alone(client: TestClient) -> None:
    thread = ask(client, FIRST)
    assert client.delete(f"/v1/threads/{thread}", headers=TOKEN).status_code == 204
    assert client.get(f"/v1/threads/{thread}", headers=TOKEN).status_code == 404
    listed = client.get("/v1/threads", params={"deleted": True}, headers=TOKEN).json()["threads"]
    assert thread in [t["id"] for t in listed]
    other = {"Authorization": "Bearer somebody-else-0123456789"}
    assert client.post(f"/v1/threads/{thread}/restore", headers=other).status_code == 404
    assert client.post(f"/v1/threads/{thread}/restore", headers=TOKEN).status_code == 200
    assert shown(client, thread) == [FIRST]
    assert client.delete(f"/v1/threads/{thread}", params={"forever": True}, headers=TOKEN).status_code == 204
    assert client.post(f"/v1/threads/{thread}/restore", headers=TOKEN).status_code == 404


@pytest.mark.parametrize("trouble", ["empty", "stopped", "failed", "closed"])
def test_an_edit_on_the_page_that_comes_to_nothing_loses_nothing(
    trouble: str, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = Conversations(assistant)
    thread = [*talks.ask(FIRST, "", [], "page-owner")][-1].thread
    before = talks.messages(thread, "page-owner")
    if trouble == "failed":

        def refuse(*_: object, **__: object) -> Iterator[Event]:
            raise StoreError("the disk is full")
            yield

        monkeypatch.setattr(assistant, "stream", refuse)
    views = talks.ask("" if trouble == "empty" else EDITED, thread, [], "page-owner", instead_of=1)
    if trouble in ("stopped", "closed"):
        next(views)
        views.close()  # type: ignore[attr-defined]
    else:
        assert "trouble" in [*views][-1].messages[-1]["content"]
    assert talks.messages(thread, "page-owner") == before


def test_the_page_shows_the_way_to_the_other_branch(assistant: Assistant) -> None:
    talks = Conversations(assistant)
    thread = [*talks.ask(FIRST, "", [], "page-owner")][-1].thread
    last = [*talks.ask(EDITED, thread, [], "page-owner", instead_of=1)][-1].messages
    assert len(last) == 2 and "2 / 2" in last[1]["content"] and 'data-number="1"' in last[1]["content"]
    assistant.store.show_branch(thread, 1, "page-owner")
    assert "1 / 2" in talks.messages(thread, "page-owner")[1]["content"]


def test_the_command_line_edits_switches_and_restores(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from corpus.store import Store
    from ui.cli.command import main
    from ui.session import OWNER

    home = tmp_path_factory.mktemp("cli")
    monkeypatch.setenv("DEBATE_HOME", str(home))
    with Store.open(home) as store:
        thread = store.add_message(None, FIRST, "{}", owner=OWNER, sha256="0")
        store.add_message(thread, EDITED, "{}", owner=OWNER, sha256="0", after=0)
    assert main(["threads", "branches", thread]) == 0
    assert capsys.readouterr().out.split("\n")[1].startswith("▶   2  first")
    assert main(["threads", "switch", thread, "1"]) == 0
    assert main(["threads", "delete", thread]) == 0 and "restore" in capsys.readouterr().out
    assert main(["threads"]) == 0 and thread not in capsys.readouterr().out
    assert main(["threads", "--deleted"]) == 0 and thread in capsys.readouterr().out
    assert main(["threads", "restore", thread]) == 0
    assert main(["threads", "branches", thread]) == 0
    assert capsys.readouterr().out.startswith("▶   1")
    assert main(["ask", FIRST, "--instead-of", "1"]) == 2 and "--thread" in capsys.readouterr().err
