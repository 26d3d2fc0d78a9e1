"""`debate import`, `debate doctor FILE` and the line of doubt that `debate ask --transcript` says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from corpus.library import open_debate
from corpus.store import Store
from ui.cli.command import main

PANEL = "Ann Lee: Is the roof safe?\n\nBob Ray: The roof can wait until May.\n\nAnn Lee: Rain does not wait.\n"
DOUBTFUL = PANEL + "\nBob Ray: Thank you, Bob. The roof holds.\n"


@pytest.fixture
def panel(tmp_path: Path, home: Path) -> Path:
    path = tmp_path / "panel.txt"
    path.write_text(PANEL, encoding="utf-8")
    return path


@pytest.fixture
def doubtful(tmp_path: Path, home: Path) -> Path:
    path = tmp_path / "doubtful.txt"
    path.write_text(DOUBTFUL, encoding="utf-8")
    return path


def test_json_is_one_object_a_file_of_the_promised_shape(
    panel: Path, doubtful: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(panel), str(doubtful), "--json", "--dry-run"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert {"file", "form", "title", "date", "language", "speakers", "turns", "attributed", "doubts"} <= first.keys()
    assert first["file"] == str(panel) and first["language"] == "en" and first["turns"] == 3
    assert [s["name"] for s in first["speakers"]] == ["Ann Lee", "Bob Ray"]
    assert first["speakers"][0].keys() == {"name", "role", "host", "turns", "share"}
    assert first["attributed"] == 1.0 and first["doubts"] == []
    assert [d["line"] for d in second["doubts"]] == [7] and "thanks" in second["doubts"][0]["why"]


def test_dry_run_keeps_nothing_and_import_keeps_the_debate_with_its_vectors(
    panel: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(panel), "--dry-run"]) == 0
    assert not (home / "debate.sqlite3").exists()
    assert main(["import", str(panel)]) == 0
    assert "3 turns, 100.0% of the words attributed" in capsys.readouterr().out
    with Store.open(home, write=False) as store:
        kept = store.transcript(hashlib.sha256(panel.read_bytes()).hexdigest())
        assert kept == open_debate(panel).read
        assert int(store._rows("SELECT count(*) FROM vectors")[0][0]) > 0


def test_file_that_cannot_be_read_is_named_and_the_others_are_kept(
    panel: Path, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "scan.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert main(["import", str(picture), str(panel)]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1 and "scan.png" in printed.err and "picture" in printed.err
    assert "Bob Ray" in printed.out
    with Store.open(home, write=False) as store:
        assert len(store._rows("SELECT 1 FROM transcripts")) == 1


def test_asking_a_doubtful_file_says_so_in_one_line(doubtful: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--transcript", str(doubtful), "What did Bob say about the roof?"]) == 0
    said = capsys.readouterr().err.splitlines()
    assert "labelled text" in said[0] and "line 7" in said[0]


def test_asking_a_sound_file_says_nothing_of_doubts(panel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--transcript", str(panel), "What did Bob say about the roof?"]) == 0
    assert "Read as" not in capsys.readouterr().err


def test_doctor_prints_the_whole_report_of_a_file(doubtful: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(doubtful)]) == 0
    out = capsys.readouterr().out
    assert "labelled text: colon" in out and "? line 7:" in out
    assert main(["doctor", str(doubtful), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["turns"] == 4


def test_two_transcripts_are_asked_together_and_refused_where_one_is_meant(
    panel: Path, doubtful: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ["--transcript", str(panel), "--transcript", str(doubtful)]
    assert main(["ask", *both, "--json", "What did Bob Ray say about the roof?"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {p["debate"]["title"] for p in answer["parts"]} <= {"panel", "doubtful"} and len(answer["scope"]) == 2
    assert {q["speaker"] for p in answer["parts"] for q in p["answer"]["quotes"]} == {"Bob Ray"}
    assert main(["list"]) == 0  # what was only asked is not kept in the library
    assert "empty" in capsys.readouterr().out
    assert main(["show", *both, "t1"]) == 2
    assert "takes one file" in capsys.readouterr().err
