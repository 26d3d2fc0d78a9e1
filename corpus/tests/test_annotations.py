from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.annotations import Annotations, SentenceNote, check_annotations, load_annotations
from corpus.errors import AnnotationError
from corpus.library import open_debate
from corpus.testing import trapped_debate

TRAPPED = trapped_debate()


def sound() -> dict[str, Any]:
    """Notes on the eight turns that contradict nothing."""
    return {
        "transcript_sha256": TRAPPED.sha256,
        "speaker_aliases": {"周岚": ["Zhou Lan"]},
        "topics": [{"id": "bubble", "zh": "泡沫", "en": "Bubble"}],
        "sentences": {
            "t2.1": {"gloss": "I think this is no bubble.", "topics": ["bubble"]},
            "t8.1": {"mode": "relays", "originator": "Bob Ray"},
        },
        "questions": [{"text": "Is it a bubble?", "language": "en", "sentences": ["t2.1", "t7.1"]}],
        "stances": [
            {
                "speaker": "Ann Lee",
                "topic": "bubble",
                "stance": "opposes",
                "summary_zh": "不是",
                "summary_en": "No.",
                "sentences": ["t2.1"],
            }
        ],
        "figures": [
            {
                "sentence": "t1.1",
                "text": "1.4万亿美元",
                "what_zh": "市值",
                "what_en": "cap",
                "low": 1,
                "high": 2,
                "unit": "USD",
            }
        ],
    }


def test_sound_notes_pass_and_answer() -> None:
    notes = Annotations.model_validate(sound())
    check_annotations(notes, TRAPPED)
    assert notes.note("t8.1").originator == "Bob Ray"
    assert notes.note("t3.1") == SentenceNote()
    stance = notes.stance("Ann Lee", "bubble")
    assert stance is not None and stance.stance == "opposes"
    assert notes.stance("Bob Ray", "bubble") is None


def test_no_notes_are_notes_too() -> None:
    check_annotations(Annotations(), TRAPPED)
    assert Annotations().note("t1.1").gloss == ""


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("transcript_sha256",), "0" * 64, "another version"),
        (("sentences", "t9.9"), {}, r"'t9\.9'"),
        (("questions", 0, "sentences"), ["t0.1"], r"'t0\.1'"),
        (("stances", 0, "sentences"), ["t77.1"], r"'t77\.1'"),
        (("figures", 0, "sentence"), "e1", "'e1'"),
        (("sentences", "t2.1", "topics"), ["gdp"], "undeclared topic 'gdp'"),
        (("sentences", "t8.1", "originator"), None, "does not say whom"),
        (("sentences", "t8.1", "originator"), "", "does not say whom"),
        (("stances", 0, "speaker"), "Ann", "'Ann'"),
        (("stances", 0, "topic"), "gdp", "'gdp'"),
        (("stances", 0, "sentences"), ["t7.1"], "somebody else said"),
        (("figures", 0, "text"), "1.5万亿美元", "does not stand in sentence t1.1"),
        (("figures", 0, "text"), "", "does not stand in sentence t1.1"),
        (("speaker_aliases", "Zoe"), ["Z"], "'Zoe'"),
    ],
)
def test_each_contradiction_is_raised(path: tuple[str | int, ...], value: object, says: str) -> None:
    data = sound()
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(AnnotationError, match=says):
        check_annotations(Annotations.model_validate(data), TRAPPED)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not an annotation file"),
        (b"[]", "not an annotation file"),
        (b"{", "not an annotation file"),
        (b"\xff\xfe{}", "not an annotation file"),
        (b"[" * 100_000, "not an annotation file"),
        (b'{"glosses": {}}', "at glosses"),
        (b'{"sentences": {"t1.1": {"mode": "lies"}}}', r"at sentences\.t1\.1\.mode"),
    ],
)
def test_a_file_that_is_no_annotations(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "notes.json"
    path.write_bytes(content)
    with pytest.raises(AnnotationError, match=says):
        load_annotations(path, TRAPPED)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="No such file"):
        load_annotations(tmp_path / "none.json", TRAPPED)


def test_notes_survive_their_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_text(json.dumps(sound(), ensure_ascii=False), encoding="utf-8")
    assert load_annotations(path, TRAPPED) == Annotations.model_validate(sound())


def test_notes_on_the_debate_that_ships_gloss_every_sentence() -> None:
    debate = open_debate()
    assert debate.notes.transcript_sha256 == debate.transcript.sha256
    assert all(debate.notes.note(s.id).gloss for s in debate.transcript.sentences)
    for question in debate.notes.questions:
        assert question.text.strip() and question.sentences
    for figure in debate.notes.figures:
        assert figure.low is None or figure.high is None or figure.low <= figure.high
