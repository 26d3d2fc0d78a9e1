from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.annotations import Annotations
from corpus.errors import AnnotationError, TranscriptParseError
from corpus.library import open_debate, with_aliases
from corpus.speakers import find_speakers
from corpus.testing import TRAPPED, trapped_debate


def save(path: Path, aliases: dict[str, list[str]]) -> None:
    path.write_text(json.dumps({"speaker_aliases": aliases}, ensure_ascii=False), encoding="utf-8")


def test_aliases_of_the_notes_reach_every_look_up() -> None:
    transcript = open_debate().transcript
    assert "Chen Qian" in transcript.speaker_of("t1").aliases
    assert transcript.speaker_of("t1") is transcript.speakers[0]
    assert [s.name for s in find_speakers("What did Chen Qian ask?", transcript.speakers)] == ["陈茜"]


def test_aliases_leave_the_transcript_given_alone() -> None:
    before = trapped_debate()
    assert before.speaker_of("t2").name == "Ann Lee"  # its tables are built now
    after = with_aliases(before, Annotations(speaker_aliases={"Ann Lee": ("安",)}))
    assert "安" in after.speaker_of("t2").aliases and "安" not in before.speaker_of("t2").aliases
    assert after.sentence("t2.1") == before.sentence("t2.1")
    assert with_aliases(before, Annotations()) is before


@pytest.mark.parametrize(
    ("transcript", "notes"),
    [("talk.txt", "talk.annotations.json"), ("transcript.txt", "annotations.json")],
)
def test_notes_are_found_beside_the_file(tmp_path: Path, transcript: str, notes: str) -> None:
    (tmp_path / transcript).write_text(TRAPPED, encoding="utf-8")
    save(tmp_path / notes, {"Ann Lee": ["安"]})
    debate = open_debate(tmp_path / transcript)
    assert "安" in debate.transcript.speaker_of("t2").aliases
    assert debate.source == tmp_path / transcript


def test_another_files_notes_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TRAPPED, encoding="utf-8")
    save(tmp_path / "annotations.json", {"Nobody": ["N"]})
    assert open_debate(tmp_path / "talk.txt").notes == Annotations()


def test_notes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TRAPPED, encoding="utf-8")
    save(tmp_path / "talk.annotations.json", {"Nobody": ["N"]})
    with pytest.raises(AnnotationError, match="Nobody"):
        open_debate(tmp_path / "talk.txt")


def test_a_missing_file_is_a_parse_error(tmp_path: Path) -> None:
    with pytest.raises(TranscriptParseError, match=r"none\.txt"):
        open_debate(tmp_path / "none.txt")
