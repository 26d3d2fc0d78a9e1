"""A report in the terminal: the headline measures by split and language, and the misses.

Lists questions of the splits it is given only; by default callers give the development split, for nobody looks at the
test split's questions while tuning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evals.measures import HEADLINE, MEASURES, shown
from evals.types import Aggregate, Report, ScoredTurn

_COLUMNS: tuple[tuple[str, dict[str, str]], ...] = (
    ("all", {}),
    ("dev", {"split": "dev"}),
    ("test", {"split": "test"}),
    ("dev zh", {"split": "dev", "language": "zh"}),
    ("dev en", {"split": "dev", "language": "en"}),
    ("test zh", {"split": "test", "language": "zh"}),
    ("test en", {"split": "test", "language": "en"}),
)
_MISSED = (
    "quote_recall", "quote_precision", "abstention_f1", "facts", "calculator_value", "calculator_refusal", "error",
)  # fmt: skip


def summary(report: Report) -> str:
    """The headline measures as a plain table; the interval of the whole beside it."""
    head = f"{report.config} at {report.revision}: {len(report.turns)} questions"
    if report.unavailable:
        return f"{report.config}: not run. {report.unavailable}"
    rows = [["", "95 % interval", *(name for name, _ in _COLUMNS)]]
    for name in MEASURES:
        whole = report.find(name)
        if whole is None or (whole.value is None and name not in HEADLINE):
            continue
        values = [report.find(name, **group) for _, group in _COLUMNS]
        rows.append([MEASURES[name].title, interval(whole), *(shown(name, a.value if a else None) for a in values)])
    extra = [
        f"opened in {report.opening_s:.2f} s" if report.opening_s is not None else "",
        f"peak memory {report.memory_mb:,.0f} MB" if report.memory_mb is not None else "",
    ]
    return "\n".join((head, *columns(rows), ", ".join(part for part in extra if part)))


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines of text: the first column to the left, the others to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def interval(aggregate: Aggregate) -> str:
    """ "[low, high]", or "–" when there is none."""
    if aggregate.low is None or aggregate.high is None:
        return "–"
    return f"[{shown(aggregate.measure, aggregate.low)}, {shown(aggregate.measure, aggregate.high)}]"


def missed(turns: Iterable[ScoredTurn], splits: Iterable[str]) -> Iterator[tuple[ScoredTurn, list[str]]]:
    """Turns of the splits that fall short in something, with what, in the order of the cases."""
    allowed = set(splits)
    for turn in turns:
        if turn.split not in allowed:
            continue
        reasons = []
        for name in _MISSED:
            score = turn.scores.get(name)
            if score is None or score.value is None:
                continue
            bad = score.value < 1 if MEASURES[name].higher_is_better else score.value > 0
            if bad:
                why = f": {score.why}" if score.why else ""
                reasons.append(f"{MEASURES[name].title} {shown(name, score.value)}{why}")
        if reasons:
            yield turn, reasons


def misses(report: Report, splits: Iterable[str]) -> str:
    """The misses as plain lines."""
    lines = [f"Misses ({', '.join(splits)}):"]
    for turn, reasons in missed(report.turns, splits):
        number = f"#{turn.turn}" if turn.conversation else ""
        lines.append(f"  {turn.case_id}{number} [{turn.kind}] {turn.question}")
        lines.extend(f"      {reason}" for reason in reasons)
    return "\n".join(lines)
