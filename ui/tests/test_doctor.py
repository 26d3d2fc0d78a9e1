"""The doctor finds what is broken and lets the rest be."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from assistant import environment
from corpus.library import DEFAULT
from corpus.store import Store
from ui.cli.checks import Check
from ui.cli.command import main
from ui.cli.doctor import examine, release
from ui.session import Place


def _checks(place: Place) -> dict[str, Check]:
    return {check.name: check for check in examine(place)}


def test_a_sound_installation_is_sound(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    states = {row["name"]: row["state"] for row in json.loads(capsys.readouterr().out)}
    assert states["transcript"] == states["encoder"] == states["data folder"] == states["langgraph"] == "ok"


def test_an_altered_transcript_is_broken(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(DEFAULT.parent, copy)
    (copy / "annotations.json").unlink()
    text = (copy / "transcript.txt").read_text(encoding="utf-8")
    (copy / "transcript.txt").write_text(text.replace("7年前", "6年前"), encoding="utf-8")
    check = _checks(Place(transcript=copy / "transcript.txt"))["transcript"]
    assert check.state == "broken" and "SHA-256" in check.detail


def test_an_old_package_is_broken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ui.cli.doctor.FLOORS", {"pydantic": ("99", True), "no-such-thing": ("1", False), "nor-this": ("1", True)}
    )
    checks = _checks(Place())
    assert checks["pydantic"].state == "broken" and "upgrade" in checks["pydantic"].detail
    assert "no-such-thing" not in checks and checks["nor-this"].state == "broken"


def test_a_missing_model_a_file_for_a_folder_and_a_foreign_database_are_broken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert _checks(Place(encoder=str(tmp_path / "nowhere")))["encoder"].state == "broken"
    assert _checks(Place(data=tmp_path / "file"))["data folder"].state == "broken"
    (tmp_path / "debate.sqlite3").write_bytes(b"this is no database at all" * 100)
    assert _checks(Place(data=tmp_path))["data folder"].state == "broken"
    assert main(["doctor", "--data", str(tmp_path)]) == 1


def test_a_newer_schema_is_broken(home: Path) -> None:
    Store.open(home).close()
    with sqlite3.connect(home / "debate.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert _checks(Place())["data folder"].state == "broken"


def test_a_held_folder_is_worth_a_note(home: Path) -> None:
    with Store.open(home):
        checks = _checks(Place())
    assert checks["writer"].state == "note" and checks["data folder"].state == "ok"


def test_a_lost_index_is_worth_a_note(home: Path) -> None:
    with Store.open(home) as store:
        store.set_pointer("chroma:abc", "generation-1-abc")
    assert _checks(Place())["index"].state == "note"


def test_switches_are_set_and_the_shells_choice_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own: dict[str, str] = {"LANGSMITH_TRACING": "true", "LANGGRAPH_STRICT_MSGPACK": "false"}
    environment.apply(own)
    assert own["LANGSMITH_TRACING"] == "true" and own["LANGGRAPH_STRICT_MSGPACK"] == "true"
    assert own["HF_HUB_OFFLINE"] == "1" and own["ANONYMIZED_TELEMETRY"] == "False"
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    assert _checks(Place())["LANGSMITH_TRACING"].state == "note"


def test_versions_compare_as_numbers() -> None:
    assert release("2.13.0+cpu") >= release("2.13") and release("1.10.0") > release("1.9") and release("x") == ()
