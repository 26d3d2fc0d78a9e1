"""Backups, repair, a damaged record that still answers, and commands that fail in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import backup, migrations, pins
from corpus.errors import StoreBusyError, StoreDamagedError, StoreError
from corpus.store import Store
from ui.cli.command import main
from ui.drill import store as drills
from ui.session import OWNER, Place, open_session


def say(folder: Path, count: int = 3) -> None:
    with Store.open(folder) as store:
        for number in range(count):
            store.add_message("talk", f"q{number}", "{}", owner=OWNER, sha256="0", create=True)


def asked(folder: Path) -> list[str]:
    with Store.open(folder, write=False) as store:
        return [m.question for m in store.messages("talk", OWNER)]


@pytest.mark.parametrize("name", ["killed", "full", "failing", "damaged"])
def test_the_record_holds_under_fire(name: str, tmp_path: Path) -> None:
    result = getattr(drills, name)(tmp_path, *((2,) if name == "killed" else ()))
    assert result.ok, result


def test_a_backup_beside_a_writer_lacks_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    result = drills.copied(tmp_path / "data", tmp_path / "copy")
    assert result.ok, result
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_restoring_keeps_what_was_there_and_refuses_what_is_no_backup(tmp_path: Path) -> None:
    folder, copy = tmp_path / "data", tmp_path / "copy"
    say(folder, 2)
    backup.backup(folder, copy)
    say(folder, 3)
    with pytest.raises(StoreError, match="exists already"):
        backup.backup(folder, copy)
    (tmp_path / "text").write_text("no backup")
    for wrong, words in ((tmp_path / "text", "damaged or no backup"), (tmp_path / "none", "no file")):
        with pytest.raises(StoreError, match=words):
            backup.restore(wrong, folder)
    with Store.open(folder), pytest.raises(StoreBusyError):
        backup.restore(copy, folder)
    copied, aside = backup.restore(copy, folder)
    assert copied.messages == 2 and asked(folder) == ["q0", "q1"] and aside is not None
    aside.rename(folder / "debate.sqlite3")
    assert len(asked(folder)) == 5


def test_a_sound_database_is_left_as_it_is(tmp_path: Path) -> None:
    say(tmp_path)
    before = (tmp_path / "debate.sqlite3").read_bytes()
    assert backup.repair(tmp_path).sound and (tmp_path / "debate.sqlite3").read_bytes() == before


def test_what_is_no_database_any_more_is_put_aside(tmp_path: Path) -> None:
    say(tmp_path)
    (tmp_path / "debate.sqlite3").write_bytes(b"zeros" * 5000)
    for end in ("-wal", "-shm"):
        (tmp_path / f"debate.sqlite3{end}").unlink(missing_ok=True)
    with pytest.raises(StoreDamagedError, match=r"debate repair.*debate restore"):
        Store.open(tmp_path)
    done = backup.repair(tmp_path)
    assert not done.sound and done.aside is not None and done.aside.exists()
    say(tmp_path)


def test_a_damaged_database_of_the_first_schema_is_rescued_and_brought_up(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "debate.sqlite3") as db:
        migrations.conversations_and_debates(db)
        db.execute("PRAGMA user_version = 1")
        db.execute("INSERT INTO threads VALUES ('talk', ?, 'Title', 'abc', 1, 1)", (OWNER,))
        for number in range(600):
            db.execute("INSERT INTO messages VALUES ('talk', ?, ?, ?, 1)", (number + 1, f"q{number}", "x" * 400))
    db.close()
    size = (tmp_path / "debate.sqlite3").stat().st_size
    with (tmp_path / "debate.sqlite3").open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(4096))
    done = backup.repair(tmp_path)
    assert "messages" in done.lost and done.kept["messages"] > 400
    with Store.open(tmp_path) as store:
        kept = store.all_messages("talk", OWNER)
        assert len(kept) == done.kept["messages"] and all(m.intact for m in kept)


def test_a_damaged_record_still_answers_unsaved_and_says_so(
    filled_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (filled_home / "debate.sqlite3").write_bytes(b"this is no database" * 500)
    assert main(["ask", "Rob 怎么看 GPU 折旧?"]) == 0
    told = capsys.readouterr()
    assert "“" in told.out and "未保存" in told.err and "debate repair" in told.err


def test_an_answer_that_cannot_be_saved_is_given_and_says_so(filled_home: Path) -> None:
    with open_session(Place(data=filled_home)) as session:
        store = session.assistant.store
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        first = session.assistant.ask("Rob 怎么看 GPU 折旧?")
        for _ in range(200):
            if first.unsaved:
                break
            first = session.assistant.ask("Rob 怎么看 GPU 折旧?")
        assert first.unsaved and "full" in first.unsaved and first.quotes
        store._connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        assert session.assistant.ask("Rob 怎么看 GPU 折旧?").unsaved is None


def test_the_folder_and_its_files_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    umask = os.umask(0o022)
    try:
        say(folder)
        with Store.open(folder):
            modes = {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()}
    finally:
        os.umask(umask)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert set(modes) >= {"debate.sqlite3", "lock"} and set(modes.values()) == {0o600}


def run(home: Path, *arguments: str | bytes, stdout: object = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "DEBATE_HOME": str(home)}
    command = [sys.executable, "-m", "ui.cli.command", *arguments]
    return subprocess.run(command, env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    "arguments",
    [["threads", "delete", b"\xff\xfe"], ["ask", b"\xff"]],
)
def test_bytes_that_are_no_text_are_refused_in_a_sentence(arguments: list[str | bytes], tmp_path: Path) -> None:
    say(tmp_path)
    done = run(tmp_path, *arguments)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"Traceback" not in done.stderr, done.stderr


def test_a_full_device_is_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(tmp_path, "threads", stdout=full)
    assert done.returncode == 2 and b"Traceback" not in done.stderr and b"space" in done.stderr, done.stderr


def test_files_that_ship_are_pinned_and_a_change_is_refused(tmp_path: Path) -> None:
    import shutil

    from corpus.library import DEFAULT, open_debate
    from ui.cli.health import PINNED

    for folder in PINNED:
        assert (folder / "manifest.json").is_file() and pins.changed(folder) == [], (
            f"{folder}: if the change is meant, run python -m corpus.pins {folder}"
        )
    copy = tmp_path / "copy"
    shutil.copytree(DEFAULT.parent, copy)
    notes = copy / "annotations.json"
    notes.write_text(notes.read_text(encoding="utf-8").replace('"relays"', '"own"', 1), encoding="utf-8")
    with pytest.raises(pins.PinError, match="altered or is damaged"):
        open_debate(copy / "transcript.txt")
    pins.pin(copy)
    assert open_debate(copy / "transcript.txt").notes.sentences
