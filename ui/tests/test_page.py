"""The application without a browser: the door for gradio's own client, downloads, feedback, evaluations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from corpus.errors import UnknownThreadError
from corpus.library import Debate
from ui.tests.conftest import save_run
from ui.web.conversation import Conversations
from ui.web.evaluations import report_page, saved_runs
from ui.web.feedback import FeedbackError, cases, give


@pytest.fixture
def assistant(filled_home: Path) -> Iterator[Assistant]:
    with Assistant.open(light=True) as opened:
        yield opened


def last(talks: Conversations, words: str, **more: Any) -> Any:
    return list(talks.ask(words, more.pop("thread", ""), more.pop("speakers", ()), more.pop("owner", "a"), **more))[-1]


def test_a_conversation_is_its_owner_s_alone(assistant: Assistant) -> None:
    talks = Conversations(assistant)
    view = last(talks, "Rob 怎么看 GPU 折旧?")
    assert view.done and view.thread and [m["role"] for m in view.messages] == ["user", "assistant"]
    assert talks.messages(view.thread, "a") == view.messages
    with pytest.raises(UnknownThreadError):
        talks.messages(view.thread, "b")
    refused = last(talks, "那 Ethan 呢?", thread=view.thread, owner="b")
    assert refused.thread == "" and "Rob" not in "".join(m["content"] for m in refused.messages)


def test_asking_an_earlier_question_again_hides_no_answer(assistant: Assistant) -> None:
    talks = Conversations(assistant)
    first = last(talks, "Rob 怎么看 GPU 折旧?")
    last(talks, "那 Ethan 呢?", thread=first.thread)
    last(talks, "Bruce 怎么看页岩油?", thread=first.thread)
    view = last(talks, "那 Ethan 呢?", thread=first.thread, instead_of=2)
    assert len(view.messages) == 8 and "Ethan" in view.messages[6]["content"]  # said in full: it followed Rob there


def test_asking_the_last_question_again_replaces_it(assistant: Assistant) -> None:
    talks = Conversations(assistant)
    first = last(talks, "Rob 怎么看 GPU 折旧?")
    last(talks, "那 Ethan 呢?", thread=first.thread)
    view = last(talks, "Bruce 怎么看页岩油?", thread=first.thread, instead_of=2)
    assert len(view.messages) == 4 and "页岩油" in view.messages[2]["content"]


def test_only_the_last_answer_offers_what_to_ask_next(assistant: Assistant) -> None:
    talks = Conversations(assistant)
    view = last(talks, "Rob 怎么看 GPU 折旧?")
    view = last(talks, "那 Ethan 呢?", thread=view.thread)
    assert ['class="next"' in m["content"] for m in view.messages if m["role"] == "assistant"] == [False, True]


def test_trouble_keeps_the_question(assistant: Assistant) -> None:
    talks = Conversations(assistant)
    view = last(talks, "   ")
    assert view.done and 'class="trouble"' in view.messages[-1]["content"]
    assert last(talks, "x" * 5000).messages[-1]["content"].count('data-do="retry"') == 1


def test_feedback_is_kept_replaced_and_exported(assistant: Assistant) -> None:
    talks = Conversations(assistant)
    view = last(talks, "Rob 怎么看 GPU 折旧?")
    quote = assistant.thread(view.thread, owner="a")[0].quotes[0]
    ids = " ".join(quote.sentence_ids)
    give(assistant, "a", view.thread, 1, "wrong_quote", ids)
    give(assistant, "a", view.thread, 1, "right_quote", ids)
    assert [f.verdict for f in assistant.store.feedback("a")] == ["right_quote"]
    assert assistant.store.feedback("b") == []
    case = json.loads(cases(assistant, assistant.store.feedback()))
    assert case["gold"] == [{"any": [{"speaker": quote.speaker, "quote": quote.text}]}]
    with pytest.raises(UnknownThreadError):
        give(assistant, "b", view.thread, 1, "right_quote", ids)
    for wrong in (("nice", ids), ("right_quote", "t1.1 t1.2 t1.3")):
        with pytest.raises(FeedbackError):
            give(assistant, "a", view.thread, 1, *wrong)


def test_saved_runs_are_listed_and_nothing_else_is_read(tmp_path: Path) -> None:
    save_run(tmp_path / "runs")
    (tmp_path / "runs" / "broken" / "x").mkdir(parents=True)
    (tmp_path / "runs" / "broken" / "x" / "report.json").write_text("[" * 100_000)
    (tmp_path / "secret.html").write_text("secret")
    (run,) = saved_runs(tmp_path / "runs")
    assert run.system == "ours" and run.measures["success"][0] == 0.9 and run.page
    assert report_page(tmp_path / "runs", "ours", "abc1234") is not None
    for system, revision in (("..", "secret"), ("ours", ".."), ("ours/..", "x"), ("ours", "none")):
        assert report_page(tmp_path / "runs", system, revision) is None
    assert saved_runs(tmp_path / "none") == [] == saved_runs(None)


def test_the_page_s_events_are_no_public_interface(assistant: Assistant, debate: Debate) -> None:
    from fastapi.testclient import TestClient

    from ui.web.page import create_app

    with TestClient(create_app(assistant), base_url="http://127.0.0.1") as client:
        named = client.get("/gradio_api/info").json()["named_endpoints"]
        assert set(named) == {"/ask"}
        page = client.get("/")
        assert page.status_code == 200 and "nonce-" in page.headers["content-security-policy"]
        assert "https://" not in page.text.split("window.gradio_config")[0]
        for path in ("/web/../app.py", "/web/nothing.css", "/export/nothing", "/web/reports/x/y"):
            assert client.get(path).status_code == 404
        assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.slow
def test_gradio_s_own_client_can_ask(tmp_path: Path, _filled: Path, debate: Debate) -> None:
    import shutil

    from gradio_client import Client

    from ui.tests.page import Server

    shutil.copytree(_filled, tmp_path / "data")
    server = Server(tmp_path)
    server.start()
    try:
        client = Client(server.address, verbose=False)
        answer = client.predict("Rob 怎么看 GPU 折旧?", "", [], api_name="/ask")
        quote = answer["quotes"][0]
        assert debate.transcript.raw[quote["start"] : quote["end"]] == quote["text"]
    finally:
        server.stop()
