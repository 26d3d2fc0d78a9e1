"""The command line in this process: what goes to which stream, and which status comes back."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.events import Event
from assistant.types import Answer
from corpus.library import Debate
from corpus.store import Store
from ui.cli.command import main
from ui.cli.parsers import build_parser
from ui.session import OWNER
from ui.testing import silent_answer

PANEL = "Ann Lee:\n\nTrams are cheaper than buses over thirty years.\n\nBob Ray:\n\nI doubt that trams are cheaper.\n"


class Typed:
    """Standard input that is a pipe with these bytes in it."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False

    def readline(self, limit: int = -1) -> str:
        return self.buffer.readline(limit).decode()


@pytest.fixture(autouse=True)
def _own_folder(filled_home: Path) -> Iterator[None]:
    yield


def _run(*arguments: str) -> int:
    return main(list(arguments))


def _refused(capsys: pytest.CaptureFixture[str]) -> str:
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("debate: ") and printed.err.count("\n") == 1
    return printed.err


def test_an_answer_goes_to_stdout_and_how_to_go_on_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("ask", "Rob 怎么看 GPU 折旧?") == 0
    printed = capsys.readouterr()
    assert "RL Rob Li" in printed.out and "“" in printed.out and "\x1b" not in printed.out
    assert printed.err.startswith("继续追问: debate ask --thread ") and printed.err.rstrip().endswith('"…"')


