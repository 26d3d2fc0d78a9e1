"""Two runs side by side: what got better, what got worse, and whether that is more than luck.

Cases are paired; the p-value is two-sided, of a permutation test that swaps the two runs case by case. Means here are
over cases, so they can differ a little from a report's shares over quotes or needs.

    python -m evals compare runs/bm25/abc1234 runs/ours/abc1234
"""

from __future__ import annotations

from collections.abc import Iterable

from evals.errors import EvaluationError
from evals.measures import MEASURES, Measure, shown
from evals.statistics import differences
from evals.summary import columns
from evals.types import Report, ScoredTurn


def comparison(before: Report, after: Report, measure: str = "success", splits: Iterable[str] = ("dev",)) -> str:
    """The table of all measures, then the questions that changed in one measure, worst first.

    Args:
        splits: Whose questions are listed; the table counts all.

    Raises:
        EvaluationError: The measure is unknown, a run could not be made, or the runs share no question.
    """
    known = [name for name, one in MEASURES.items() if one.paired]
    if measure not in known:
        raise EvaluationError(
            f"No measure {measure!r} can be compared question by question; one of {', '.join(known)}."
        )
    for report in (before, after):
        if report.unavailable:
            raise EvaluationError(f"{report.config} at {report.revision} was not run: {report.unavailable}")
    found = differences(before.turns, after.turns)
    if not found:
        raise EvaluationError("The two runs share no question that both could score; run the same suites.")
    rows = [("", "before", "after", "change", "p", "better", "worse", "same")]
    for one in found:
        p_value = "–" if one.p_value is None else "<0.001" if one.p_value < 0.001 else f"{one.p_value:.3f}"
        change = one.after - one.before
        rows.append(
            (
                MEASURES[one.measure].title, shown(one.measure, one.before), shown(one.measure, one.after),
                f"{'+' if change >= 0 else '−'}{shown(one.measure, abs(change))}", p_value, str(one.better),
                str(one.worse), str(one.same),
            )
        )  # fmt: skip
    lines = [f"before: {before.config} at {before.revision}", f"after:  {after.config} at {after.revision}"]
    lines += columns(rows)
    lines += questions(before, after, MEASURES[measure], splits)
    return "\n".join(lines)


def questions(before: Report, after: Report, measure: Measure, splits: Iterable[str]) -> list[str]:
    """The questions whose value changed: those that got worse, then those that got better, largest change first."""
    allowed, source = set(splits), measure.source or measure.name
    earlier = {(turn.case_id, turn.turn): turn for turn in before.turns}
    changed: list[tuple[float, ScoredTurn, float, float]] = []
    for turn in after.turns:
        other = earlier.get((turn.case_id, turn.turn))
        old, new = (t.scores.get(source) if t else None for t in (other, turn))
        if turn.split not in allowed or old is None or new is None or old.value is None or new.value is None:
            continue
        if old.value != new.value:
            gain = (new.value - old.value) * (1 if measure.higher_is_better else -1)
            changed.append((gain, turn, old.value, new.value))
    changed.sort(key=lambda item: (item[0] > 0, -abs(item[0]), item[1].case_id, item[1].turn))
    lines = [f"{measure.title}, question by question ({', '.join(sorted(allowed))}): {len(changed)} changed"]
    for gain, turn, was, now in changed:
        number = f"#{turn.turn}" if turn.conversation else ""
        word = "better" if gain > 0 else "worse"
        values = f"{shown(measure.name, was)} → {shown(measure.name, now)}"
        why = turn.scores[source].why
        reason = f"  ({why})" if why else ""
        lines.append(f"  {word:6} {values}  {turn.case_id}{number} [{turn.kind}] {turn.question}{reason}")
    return lines
