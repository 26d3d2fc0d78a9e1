"""Folding: pooled shares, intervals over cases, nothing scored stays nothing."""

from __future__ import annotations

import numpy as np
import pytest

from evals.compare import comparison
from evals.errors import EvaluationError
from evals.measures import MEASURES, shown
from evals.statistics import aggregate, differences, reliability
from evals.types import Aggregate, Report, Score, ScoredTurn


def scored(
    case: str, number: int = 1, split: str = "dev", kind: str = "position", **values: float | None
) -> ScoredTurn:
    scores = {name: Score(measure=name, value=value) for name, value in values.items()}
    return ScoredTurn.model_validate(
        {
            "case_id": case, "turn": number, "question": f"question of {case}", "kind": kind, "language": "en",
            "split": split, "suite": "singles", "tags": (), "conversation": number > 1, "scores": scores,
        }
    )  # fmt: skip


def find(aggregates: list[Aggregate], measure: str, **group: str) -> Aggregate:
    return next(a for a in aggregates if a.measure == measure and a.group == group)


def weighted(case: str, value: float, weight: float) -> ScoredTurn:
    turn = scored(case)
    return turn.model_copy(
        update={"scores": {"quote_recall": Score(measure="quote_recall", value=value, weight=weight)}}
    )


def test_a_share_is_pooled_over_needs_not_over_questions() -> None:
    found = find(aggregate([weighted("a", 1.0, 1), weighted("b", 0.0, 3)]), "quote_recall")
    assert found.value == 0.25


def test_unscored_answers_are_counted_and_do_not_pull_the_mean_down() -> None:
    found = find(aggregate([scored("a", facts=1.0), scored("b", facts=None), scored("c")]), "facts")
    assert (found.value, found.scored, found.unscored) == (1.0, 1, 2)
    nothing = find(aggregate([scored("a", facts=None)]), "facts")
    assert (nothing.value, nothing.low, nothing.high) == (None, None, None)
    assert shown("facts", nothing.value) == "–"


def test_an_interval_holds_the_value_and_is_the_same_every_time() -> None:
    rng = np.random.default_rng(1)
    turns = [scored(f"c{n}", quote_hit=float(rng.random() < 0.7)) for n in range(100)]
    first, second = find(aggregate(turns), "quote_hit"), find(aggregate(turns), "quote_hit")
    assert first == second
    assert first.value is not None and first.low is not None and first.high is not None
    assert 0.5 < first.low < first.value < first.high < 0.9
    # about 1.96 standard errors to each side
    assert first.high - first.low == pytest.approx(2 * 1.96 * (0.7 * 0.3 / 100) ** 0.5, abs=0.05)


def test_turns_of_one_conversation_are_drawn_together() -> None:
    apart = [scored(f"c{n}", quote_hit=float(n % 2)) for n in range(40)]
    together = [scored(f"c{n // 4}", n % 4 + 1, quote_hit=float(n // 4 % 2)) for n in range(40)]
    narrow, wide = (find(aggregate(turns), "quote_hit") for turns in (apart, together))
    assert narrow.value == wide.value == 0.5
    assert (wide.high or 0) - (wide.low or 0) > 1.5 * ((narrow.high or 0) - (narrow.low or 0))


def test_latency_is_folded_to_percentiles() -> None:
    turns = [scored(f"c{n}", latency_ms=float(n)) for n in range(1, 102)]
    found = aggregate(turns)
    assert find(found, "latency_p50_ms").value == 51.0
    assert find(found, "latency_p95_ms").value == 96.0


def test_groups_are_by_split_and_kind() -> None:
    found = aggregate([scored("a", quote_hit=1.0), scored("b", split="test", kind="figure", quote_hit=0.0)])
    assert find(found, "quote_hit", split="dev").value == 1.0
    assert find(found, "quote_hit", split="test", kind="figure").value == 0.0


def test_reliability_bins_hold_what_was_promised_and_what_came_true() -> None:
    turns = [scored("a", brier=0.0), scored("b", kind="unanswerable", brier=0.0), scored("c", brier=None)]
    bins = reliability(turns, {("a", 1): 0.95, ("b", 1): 1.0, ("c", 1): 0.2})
    assert [(b.n, b.low, b.answerable) for b in bins] == [(2, 0.9, 0.5)]
    assert bins[0].confidence == pytest.approx(0.975)


def _report(name: str, turns: list[ScoredTurn]) -> Report:
    return Report(
        config=name, revision="r", transcript_sha256="0", started="now", machine="here", opening_s=None, memory_mb=None,
        turns=tuple(turns),
    )  # fmt: skip


def test_a_real_difference_is_told_from_luck() -> None:
    before = [scored(f"c{n}", success=float(n % 2)) for n in range(40)]
    better = [scored(f"c{n}", success=1.0) for n in range(40)]
    (clear,) = differences(before, better)
    assert (clear.better, clear.worse, clear.same) == (20, 0, 20)
    assert clear.p_value is not None and clear.p_value < 0.001
    swapped = [scored(f"c{n}", success=float((n + (n in (0, 1))) % 2)) for n in range(40)]
    (luck,) = differences(before, swapped)
    assert (luck.better, luck.worse) == (1, 1)
    assert luck.p_value is not None and luck.p_value > 0.5
    (nothing,) = differences(before, before)
    assert nothing.p_value is None


def test_less_is_better_where_the_measure_says_so() -> None:
    (slower,) = differences([scored("a", latency_ms=1.0)], [scored("a", latency_ms=2.0)])
    assert (slower.better, slower.worse, slower.p_value) == (0, 1, None)
    assert not MEASURES["follow_up_loss"].higher_is_better


def test_a_comparison_lists_what_changed_and_hides_the_test_split() -> None:
    before = _report(
        "old", [scored("a", success=1.0), scored("b", success=0.0), scored("c", split="test", success=0.0)]
    )
    after = _report("new", [scored("a", success=0.0), scored("b", success=1.0), scored("c", split="test", success=1.0)])
    text = comparison(before, after)
    listed = text.splitlines()[-2:]
    assert listed[0].split()[0] == "worse" and "question of a" in listed[0]
    assert listed[1].split()[0] == "better" and "question of b" in listed[1]
    assert "question of c" not in text
    assert "question of c" in comparison(before, after, splits=("dev", "test"))
    with pytest.raises(EvaluationError, match="share no question"):
        comparison(before, _report("other", [scored("z", success=1.0)]))
    with pytest.raises(EvaluationError, match="success"):
        comparison(before, after, "charm")
