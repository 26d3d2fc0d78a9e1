from __future__ import annotations

import pytest

from corpus.library import open_debate
from corpus.types import Transcript
from evals.casebook import load_cases
from evals.ground import Ground
from evals.types import Case


@pytest.fixture(scope="session")
def transcript() -> Transcript:
    return open_debate().transcript


@pytest.fixture(scope="session")
def ground(transcript: Transcript) -> Ground:
    return Ground(transcript)


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    return load_cases()
