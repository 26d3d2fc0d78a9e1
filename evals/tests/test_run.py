"""Runs go on where they stopped, tell what they cost, and say why a system could not run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from evals import revision as revisions
from evals.errors import EvaluationError, RunNotFoundError, SystemUnavailableError
from evals.run import load_report, run, run_system
from evals.systems import Product, System
from evals.testing import Perfect
from evals.types import Case, Prediction


@pytest.fixture(scope="module")
def few(cases: tuple[Case, ...]) -> list[Case]:
    return [case for case in cases if case.conversation][:2] + [case for case in cases if not case.conversation][:6]


class Crashing:
    """Stops the run at the nth conversation."""

    def __init__(self, inner: Perfect, at: int) -> None:
        self.inner, self.at, self.transcript = inner, at, inner.transcript

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        if len(self.inner.asked) >= self.at:
            raise KeyboardInterrupt
        return self.inner.answer(questions)


def test_a_stopped_run_asks_only_what_is_left(few: list[Case], tmp_path: Path) -> None:
    first = Perfect(few)
    with pytest.raises(KeyboardInterrupt):
        run_system("double", lambda: Crashing(first, 7), few, tmp_path, jobs=0, resamples=0)
    saved = (tmp_path / "predictions.jsonl").read_text("utf-8").splitlines()
    assert 0 < len(saved) < len(few)
    second = Perfect(few)
    report = load_report(run_system("double", lambda: second, few, tmp_path, jobs=0, resamples=0))
    assert {turn.case_id for turn in report.turns} == {case.id for case in few}
    answered = [json.loads(line)["case_id"] for line in saved]
    left = [case for case in few if case.id not in answered]
    # the first question of each case that was left, and nothing of those that were saved
    assert [asked for asked in second.asked if len(asked) > 1] == [
        tuple(turn.question for turn in case.turns) for case in left if case.conversation
    ]
    assert {case.turns[0].question for case in left} <= {asked[0] for asked in second.asked}
    third = Perfect(few)
    run_system("double", lambda: third, few, tmp_path, jobs=0, resamples=0)
    assert third.asked == []


def test_a_line_cut_short_by_a_crash_is_asked_again(few: list[Case], tmp_path: Path) -> None:
    run_system("double", lambda: Perfect(few), few, tmp_path, jobs=0, resamples=0)
    path = tmp_path / "predictions.jsonl"
    data = path.read_bytes()
    path.write_bytes(data[:-40])
    again = Perfect(few)
    run_system("double", lambda: again, few, tmp_path, jobs=0, resamples=0)
    assert again.asked[0][0] == few[-1].turns[0].question
    assert path.read_bytes() == data


def test_a_case_that_was_reworded_is_asked_again(few: list[Case], tmp_path: Path) -> None:
    run_system("double", lambda: Perfect(few), few, tmp_path, jobs=0, resamples=0)
    turn = few[-1].turns[0].model_copy(update={"question": "Quite another question?"})
    changed = [*few[:-1], few[-1].model_copy(update={"turns": (turn,)})]
    again = Perfect(changed)
    run_system("double", lambda: again, changed, tmp_path, jobs=0, resamples=0)
    assert again.asked == [("Quite another question?",)]


def test_fresh_forgets_what_was_saved(few: list[Case], tmp_path: Path) -> None:
    run_system("double", lambda: Perfect(few), few, tmp_path, jobs=0, resamples=0)
    again = Perfect(few)
    run_system("double", lambda: again, few, tmp_path, jobs=0, resamples=0, fresh=True)
    assert len([asked for asked in again.asked if asked]) >= len(few)


def _unavailable() -> System:
    raise SystemUnavailableError("The weights are not installed; install the extra.")


def test_a_system_that_cannot_run_says_why(few: list[Case], tmp_path: Path) -> None:
    report = load_report(run_system("peer", _unavailable, few, tmp_path, jobs=1, resamples=0))
    assert report.unavailable == "The weights are not installed; install the extra."
    assert report.aggregates == ()
    # and once it can, the same run is made
    report = load_report(run_system("peer", lambda: Perfect(few), few, tmp_path, jobs=0, resamples=0))
    assert report.unavailable is None
    assert report.turns


@pytest.mark.slow
def test_two_processes_give_the_scores_of_one_and_tell_memory_and_opening(few: list[Case], tmp_path: Path) -> None:
    one = load_report(run_system("d", partial(Perfect, few), few, tmp_path / "a", jobs=0, resamples=200))
    two = load_report(run_system("d", partial(Perfect, few), few, tmp_path / "b", jobs=2, resamples=200))
    assert two.aggregates == one.aggregates
    assert two.turns == one.turns
    assert (two.opening_s or 0) > 0
    assert (two.memory_mb or 0) > 10
    assert one.opening_s is None


def test_a_crash_of_the_product_is_recorded_and_does_not_end_the_run() -> None:
    class Bad:
        def ask(self, question: str, thread: str | None = None) -> object:
            raise ZeroDivisionError("oh")

    (prediction,) = Product(Bad(), Perfect([]).transcript).answer(["?"])  # type: ignore[arg-type]
    assert prediction.error == "ZeroDivisionError: oh"
    assert not prediction.abstained


def test_unknown_names_are_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="ours"):
        run("theirs", root=tmp_path)
    with pytest.raises(EvaluationError, match="singles"):
        run("ours", suites=["everything"], root=tmp_path)
    with pytest.raises(RunNotFoundError):
        load_report(tmp_path / "nothing")


def test_a_revision_changes_with_a_measured_file_and_not_with_a_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus" / "tests").mkdir(parents=True)
    (tmp_path / "corpus" / "a.py").write_text("1")
    monkeypatch.setattr(revisions, "ROOT", tmp_path)
    before = revisions.digest()
    (tmp_path / "corpus" / "tests" / "test_a.py").write_text("1")
    assert revisions.digest() == before
    (tmp_path / "corpus" / "a.py").write_text("2")
    assert revisions.digest() != before
