"""The command as a process of its own: what is imported, locales, broken pipes, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_DEBATE = [sys.executable, "-m", "ui.cli.command"]
_HEAVY = (
    "torch",
    "chromadb",
    "sentence_transformers",
    "langgraph",
    "langchain_core",
    "scipy",
    "gradio",
    "transformers",
)


def _environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return {**kept, "DEBATE_HOME": str(home), **more}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["show", "t12"], ["verify", "nowhere.md"], ["threads"], ["speakers"]]
)
def test_light_commands_import_nothing_heavy(arguments: list[str], home: Path) -> None:
    code = (
        "import sys; from ui.cli.command import main; main(sys.argv[1:]); "
        f"print([name for name in {_HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=_environment(home), capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_help_imports_only_the_parser(home: Path) -> None:
    code = (
        "import sys; from ui.cli.command import main; main(['--help']); "
        "print([m for m in sys.modules if m.split('.')[0] in ('pydantic', 'rich', 'numpy', 'corpus')], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=_environment(home), capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_utf8_goes_in_and_out_whatever_the_locale(locale: dict[str, str], filled_home: Path) -> None:
    environment = _environment(filled_home, **locale)
    asked = subprocess.run([*_DEBATE, "ask", "Rob 怎么看 GPU 折旧?"], env=environment, capture_output=True, check=False)
    assert asked.returncode == 0 and "最终GPU折旧年限是动态过程" in asked.stdout.decode("utf-8")
    assert "继续追问" in asked.stderr.decode("utf-8")


def test_a_reader_who_leaves_causes_no_traceback(home: Path) -> None:
    process = subprocess.Popen(
        [*_DEBATE, "show", "t18", "--context", "40", "--gloss"],
        env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141


def test_ctrl_c_is_130_and_silent(filled_home: Path) -> None:
    process = subprocess.Popen(
        [*_DEBATE, "chat"], env=_environment(filled_home),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # a shell starts its background jobs deaf to Ctrl-C, and their children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdin.write("Rob 怎么看 GPU 折旧?\n".encode())
    process.stdin.flush()
    assert process.stdout.readline()  # it is up, and waits for the next line
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    assert b"Traceback" not in process.stderr.read()
