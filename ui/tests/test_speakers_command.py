"""`debate speakers`: what it lists, and what its options change and keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.library import open_debate
from corpus.store import Store
from ui.cli.command import main

PANEL = """\
Speaker 1: Good evening. Tonight: a tunnel under the harbour, or a second bridge?

Tomas Weil: A tunnel. It costs 410 million, but it never closes for wind.

Ines Braga: The bridge costs 260 million and opens two years earlier. The port cannot wait.

Speaker 1: Who pays the difference if the city chooses the tunnel?

Thomas Weil: Tolls pay half of it. The other half is a loan over thirty years.

Ines Braga: Tolls will push trucks through the old town, and nobody asked the people there.
"""


@pytest.fixture
def panel(tmp_path: Path, home: Path) -> Path:
    path = tmp_path / "panel.txt"
    path.write_text(PANEL, encoding="utf-8")
    return path


def listed(panel: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, dict[str, Any]]:
    assert main(["speakers", str(panel), "--json", *options]) == 0
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)}


def refused(panel: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["speakers", str(panel), *options]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1
    return printed.err


def test_lists_who_speaks_how_much_and_who_likely_hosts(panel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speakers", str(panel)]) == 0
    out = capsys.readouterr().out
    assert "likely host (0." in out and "Ines Braga" in out and "Braga" in out.split("Also called")[1]
    rows = listed(panel, capsys)
    assert rows["Speaker 1"]["host"] and 0.5 < rows["Speaker 1"]["host_probability"] < 1
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1, abs=0.001)
    assert [row["turns"] for row in rows.values()] == [2, 1, 2, 1]


def test_looking_writes_nothing(panel: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed(panel, capsys)
    assert not home.exists()


def test_corrections_are_kept_and_the_file_is_not_touched(
    panel: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = panel.read_bytes()
    changed = listed(
        panel, capsys, "--rename", "Speaker 1=Nora Field", "--merge", "Tomas Weil=Thomas Weil", "--host", "Nora",
        "--role", "Braga=port, director",
    )  # fmt: skip
    assert list(changed) == ["Nora Field", "Ines Braga", "Thomas Weil"]
    assert changed["Nora Field"]["host_probability"] == 1.0 and changed["Ines Braga"]["role"] == "port, director"
    assert changed["Thomas Weil"]["turns"] == 2 and "Tomas Weil" in changed["Thomas Weil"]["aliases"]
    assert listed(panel, capsys) == changed and panel.read_bytes() == before
    with Store.open(home) as store:
        transcript = open_debate(panel, store).transcript
    assert transcript.speaker_of("t2").name == "Thomas Weil" and transcript.raw == PANEL


def test_later_corrections_add_to_earlier_ones_until_they_are_reset(
    panel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(panel, capsys, "--rename", "Speaker 1=Nora")
    assert "Nora Field" in listed(panel, capsys, "--rename", "nora=Nora Field", "--no-host", "Nora Field")
    assert not listed(panel, capsys)["Nora Field"]["host"]
    assert list(listed(panel, capsys, "--reset")) == ["Speaker 1", "Tomas Weil", "Ines Braga", "Thomas Weil"]
    assert "Speaker 1" in listed(panel, capsys)


def test_our_own_debate_can_be_corrected_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = open_debate().transcript.speakers[1].name
    assert main(["speakers", "--role", f"{name}=guest", "--json"]) == 0
    rows = {row["name"]: row["role"] for row in json.loads(capsys.readouterr().out)}
    assert rows[name] == "guest"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--rename", "Speaker 1"], "--rename takes OLD=NEW"),
        (["--merge", "Tomas Weil="], "--merge takes"),
        (["--rename", "Speaker 1=a\x1bb"], "visible characters"),
        (["--rename", "Speaker 1=" + "x" * 81], "visible characters"),
        (["--rename", "Speaker 1=Ines Braga"], "--merge"),
        (["--host", "Otto"], "No speaker matches 'Otto'"),
        (["--host", "Weil"], "may mean Tomas Weil or Thomas Weil"),
        (["--merge", "Ines=Braga"], "one speaker already"),
        (["--transcript", "x.txt"], "Name one file"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_keeps_nothing(
    panel: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert words in refused(panel, capsys, *options)
    assert list(listed(panel, capsys)) == ["Speaker 1", "Tomas Weil", "Ines Braga", "Thomas Weil"]


def test_of_several_changes_one_wrong_one_keeps_none(panel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(panel, capsys, "--rename", "Speaker 1=Nora Field", "--host", "Otto")
    assert "Speaker 1" in listed(panel, capsys)
