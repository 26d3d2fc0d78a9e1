"""A chat model's notes on somebody else's transcript: what does not hold is dropped, what was stopped goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.models.annotator import annotate
from assistant.models.chat import ChatModel, open_model
from assistant.models.trouble import ModelOutputError
from assistant.testing import CANARY, Reply, Request, Script, ScriptedEndpoint
from assistant.tests.conftest import KEY
from corpus.annotations import load_annotations
from corpus.errors import AnnotationError
from corpus.library import open_debate
from corpus.parse import load_transcript
from corpus.testing import TRAPPED


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    path = tmp_path / "panel.txt"
    path.write_text(TRAPPED, encoding="utf-8")
    return path


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedEndpoint], ChatModel]:
    def opened(endpoint: ScriptedEndpoint) -> ChatModel:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        for name, value in endpoint.environment(DEBATE_MODEL_PRICE="1,1").items():
            monkeypatch.setenv(name, value)
        chat = open_model()
        assert chat is not None
        return chat

    return opened


def notes(request: Request, lies: bool = False) -> dict[str, Any]:
    """What a model would note: sound, or with one lie of each kind."""
    if "Name its subjects" in request.text:
        topics = [
            {"id": "bubble", "zh": "泡沫", "en": "Bubble", "proposition_zh": "是泡沫", "proposition_en": "A bubble."}
        ]
        return {"topics": topics + [{"id": "BAD ID", "zh": "x", "en": "x"}] * lies}
    ids = [identifier for identifier, _ in request.sentences]
    if "takes a position" in request.text:
        sound: dict[str, Any] = {
            "topic": "bubble",
            "stance": "opposes",
            "summary_zh": "不认为。",
            "summary_en": "Holds it is none.",
        }
        stances: list[dict[str, Any]] = [sound | {"sentences": ids[:1]}]
        if lies:
            stances = [
                sound | {"sentences": ["t1.1"]},
                sound | {"sentences": ids[:1], "summary_en": f"Says “{CANARY}”."},
                sound | {"sentences": ids[:1], "topic": "unknown"},
            ]
        return {"stances": stances}
    sentences: list[dict[str, Any]] = [
        {"id": i, "gloss": "This is said.", "mode": "own", "topics": ["bubble"]} for i in ids
    ]
    figures, questions = (
        [],
        [{"text": "Is it a bubble?", "sentences": ids[:1]}, {"text": "是泡沫吗?", "sentences": ids[:1]}],
    )
    if "t1.1" in ids:
        figures.append({"sentence": "t1.1", "text": "1.4万亿美元", "what_zh": "市值", "what_en": "cap",
                        "low": 1.4e12, "high": 1.4e12, "unit": "USD"})  # fmt: skip
    if lies:
        sentences[0] |= {"gloss": "It rose by 97%.", "mode": "relays", "originator": "Nobody Known", "topics": ["x"]}
        sentences.append({"id": "t99.9", "gloss": "Not there."})
        figures += [figures[0] | {"text": "2万亿美元"}, figures[0] | {"low": 9e12, "high": 9e12}] if figures else []
        questions.append({"text": "?", "sentences": ids[:1]})
        questions.append({"text": "What else?", "sentences": ["t99.9"]})
    return {"sentences": sentences, "figures": figures, "questions": questions}


def noting(lies: bool = False) -> Script:
    def script(request: Request) -> Reply:
        text = json.dumps(notes(request, lies), ensure_ascii=False)
        return Reply(calls=[("notes", text)]) if request.tools else Reply(text=text)

    return script


def test_notes_are_written_where_the_debate_finds_them(panel: Path, model: Any) -> None:
    with ScriptedEndpoint(noting()) as endpoint:
        steps: list[tuple[int, int]] = []
        report = annotate(panel, model(endpoint), progress=lambda done, total: steps.append((done, total)))
    assert report.path == panel.with_name("panel.annotations.json") and not report.dropped and not report.skipped
    debate = open_debate(panel)
    assert debate.notes.note("t2.1").gloss == "This is said." and debate.notes.note("t2.1").topics == ("bubble",)
    assert set(debate.notes.sentences) == {s.id for s in debate.transcript.sentences}
    assert {q.language for q in debate.notes.questions} == {"zh", "en"}
    assert {s.speaker for s in debate.notes.stances} == {"Ann Lee", "Bob Ray"}
    assert debate.notes.figures[0].low == 1.4e12
    assert steps[0][0] == 0 and steps[-1][0] == steps[-1][1] == len(endpoint.requests)
    assert report.usage is not None and report.usage.calls == len(endpoint.requests) and report.usage.cost_usd
    assert not panel.with_name("panel.annotations.part.json").exists()


def test_what_does_not_hold_is_dropped_item_by_item(panel: Path, model: Any) -> None:
    with ScriptedEndpoint(noting(lies=True)) as endpoint:
        report = annotate(panel, model(endpoint))
    kept = load_annotations(report.path, load_transcript(panel))
    first = kept.note("t1.1")
    assert (first.gloss, first.mode, first.originator, first.topics) == ("", "own", None, ())
    assert [t.id for t in kept.topics] == ["bubble"] and not kept.stances
    assert [f.text for f in kept.figures] == ["1.4万亿美元"] and kept.figures[0].low == 1.4e12
    assert {q.text for q in kept.questions} == {"Is it a bubble?", "是泡沫吗?"}
    assert report.dropped >= 12 and CANARY not in report.path.read_text(encoding="utf-8")


def test_a_run_that_was_stopped_goes_on_where_it_was(panel: Path, model: Any) -> None:
    sound = noting()

    def failing(request: Request) -> Reply:
        return sound(request) if request.number <= 2 else Reply(status=401, body="{}")

    with ScriptedEndpoint(failing) as endpoint, pytest.raises(ModelOutputError, match="refused the key"):
        annotate(panel, model(endpoint))
    assert not panel.with_name("panel.annotations.json").exists()
    with ScriptedEndpoint(sound) as again:
        report = annotate(panel, model(again))
    assert len(again.requests) == len({r.text for r in again.requests})
    assert not any("Name its subjects" in r.text for r in again.requests)  # done before
    assert report.sentences == len(load_transcript(panel).sentences)


def test_a_step_that_comes_to_nothing_is_skipped_and_filled_later(panel: Path, model: Any) -> None:
    sound = noting()

    def stubborn(request: Request) -> Reply:
        return Reply(text="no") if "t2.1" in dict(request.sentences) and "gloss" in request.text else sound(request)

    with ScriptedEndpoint(stubborn) as endpoint:
        assert annotate(panel, model(endpoint)).skipped == 1
    with ScriptedEndpoint(sound) as endpoint:
        report = annotate(panel, model(endpoint))
        assert report.skipped == 0 and len(endpoint.requests) == 1


def test_notes_that_are_there_are_not_overwritten_unasked(panel: Path, model: Any) -> None:
    panel.with_name("panel.annotations.json").write_text("{}", encoding="utf-8")
    with ScriptedEndpoint(noting()) as endpoint:
        with pytest.raises(AnnotationError, match="--force"):
            annotate(panel, model(endpoint))
        assert not endpoint.requests
        assert annotate(panel, model(endpoint), force=True).sentences


def test_a_transcript_that_changed_begins_anew(panel: Path, model: Any) -> None:
    part = panel.with_name("panel.annotations.part.json")
    part.write_text(json.dumps({"sha256": "0" * 64, "steps": ["topics"]}), encoding="utf-8")
    with ScriptedEndpoint(noting()) as endpoint:
        annotate(panel, model(endpoint))
        assert "Name its subjects" in endpoint.requests[0].text


def test_a_model_without_tool_calls_writes_json(panel: Path, model: Any) -> None:
    sound = noting()

    def script(request: Request) -> Reply:
        return Reply(status=400, body="{}") if request.tools else sound(request)

    with ScriptedEndpoint(script) as endpoint:
        report = annotate(panel, model(endpoint))
    assert report.sentences and sum(bool(r.tools) for r in endpoint.requests) == 1