def test_json_is_the_whole_answer_and_verifies(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _run("ask", "--json", "What did Rob say about depreciation?") == 0
    text = capsys.readouterr().out
    document = json.loads(text)
    answer = Answer.model_validate({k: v for k, v in document.items() if k != "abstained"})
    assert answer.quotes and document["abstained"] is False
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    assert _run("verify", str(tmp_path / "a.json")) == 0
    (tmp_path / "a.json").write_text(text.replace(answer.quotes[0].text, answer.quotes[0].text[1:]), encoding="utf-8")
    assert _run("verify", str(tmp_path / "a.json")) == 1
    assert "altered: answer, quote 1 (Rob Li" in capsys.readouterr().out


def test_a_thread_goes_on_and_exports_what_verifies(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _run("ask", "Rob 怎么看 GPU 折旧?")
    thread = capsys.readouterr().err.split("--thread ")[1].split()[0]
    assert _run("ask", "--thread", thread, "那 Ethan 呢?") == 0
    assert "EX Ethan Xu" in capsys.readouterr().out
    assert _run("ask", "--thread", "last", "那 Yang 呢?") == 0
    capsys.readouterr()
    assert _run("threads", "--json") == 0
    assert [(row["id"], row["questions"]) for row in json.loads(capsys.readouterr().out)] == [(thread, 3)]
    for name in ("notes.md", "notes.json"):
        assert _run("export", thread, "-o", str(tmp_path / name)) == 0
        assert _run("verify", str(tmp_path / name)) == 0
    altered = (tmp_path / "notes.md").read_text(encoding="utf-8").replace("GPU", "CPU", 1)
    (tmp_path / "notes.md").write_text(altered, encoding="utf-8")
    assert _run("verify", str(tmp_path / "notes.md")) == 1
    capsys.readouterr()
    assert _run("threads", "rename", thread, "My", "notes") == 0
    assert _run("threads") == 0 and "My notes" in capsys.readouterr().out
    assert _run("threads", "delete", thread) == 0
    assert _run("export", thread) == 2


def test_abstaining_is_an_answer(
    debate: Debate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Event("answer", silent_answer(debate))
    monkeypatch.setattr(Assistant, "stream", lambda *_, **__: (event for event in (silent,)))
    assert _run("ask", "What does Yang say about chips?") == 0
    assert "Yang Ren did not speak on this." in capsys.readouterr().out
    assert _run("ask", "--json", "What does Yang say about chips?") == 0
    assert json.loads(capsys.readouterr().out)["abstained"] is True


def test_a_speaker_filter_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("ask", "--json", "--speaker", "Ethan", "--speaker", "Rob", "GPU 折旧年限?") == 0
    assert {quote["speaker"] for quote in json.loads(capsys.readouterr().out)["quotes"]} <= {"Ethan Xu", "Rob Li"}


@pytest.mark.parametrize("question", ["", "   ", "问" * 4_001, "half \ud800 a character"])
def test_a_question_that_cannot_be_asked_is_refused(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("ask", question) == 2
    _refused(capsys)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("ask", "--speaker", "Napoleon", "bubble?"), "Napoleon"),
        (("ask", "--thread", "nosuch", "bubble?"), "nosuch"),
        (("ask", "--thread", "last", "bubble?"), "no thread yet"),
        (("ask", "--transcript", "nowhere.txt", "bubble?"), "nowhere.txt"),
        (("ask", "--encoder", "./nowhere", "bubble?"), "nowhere"),
        (("show", "t99"), "t99"),
        (("show", "t12.99"), "t12.99"),
        (("show", "hello"), "hello"),
        (("show", "t1", "--context", "-1"), "-1"),
        (("show", "t12", "--transcript", "nowhere.txt"), "nowhere.txt"),
        (("export", "nosuch"), "nosuch"),
        (("verify", "nowhere.md"), "nowhere.md"),
        (("verify", __file__), "no export"),
        (("threads", "delete", "nosuch"), "nosuch"),
        (("stances", "--topic", "cats"), "cats"),
        (("stances", "--speaker", "Napoleon"), "Napoleon"),
        (("figures", "--group", "cats"), "cats"),
        (("calc", "nosuch"), "nosuch"),
        (("nosuch",), "nosuch"),
        ((), "COMMAND"),
        (("ask", "--data", __file__, "bubble?"), "--data"),
        (("threads", "--data", __file__), "--data"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(
    arguments: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*arguments) == 2
    assert word in _refused(capsys)


def test_a_foreign_transcript_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.txt").write_bytes(b"\x00\x01\x02 nothing here")
    assert _run("ask", "--transcript", str(tmp_path / "x.txt"), "bubble?") == 2
    _refused(capsys)


def test_another_debate_works_and_its_threads_are_kept_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = tmp_path / "panel.txt"
    panel.write_text(PANEL, encoding="utf-8")
    assert _run("ask", "--transcript", str(panel), "What does Ann say about trams?") == 0
    printed = capsys.readouterr()
    assert "“Trams are cheaper than buses over thirty years.”" in printed.out
    assert f"--transcript {panel}" in printed.err
    assert _run("ask", "--thread", "last", "and Bob?") == 2
    assert "--transcript" in _refused(capsys)
    assert _run("export", "last") == 2
    capsys.readouterr()
    assert _run("export", "last", "--transcript", str(panel), "-o", str(tmp_path / "p.md")) == 0
    assert _run("verify", "--transcript", str(panel), str(tmp_path / "p.md")) == 0
    assert _run("verify", str(tmp_path / "p.md")) == 1
    assert _run("stances", "--transcript", str(panel)) == 2


@pytest.mark.parametrize("arguments", [("ask", "-"), ("ask",)])
def test_a_question_may_come_through_a_pipe(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Typed("\ufeffRob 怎么看 GPU 折旧?\n".encode()))
    assert _run(*arguments) == 0
    assert "RL Rob Li" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"", b"\n", b"x" * 1_000_000, "问".encode() * 400_000, b"\xff\xfe\xfa"])
def test_bad_standard_input_is_refused(
    data: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Typed(data))
    assert _run("ask", "-") == 2
    _refused(capsys)


def test_a_held_data_folder_still_answers_unsaved(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("ask", "Rob 怎么看 GPU 折旧?") == 0
    capsys.readouterr()
    with Store.open(home) as holder:
        assert _run("ask", "Rob 怎么看 GPU 折旧?") == 0
        printed = capsys.readouterr()
        assert "RL Rob Li" in printed.out and printed.err.startswith("未保存: ") and "in use" in printed.err
        # A follow-up is understood in the light of the thread, which may be read though not written.
        assert _run("ask", "--thread", "last", "那 Ethan 呢?") == 0
        printed = capsys.readouterr()
        assert "EX Ethan Xu" in printed.out and printed.err.startswith("未保存: ")
        assert _run("ask", "--thread", "nosuch", "那 Ethan 呢?") == 2
        assert _run("threads") == 0
        assert len(holder.messages(holder.threads(OWNER)[0].id, OWNER)) == 1


def test_show_marks_the_sentence_and_gives_context(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("show", "t12.4") == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row for row in rows if row.startswith("▶")] == [
        "▶ t12.4  我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。"
    ]
    assert any("RL Rob Li  t11" in row for row in rows) and any("刘一鸣  t13" in row for row in rows)
    assert _run("show", "T12.4-5", "--context", "0", "--gloss") == 0
    printed = capsys.readouterr().out
    assert printed.count("▶") == 2 and "t11" not in printed and "[our translation, not a quote]" in printed


def test_stances_show_silence_as_a_cell(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("stances", "--lang", "en") == 0
    printed = capsys.readouterr().out
    assert "– silent" in printed and "▲ supports" in printed and "▼ opposes" in printed
    assert _run("stances", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["stances"]) + len(document["neutral"]) + len(document["silent"]) == 6 * len(document["topics"])
    assert _run("stances", "--topic", "depreciation", "--lang", "zh") == 0
    assert "t11.5" in capsys.readouterr().out


def test_figures_tell_where_voices_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("figures", "--group", "depreciation_life", "--lang", "en") == 0
    printed = capsys.readouterr().out
    assert "≠ voices differ" in printed and "“平均6.5年”" in printed and "relaying Michael Burry" in printed
    assert _run("figures", "--group", "capex_plan", "--lang", "en") == 0  # three ways to say 1.4 trillion
    assert "≠" not in capsys.readouterr().out


def test_speakers_count_their_turns(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("speakers", "--json") == 0
    rows = {row["name"]: row["turns"] for row in json.loads(capsys.readouterr().out)}
    assert sum(rows.values()) == 36 and rows["Bruce Liu"] == 9


def test_chat_in_a_pipe_answers_line_by_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "chat.md"
    lines = f"Rob 怎么看 GPU 折旧?\n那 Ethan 呢?\n/nosuch\n/show t12.4\n/export {target}\n/quit\nnever asked\n"
    monkeypatch.setattr(sys, "stdin", Typed(lines.encode()))
    assert _run("chat") == 0
    printed = capsys.readouterr()
    assert "RL Rob Li" in printed.out and "EX Ethan Xu" in printed.out and "▶ t12.4" in printed.out
    assert "/nosuch" in printed.err and "never asked" not in printed.out
    assert _run("verify", str(target)) == 0


def test_an_interrupt_is_130_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> Assistant:
        raise KeyboardInterrupt

    monkeypatch.setattr(Assistant, "open", interrupted)
    assert _run("ask", "bubble?") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_eval_is_handed_over(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import types

    heard: list[list[str]] = []
    fake = types.ModuleType("evals.command")

    def listen(argv: list[str]) -> int:
        heard.append(argv)
        return 1

    fake.main = listen  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "evals.command", fake)
    assert _run("eval", "--suite", "singles") == 1 and heard == [["--suite", "singles"]]
    monkeypatch.setitem(sys.modules, "evals.command", None)
    assert _run("eval") == 2
    assert "not installed" in _refused(capsys)


def test_every_option_says_its_default_or_needs_none() -> None:
    text = build_parser().format_help()
    assert all(
        name in text for name in ("ask", "chat", "show", "threads", "export", "verify", "doctor", "calc", "eval")
    )
