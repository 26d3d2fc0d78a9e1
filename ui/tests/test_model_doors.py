"""`--model`, DEBATE_MODEL and `debate annotate` from a shell, against a scripted endpoint."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.testing import ScriptedEndpoint
from corpus.testing import TRAPPED
from ui.cli.command import main

KEY = "sk-canary-2f8c1d7e9b6a4035"


def run(endpoint: ScriptedEndpoint, *arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **endpoint.environment(**more), "OPENAI_API_KEY": KEY, "DEBATE_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "ui.cli.command", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )


@pytest.mark.parametrize("script", ["good", "drip", "401", "endless_call"])
def test_a_question_is_answered_whatever_the_model_does_and_the_export_verifies(
    script: str, filled_home: Path, tmp_path: Path
) -> None:
    deadline = "20" if script == "good" else "2"
    with ScriptedEndpoint(script) as endpoint:
        done = run(
            endpoint,
            "ask",
            "--json",
            "GPU 能用几年?",
            home=filled_home,
            DEBATE_MODEL_DEADLINE=deadline,
            DEBATE_LOG="debug",
        )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["answerer"] == ("openai:scripted" if script == "good" else "embedded")
    assert (answer["trouble"] is None) == (script == "good")
    logged = [line for line in done.stderr.splitlines() if line.startswith("{")]
    assert {"model_call", "answered"} <= {json.loads(line)["event"] for line in logged}
    export = tmp_path / "thread.md"
    with ScriptedEndpoint("good") as endpoint:
        assert run(endpoint, "export", "last", "-o", str(export), home=filled_home).returncode == 0
        assert run(endpoint, "verify", str(export), home=filled_home).returncode == 0
    assert KEY not in done.stdout + done.stderr + export.read_text(encoding="utf-8")


def test_no_model_is_asked_when_none_is_wanted(filled_home: Path) -> None:
    with ScriptedEndpoint("good") as endpoint:
        done = run(endpoint, "ask", "--model", "none", "--json", "GPU 能用几年?", home=filled_home)
        assert json.loads(done.stdout)["answerer"] == "embedded" and not endpoint.requests


def test_a_model_that_cannot_be_opened_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    begun = time.monotonic()
    assert main(["ask", "--model", KEY, "GPU 能用几年?"]) == 2
    assert time.monotonic() - begun < 20
    told = capsys.readouterr()
    assert told.err.count("\n") == 1 and "provider:model" in told.err and KEY not in told.err + told.out


def test_notes_need_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DEBATE_MODEL", raising=False)
    panel = tmp_path / "panel.txt"
    panel.write_text(TRAPPED, encoding="utf-8")
    assert main(["annotate", str(panel)]) == 2
    assert "--model" in capsys.readouterr().err and not list(tmp_path.glob("*.json"))


def test_a_model_that_stays_away_is_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    panel = tmp_path / "panel.txt"
    panel.write_text(TRAPPED, encoding="utf-8")
    with ScriptedEndpoint("401") as endpoint:
        done = run(endpoint, "annotate", str(panel), home=tmp_path / "home")
    assert done.returncode == 2 and "refused the key" in done.stderr and KEY not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["panel.txt"]


@pytest.mark.parametrize(
    ("script", "state", "told"),
    [
        ("prose", "ok", "openai:scripted answers in"),
        ("401", "broken", "set the right key"),
        ("404", "broken", "the name follows the colon"),
        ("html", "broken", "speaks the provider's protocol"),
    ],
)
def test_the_doctor_tries_the_model_with_one_cheap_call(
    script: str, state: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.cli.probing import probe
    from ui.session import Place

    with ScriptedEndpoint(script) as endpoint:
        for name, value in endpoint.environment(OPENAI_API_KEY=KEY).items():
            monkeypatch.setenv(name, value)
        (check,) = probe(Place())
        assert (check.state, len(endpoint.requests)) == (state, 1) and told in check.detail and KEY not in check.detail
        assert len(json.dumps(endpoint.requests[0].body)) < 300
    monkeypatch.setenv("DEBATE_MODEL", "")
    assert not list(probe(Place()))


def test_the_doctor_says_when_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.cli.probing import probe
    from ui.session import Place

    with ScriptedEndpoint("good") as endpoint:
        for name, value in endpoint.environment(OPENAI_API_KEY=KEY).items():
            monkeypatch.setenv(name, value)
    (check,) = probe(Place())
    assert check.state == "broken" and "DEBATE_MODEL_BASE_URL" in check.detail


ENDING = """
import sys, threading, time
from langchain_core.messages import HumanMessage
from assistant.models import chat
model = chat.open_model()
for n in range(3):
    ask = lambda: model.ask([HumanMessage("?")], model.meter())
    threading.Thread(target=ask, daemon=True).start()
until = time.monotonic() + 20
while len(chat._live) < 3 and time.monotonic() < until:
    time.sleep(0.005)
assert len(chat._live) == 3
time.sleep(float(sys.argv[1]))
"""


@pytest.mark.parametrize("script", ["slow", "drip"])
def test_a_process_that_ends_while_calls_are_open_ends_cleanly(script: str) -> None:
    with ScriptedEndpoint(script) as endpoint:
        environment = {**os.environ, **endpoint.environment(), "OPENAI_API_KEY": KEY}
        begun = [
            subprocess.Popen([sys.executable, "-c", ENDING, str(n / 20)], env=environment, stderr=subprocess.PIPE)
            for n in range(2)
        ]
        for process in begun:
            _, told = process.communicate(timeout=60)
            assert process.returncode == 0 and b"FATAL" not in told, told
        until = time.monotonic() + 20.0
        while endpoint.open and time.monotonic() < until:
            time.sleep(0.01)
        assert endpoint.open == 0


def _hears_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background is born deaf to them


def test_ctrl_c_ends_the_call(filled_home: Path) -> None:
    with ScriptedEndpoint("slow") as endpoint:
        environment = {**os.environ, **endpoint.environment(), "OPENAI_API_KEY": KEY, "DEBATE_HOME": str(filled_home)}
        command = [sys.executable, "-m", "ui.cli.command", "ask", "Rob 怎么看 GPU 折旧?"]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_hears_interrupts
        )
        until = time.monotonic() + 30.0
        while not endpoint.open and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        left = time.monotonic()
        while endpoint.open and time.monotonic() < left + 20.0:
            time.sleep(0.01)
        assert endpoint.open == 0
        said, _ = process.communicate(timeout=30)
        assert process.returncode != 0 and "“" in said.decode()  # what was said stood there already
