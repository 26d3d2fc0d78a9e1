"""One debate for all tests of the doors, and a data folder of each test's own."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from assistant import Assistant

    folder = tmp_path_factory.mktemp("filled") / "home"
    Assistant.open(data=folder).close()
    return folder


@pytest.fixture
def filled_home(_filled: Path, home: Path) -> Path:
    """A folder in which the debate is on record with its vectors, so that asking is quick."""
    shutil.copytree(_filled, home)
    return home
