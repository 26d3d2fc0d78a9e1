"""`debate import FOLDER`, `debate list`, `debate remove`: traps of keeping many debates."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.library import debate_on_record
from corpus.store import Store
from ui.cli.command import main

ROOT = Path(__file__).parents[2]
MARCH = "Date: 4 March 2025\n\nAnn Lee: Is the roof safe?\n\nBob Ray: The roof can wait until May.\n"
JUNE = "Date: 9 June 2025\n\nAnn Lee: And the roof now?\n\nBob Ray: The roof must be done at once, I was wrong.\n"


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Path:
    folder = tmp_path / "meetings"
    (folder / "later").mkdir(parents=True)
    (folder / "march.txt").write_text(MARCH, encoding="utf-8")
    (folder / "later" / "june.txt").write_text(JUNE, encoding="utf-8")
    (folder / "copy of march.txt").write_text(MARCH, encoding="utf-8")
    (folder / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    return folder


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["list", "--json", *options]) == 0
    rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return rows


def test_a_folder_is_told_a_line_a_file_and_the_same_bytes_are_one_debate(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert sorted(line[:15].strip() for line in lines) == ["already there", "imported", "imported", "refused"]
    assert [(row["date"], row["speakers"]) for row in listed(capsys)] == [
        ("2025-03-04", ["Ann Lee", "Bob Ray"]),
        ("2025-06-09", ["Ann Lee", "Bob Ray"]),
    ]
    assert main(["import", str(folder)]) == 0
    assert capsys.readouterr().out.count("already there") == 3


def test_a_file_that_changed_is_a_new_version_and_the_old_words_stay(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "march.txt"
    assert main(["import", str(path)]) == 0
    (old,) = listed(capsys)
    path.write_text(MARCH.replace("May", "July"), encoding="utf-8")
    assert main(["import", str(path)]) == 0
    (new,) = listed(capsys)
    assert new["version"] == 2 and new["id"] != old["id"]
    assert [row["version"] for row in listed(capsys, "--older")] == [1, 2]
    with Store.open(home, write=False) as store:
        assert "May" in debate_on_record(store, str(old["sha256"])).transcript.raw
    path.write_text(MARCH, encoding="utf-8")  # and back again
    assert main(["import", str(path)]) == 0
    (again,) = listed(capsys)
    assert again["id"] == old["id"] and again["version"] == 3


def test_removing_takes_every_row_of_a_debate_and_none_of_another(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(folder)])
    march, june = listed(capsys)
    assert main(["remove", "ju"]) == 2  # too short to name one
    assert main(["remove", str(march["id"])[:4]]) == 0
    assert [row["id"] for row in listed(capsys)] == [june["id"]]
    with Store.open(home, write=False) as store:
        tables = ("shelf", "speakers", "turns", "sentences", "annotations", "transcripts")
        assert {sha for t in tables for (sha,) in store._rows(f"SELECT sha256 FROM {t}")} == {june["sha256"]}
        assert not store._rows("SELECT 1 FROM pointers WHERE name LIKE ?", (f"%{march['sha256']}%",))
        assert debate_on_record(store, str(june["sha256"])).transcript.turns
    assert not list((home / "search").glob(f"{str(march['sha256'])[:16]}-*"))
    assert main(["remove", "march"]) == 2
    assert "debate list" in capsys.readouterr().err


def test_a_name_that_fits_two_debates_removes_neither(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "march2.txt").write_text(MARCH + "\nAnn Lee: Noted.\n", encoding="utf-8")
    main(["import", str(folder)])
    assert main(["remove", "marc"]) == 2
    assert "may mean" in capsys.readouterr().err
    assert len(listed(capsys)) == 3


@pytest.mark.slow
def test_an_import_that_was_killed_goes_on_where_it_was(folder: Path, home: Path) -> None:
    for number in range(6):
        more = "".join(f"\nBob Ray: Point {n} of meeting {number} is about the roof.\n" for n in range(60))
        (folder / f"m{number}.txt").write_text(MARCH + more, encoding="utf-8")
    command = [sys.executable, "-m", "ui.cli.command", "import", str(folder)]
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert running.stdout is not None
    for _ in range(4):
        running.stdout.readline()
    time.sleep(0.1)
    running.send_signal(signal.SIGKILL)
    running.wait()
    with Store.open(home, write=False) as store:
        there = store.shelf()
        assert 0 < len(there) < 8
        assert all(debate_on_record(store, d.sha256).transcript.sentences for d in there)
    assert main(["import", str(folder)]) == 0
    with Store.open(home, write=False) as store:
        assert len(store.shelf()) == 8
