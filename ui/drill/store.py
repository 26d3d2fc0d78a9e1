"""The record under fire: killed, full, failing, altered, damaged, copied while it is written to.

Every drill works in a folder of its own that it is given, and returns what it measured.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from assistant import Answer, Assistant
from assistant.proof import quote_problems
from assistant.stored import VERSION, to_record
from corpus import backup
from corpus.database import NAME
from corpus.errors import DebateError, StoreError
from corpus.seals import message_seal
from corpus.store import Store
from ui.drill.result import Result
from ui.export import Conversation, export_json, export_markdown
from ui.verify import verify_export

_ROOT = Path(__file__).parents[2]
OWNER = "drill"
_WRITER = """
import signal, sys
from pathlib import Path
from corpus.errors import StoreError
from corpus.store import Store
if len(sys.argv) > 3:
    import resource
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
with Store.open(Path(sys.argv[1])) as store:
    number = int(sys.argv[2])
    while True:
        try:
            store.add_message("talk", f"q{number}", "x" * 500, owner="drill", sha256="0", create=True)
        except StoreError as error:
            print(f"refused {error}", flush=True)
            break
        print(number, flush=True)
        number += 1
"""


def _writer(folder: Path, start: int, *limit: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(folder), str(start), *map(str, limit)]
    return subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _asked(folder: Path) -> set[str]:
    with Store.open(folder, write=False) as store:
        return {m.question for m in store.all_messages("talk", OWNER)}


def killed(folder: Path, kills: int = 5) -> Result:
    """A writer is killed again and again; what it had acknowledged must be there."""
    acknowledged: set[str] = set()
    start = 0
    for turn in range(kills):
        process = _writer(folder, start)
        assert process.stdout is not None
        for _ in range(20 + 7 * turn):
            acknowledged.add(f"q{int(process.stdout.readline())}")
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate(timeout=60)
        acknowledged |= {f"q{line}" for line in rest.split("\n")[:-1] if line.isdecimal()}
        start = max(int(q[1:]) for q in acknowledged) + 2
    lost = len(acknowledged - _asked(folder))
    figure = f"{lost} of {len(acknowledged)} acknowledged answers lost over {kills} kills"
    return Result("killed", "nothing acknowledged is lost", figure, lost == 0)


def full(folder: Path) -> Result:
    """The disk is full in the middle of writing: a clear refusal, and what was acknowledged is there."""
    Store.open(folder).close()
    process = _writer(folder, 0, (folder / NAME).stat().st_size + 200_000)
    said, failed = process.communicate(timeout=60)
    lines = said.split("\n")[:-1]
    acknowledged = {f"q{line}" for line in lines if line.isdecimal()}
    clear = bool(lines) and lines[-1].startswith("refused Could not write") and not failed
    lost = len(acknowledged - _asked(folder))
    figure = f"{lost} of {len(acknowledged)} lost; " + ("refused in a sentence" if clear else "no clear refusal")
    return Result("full", "a full disk refuses and loses nothing", figure, clear and lost == 0 and bool(acknowledged))


def copied(folder: Path, target: Path) -> Result:
    """A backup beside a writer holds all that was acknowledged before it began, and can be restored."""
    process = _writer(folder, 0)
    assert process.stdout is not None
    before = {f"q{int(process.stdout.readline())}" for _ in range(60)}
    drain = threading.Thread(target=process.stdout.read, daemon=True)
    drain.start()
    try:
        backup.backup(folder, target)
    finally:
        process.kill()
        process.wait()
    drain.join(5)
    fresh = target.parent / "restored"
    backup.restore(target, fresh)
    lost = len(before - _asked(fresh))
    figure = f"{lost} of {len(before)} acknowledged answers missing from a live backup, restored"
    return Result("backup", "a backup beside a running writer lacks nothing", figure, lost == 0)


def damaged(folder: Path) -> Result:
    """A page of the database is overwritten: it is found, rescued from, and the damaged file is kept."""
    with Store.open(folder) as store:
        for number in range(400):
            store.add_message("talk", f"q{number}", "x" * 500, owner=OWNER, sha256="0", create=True)
    path = folder / NAME
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(4096))
    found = bool(backup.problems(path))
    done = backup.repair(folder)
    kept = len(_asked(folder))
    sound = not backup.problems(path) and done.aside is not None and done.aside.exists()
    figure = f"{'found' if found else 'not found'}; {kept} of 400 rescued, {'sound again' if sound else 'not sound'}"
    return Result("damaged", "a damaged database is found and rescued from", figure, found and sound and kept > 300)


def _changed(value: object, chance: random.Random) -> object:
    """One leaf of a JSON value replaced by something else of its kind, or of another."""
    if isinstance(value, dict) and value:
        key = chance.choice(sorted(value))
        return {**value, key: _changed(value[key], chance)}
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]]
    if isinstance(value, str):
        return chance.choice([f"“{value[::-1]}”", "t1.1", "", value + "不", "Rob Li: “泡沫明天就破。”"])
    return chance.choice([None, -1, 1e9, "x", [], {}])


def rows(answer: Answer, count: int, seed: int = 0) -> Iterator[str]:
    """Kept rows of an answer, each with one to three leaves altered."""
    chance = random.Random(seed)
    for _ in range(count):
        row: object = json.loads(to_record(answer))
        for _ in range(chance.randint(1, 3)):
            row = _changed(row, chance)
        yield json.dumps(row, ensure_ascii=False)


def altered(assistant: Assistant, count: int = 100) -> Result:
    """Rows are altered, half of them sealed anew; every quote that is read or exported must be the transcript's."""
    debate, store = assistant.debate, assistant.store
    answer = assistant.answer(f"What did {debate.transcript.speakers[0].name} say?")
    false = unmarked = 0
    for number, row in enumerate(rows(answer, count)):
        thread = store.add_message(
            None, answer.question, to_record(answer), owner=OWNER, sha256=debate.transcript.sha256, version=VERSION
        )
        seal = message_seal(thread, 1, 0, VERSION, answer.question, row) if number % 2 else None
        with store._transaction() as db:
            db.execute(
                "UPDATE messages SET answer = ?, seal = coalesce(?, seal) WHERE thread_id = ?", (row, seal, thread)
            )
        (read,) = assistant.thread(thread, owner=OWNER)
        quotes = (*read.quotes, *(read.abstention.nearest if read.abstention else ()))
        false += sum(bool(list(quote_problems(quote, debate))) for quote in quotes)
        unmarked += seal is None and json.loads(row) != json.loads(to_record(answer)) and not read.altered
        for make in (export_markdown, export_json):
            export = make(Conversation("t", (read,), thread), debate).encode()
            unmarked += bool(read.altered) and not verify_export(export, debate).findings
        store.delete_thread(thread, OWNER, forever=True)
    figure = f"{false} false quotes, {unmarked} unmarked, of {count} altered rows read and exported"
    return Result("altered", "what is stored is not believed", figure, not false and not unmarked)


def failing(folder: Path, most: int = 30) -> Result:
    """The n-th statement of a write fails, for every n: a clear error, and what was there is there."""
    from corpus.testing import FaultyConnection

    with Store.open(folder) as store:
        thread = store.add_message(None, "one", "{}", owner=OWNER, sha256="0")
    lost = unclear = tried = 0
    for nth in range(1, most):
        with Store.open(folder) as store:
            faulty = FaultyConnection(store._connection, fail_at=nth)
            store._connection = faulty  # type: ignore[assignment]
            try:
                store.add_message(thread, f"q{nth}", "{}", owner=OWNER, sha256="0")
            except StoreError as error:
                tried += 1
                unclear += "disk I/O error" not in str(error)
            except DebateError:
                unclear += 1
            if not faulty.failed:
                break
        with Store.open(folder) as store:
            lost += [m.question for m in store.messages(thread, OWNER)] != ["one"]
    figure = f"{tried} places failed, {lost} lost, {unclear} unclear"
    return Result("failing", "every write may fail", figure, tried > 3 and not lost and not unclear)
