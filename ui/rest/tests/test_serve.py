"""`debate serve` as a process: where it listens, what it demands, how it stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

SERVE = [sys.executable, "-m", "ui.cli.command", "serve", "--no-ui"]


def _environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DEBATE_TOKEN"}
    return {**kept, "DEBATE_HOME": str(home), **more}


def _refusal(arguments: list[str], home: Path, **more: str) -> str:
    done = subprocess.run(
        [*SERVE, *arguments], env=_environment(home, **more), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_another_address_demands_a_token(tmp_path: Path) -> None:
    assert "DEBATE_TOKEN" in _refusal(["--host", "0.0.0.0", "--port", "0"], tmp_path)
    assert "16" in _refusal(["--host", "0.0.0.0", "--port", "0"], tmp_path, DEBATE_TOKEN="short")


def test_a_port_that_is_taken_is_one_line_and_the_flag_to_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "--port" in _refusal(["--port", str(taken.getsockname()[1])], tmp_path)


@pytest.mark.parametrize("rate", ["0", "-1", "x", "nan"])
def test_a_rate_that_is_none_is_a_usage_error(rate: str, tmp_path: Path) -> None:
    assert "requests a second" in _refusal(["--rate", rate], tmp_path)


def test_it_serves_says_where_and_stops_when_told(tmp_path: Path) -> None:
    environment = _environment(tmp_path, DEBATE_TOKEN="alice-0123456789abcdef")
    process = subprocess.Popen([*SERVE, "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line and "alice" not in line
        base = line.split()[-1]
        assert httpx.get(f"{base}/healthz", timeout=60).status_code == 200
        assert httpx.get(f"{base}/v1/threads").status_code == 401
        bearer = {"Authorization": "Bearer alice-0123456789abcdef"}
        asked = httpx.post(f"{base}/v1/ask", json={"question": "Rob 怎么看 GPU 折旧?"}, headers=bearer, timeout=30)
        assert asked.json()["quotes"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()


def test_beside_the_page_refusals_of_the_api_are_still_problems(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli.command", "serve", "--port", "0"],
        env=_environment(tmp_path), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        with httpx.Client(base_url=process.stdout.readline().split()[-1], timeout=60) as client:
            assert client.get("/").headers["content-type"].startswith("text/html")
            for method, path, status in (("GET", "/v1/nothing", 404), ("PUT", "/v1/ask", 405)):
                response = client.request(method, path)
                assert response.status_code == status
                assert response.headers["content-type"] == "application/problem+json"
            assert client.put("/v1/ask").headers["allow"] == "POST"
            # The page and the API know the same visitor by the same cookie.
            thread = client.post("/v1/ask", json={"question": "GPU 折旧?"}).json()["thread"]
            assert client.get(f"/export/{thread}").status_code == 200
            with httpx.Client(base_url=client.base_url, timeout=60) as stranger:
                assert stranger.get(f"/export/{thread}").status_code == 404
    finally:
        process.kill()
        process.wait()
