"""One debate for all tests of the doors, and a data folder of each test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import Debate, open_debate


@pytest.fixture(scope="session")
def debate() -> Debate:
    return open_debate()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("DEBATE_HOME", str(folder))
    return folder
