"""A product broken on purpose is caught by the measure that should catch it, and by floors on that measure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evals.gate import Floor, hold
from evals.run import load_report, run_system
from evals.systems import System
from evals.testing import (
    AlteredCharacter,
    AlwaysAbstains,
    Forgetful,
    NeverAbstains,
    Perfect,
    ShuffledSpeakers,
    WrongCalculator,
)
from evals.types import Case, Report

PERFECT = {
    "verbatim": 1.0, "speaker": 1.0, "quote_recall": 1.0, "quote_hit": 1.0, "quote_precision": 1.0,
    "abstention_f1": 1.0, "false_abstention": 0.0, "facts": 1.0, "calculator_tool": 1.0, "calculator_arguments": 1.0,
    "calculator_value": 1.0, "calculator_refusal": 1.0, "follow_up": 1.0, "rewriting": 1.0, "follow_up_loss": 0.0,
    "success": 1.0, "error": 0.0, "recall_at_20": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def some(cases: tuple[Case, ...]) -> list[Case]:
    """Development cases of every sort, few enough to be quick."""
    dev = [case for case in cases if case.split == "dev"]
    kept = [case for case in dev if case.conversation][:20] + [case for case in dev if not case.conversation][::3]
    # Perfect answers by the words of the question, so a question that two cases expect differently of is left out
    seen: dict[str, object] = {}
    clear = []
    for case in kept:
        wordings = [(text, turn) for turn in case.turns for text in {turn.question, turn.rewrite or turn.question}]
        if all(seen.setdefault(text, turn.gold) == turn.gold for text, turn in wordings):
            clear.append(case)
    return clear


def report_of(system: System, cases: list[Case], folder: Path) -> Report:
    return load_report(run_system("double", lambda: system, cases, folder, jobs=0, resamples=0))


def value(report: Report, measure: str) -> float | None:
    found = report.find(measure)
    assert found is not None
    return found.value


def test_a_perfect_answerer_gets_full_marks_in_everything(some: list[Case], tmp_path: Path) -> None:
    report = report_of(Perfect(some), some, tmp_path)
    assert {name: value(report, name) for name in PERFECT} == pytest.approx(PERFECT)


@pytest.mark.parametrize(
    ("broken", "caught"),
    [
        (ShuffledSpeakers, {"speaker": 0.0, "quote_recall": 0.0, "quote_precision": 0.0, "verbatim": 1.0}),
        (AlteredCharacter, {"verbatim": 0.0, "quote_recall": 0.0, "speaker": None}),
        (NeverAbstains, {"abstention_recall": 0.0, "abstention_f1": 0.0, "quote_recall": 1.0}),
        (AlwaysAbstains, {"false_abstention": 1.0, "quote_recall": 0.0, "abstention_recall": 1.0}),
        (WrongCalculator, {"calculator_value": 0.0, "calculator_tool": 1.0, "calculator_arguments": 1.0}),
    ],
)
def test_each_mistake_is_caught_by_its_measure(
    broken: Callable[[System], System], caught: dict[str, float | None], some: list[Case], tmp_path: Path
) -> None:
    report = report_of(broken(Perfect(some)), some, tmp_path)
    assert {name: value(report, name) for name in caught} == caught


def test_forgetting_the_thread_shows_as_follow_up_loss_and_nowhere_in_the_rewritings(
    some: list[Case], tmp_path: Path
) -> None:
    report = report_of(Forgetful(Perfect(some)), some, tmp_path)
    assert value(report, "rewriting") == 1.0
    loss = value(report, "follow_up_loss")
    assert loss is not None
    assert loss > 0.5


def test_a_floor_on_the_measure_stops_the_broken_product_only(some: list[Case], tmp_path: Path) -> None:
    floors = [Floor("speaker", {}, 1.0, None), Floor("false_abstention", {"split": "dev"}, None, 0.05)]
    good = hold(report_of(Perfect(some), some, tmp_path / "good"), floors)
    assert [verdict.holds for verdict in good] == [True, True]
    bad = hold(report_of(ShuffledSpeakers(Perfect(some)), some, tmp_path / "bad"), floors)
    assert [verdict.holds for verdict in bad] == [False, True]
    assert "0.000, wanted at least 1" in bad[0].sentence


def test_a_floor_on_what_could_not_be_scored_is_broken(some: list[Case], tmp_path: Path) -> None:
    (verdict,) = hold(report_of(Perfect(some), some, tmp_path), [Floor("cost_usd", {}, None, 1.0)])
    assert not verdict.holds
    assert "could not be scored" in verdict.sentence
