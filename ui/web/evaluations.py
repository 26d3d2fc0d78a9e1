"""Saved evaluation runs as the page browses them: ``runs/<system>/<revision>/report.json``, maybe ``report.html``.

Reads JSON and knows its few fields; the evaluation itself is another layer and is not imported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$")
_LARGEST = 64 * 1024 * 1024  # bytes of a report
_LISTED = 60


class Run(NamedTuple):
    """One saved run."""

    system: str
    revision: str
    started: str
    questions: int
    unavailable: str
    measures: Mapping[str, tuple[float, float | None, float | None]]  # value and 95 % interval over all questions
    held_out: Mapping[str, tuple[float, float | None, float | None]]  # the same over the test split
    page: bool  # whether report.html stands beside it


def saved_runs(folder: Path | None) -> list[Run]:
    """The runs of a folder, the latest first; files that are no reports are passed over."""
    if folder is None or not folder.is_dir():
        return []
    found = [run for path in folder.glob("*/*/report.json") if (run := _read(path)) is not None]
    return sorted(found, key=lambda run: run.started, reverse=True)[:_LISTED]


def report_page(folder: Path | None, system: str, revision: str) -> Path | None:
    """The HTML report of a run, None when there is none."""
    if folder is None or not _NAME.match(system) or not _NAME.match(revision):
        return None
    path = folder / system / revision / "report.html"
    inside = path.resolve().is_relative_to(folder.resolve())
    return path if inside and path.is_file() and path.stat().st_size < _LARGEST else None


def _read(path: Path) -> Run | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        report = json.loads(path.read_text(encoding="utf-8"))
        return Run(
            path.parent.parent.name, path.parent.name, str(report["started"]), len(report["turns"]),
            str(report.get("unavailable") or ""), _measures(report, {}), _measures(report, {"split": "test"}),
            path.with_name("report.html").is_file(),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _measures(
    report: Mapping[str, Any], group: Mapping[str, str]
) -> dict[str, tuple[float, float | None, float | None]]:
    return {
        str(a["measure"]): (float(a["value"]), a.get("low"), a.get("high"))
        for a in report.get("aggregates", ())
        if a["group"] == group and a["value"] is not None
    }
