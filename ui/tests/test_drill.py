"""The drills of a server, short; `debate drill` runs them all at length."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from assistant import Assistant
from ui.drill import server, store
from ui.drill.run import drill
from ui.errors import UsageError


def test_the_server_holds_under_fire(filled_home: Path) -> None:
    with Assistant.open(data=filled_home, light=True) as assistant:
        for result in (store.altered(assistant, 30), server.half_open(assistant, 0.3)):
            assert result.ok, result
    for result in server.slow_model(filled_home, asks=3, rounds=2, slack=20.0):  # the machine may be busy
        assert result.ok, result


def test_a_drill_prints_its_promise_and_its_figure() -> None:
    out = io.StringIO()
    assert drill(["failing"], as_json=True, out=out, err=io.StringIO()) == 0
    (row,) = json.loads(out.getvalue())
    assert row["ok"] and row["promise"] == "every write may fail" and "0 lost" in row["figure"]
    with pytest.raises(UsageError, match="no drill"):
        drill(["nothing"], as_json=False, out=out, err=out)
