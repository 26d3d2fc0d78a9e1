"""The README's table of systems, written between two markers by a command.

python -m evals table --readme README.md
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.errors import EvaluationError, RunNotFoundError
from evals.measures import shown
from evals.systems import CONFIGS
from evals.types import Report

START, END = "<!-- evaluation table: start -->", "<!-- evaluation table: end -->"
# column → (measure, group); the test split, because nobody tuned on it
_COLUMNS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Recall zh", "quote_recall", {"split": "test", "language": "zh"}),
    ("Recall en", "quote_recall", {"split": "test", "language": "en"}),
    ("Hit any", "quote_hit", {"split": "test"}),
    ("Precision", "quote_precision", {"split": "test"}),
    ("Quotes", "quotes_given", {"split": "test"}),
    ("Verbatim", "verbatim", {"split": "test"}),
    ("Speaker", "speaker", {"split": "test"}),
    ("Abstention F1", "abstention_f1", {"split": "test"}),
    ("False abst.", "false_abstention", {"split": "test"}),
    ("Follow-up loss", "follow_up_loss", {"split": "test"}),
    ("Calculations", "calculator_value", {"split": "test"}),
    ("nDCG@10", "ndcg_at_10", {"split": "test"}),
    ("p50 ms", "latency_p50_ms", {}),
    ("p95 ms", "latency_p95_ms", {}),
)


def latest(root: Path) -> list[Path]:
    """The newest run of each configuration, in the order of the configurations.

    Raises:
        RunNotFoundError: There are none.
    """
    found: list[Path] = []
    for name in CONFIGS:
        reports = sorted((root / name).glob("*/report.json"), key=lambda path: path.stat().st_mtime)
        found.extend(path.parent for path in reports[-1:])
    if not found:
        raise RunNotFoundError(f"{root} holds no runs; make some with `python -m evals run --config all`.")
    return found


def markdown(reports: Sequence[Report]) -> str:
    """A Markdown table, one row per report, with what it was measured on below it."""
    heads = ["System", *(name for name, _, _ in _COLUMNS), "Open s", "Memory MB"]
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    notes: list[str] = []
    for report in reports:
        if report.unavailable:
            lines.append(f"| {_cell(report.config)} |" + " – |" * (len(heads) - 1))
            notes.append(f"{report.config} was not run: {report.unavailable}")
            continue
        cells = [_cell(report.config)]
        for _, measure, group in _COLUMNS:
            aggregate = report.find(measure, **group)
            cells.append(shown(measure, aggregate.value if aggregate else None))
        cells.append("–" if report.opening_s is None else f"{report.opening_s:.1f}")
        cells.append("–" if report.memory_mb is None else f"{report.memory_mb:,.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    measured = next((report for report in reports if not report.unavailable), None)
    if measured is not None:
        test = sum(turn.split == "test" for turn in measured.turns)
        revisions = sorted({report.revision for report in reports if not report.unavailable})
        notes.insert(
            0, f"Quality on the {test} questions of the test split, latency on all {len(measured.turns)}; "
            f"{measured.machine}; revision {', '.join(revisions)}. – means it could not be scored.",
        )  # fmt: skip
    return "\n".join((*lines, "", *(f"{note}  " for note in notes)))


def replace(page: str, table: str) -> str:
    """A page with the table between its markers.

    Raises:
        EvaluationError: The markers are missing or out of order.
    """
    start, end = page.find(START), page.find(END)
    if start < 0 or end < start:
        raise EvaluationError(f"The file has no place for the table; add the lines {START} and {END}.")
    return f"{page[: start + len(START)]}\n{table}\n{page[end:]}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
