"""The cases themselves: enough of them, well-formed, and every quote where it is said to be."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.calculators.registry import calculators
from evals.casebook import check_cases, load_cases, parse_case
from evals.errors import CaseError, EvaluationError, LineError
from evals.ground import Ground
from evals.types import KINDS, Case


def test_every_gold_and_acceptable_quote_stands_verbatim_in_a_turn_of_its_speaker(
    cases: tuple[Case, ...], ground: Ground
) -> None:
    assert check_cases(cases, ground) == []


def test_there_are_enough_of_every_sort(cases: tuple[Case, ...]) -> None:
    singles = [case for case in cases if case.suite == "singles"]
    conversations = [case for case in cases if case.suite == "conversations"]
    assert len(singles) >= 240
    assert len(conversations) >= 40
    assert all(2 <= len(case.turns) <= 5 for case in conversations)
    for some in (singles, conversations):
        chinese = sum(case.language == "zh" for case in some) / len(some)
        assert 0.4 <= chinese <= 0.6
    kinds = Counter(turn.kind for case in cases for turn in case.turns)
    assert set(kinds) == set(KINDS)
    assert 0.2 <= sum(case.turns[0].kind == "unanswerable" for case in singles) / len(singles) <= 0.3


def test_every_kind_of_single_question_has_a_third_in_the_test_split(cases: tuple[Case, ...]) -> None:
    for kind in KINDS:
        own = [case for case in cases if case.suite != "conversations" and not case.conversation]
        own = [case for case in own if case.turns[0].kind == kind]
        assert 0.2 <= sum(case.split == "test" for case in own) / len(own) <= 0.45, kind


def test_no_question_is_asked_in_both_splits(cases: tuple[Case, ...]) -> None:
    by_split: dict[str, set[str]] = {"dev": set(), "test": set()}
    for case in cases:
        if not case.conversation:
            by_split[case.split].add(case.turns[0].question.casefold())
    assert not by_split["dev"] & by_split["test"]


def test_expected_calculations_name_calculators_inputs_and_outputs_that_exist(cases: tuple[Case, ...]) -> None:
    for case in cases:
        for turn in case.turns:
            for expected in turn.calculations:
                declared = calculators()[expected.calculator]
                assert set(expected.arguments) <= {field.name for field in declared.fields}, case.id
                assert set(expected.outputs) <= {output.name for output in declared.outputs}, case.id
                assert expected.outputs, case.id


def test_a_quote_of_somebody_else_is_a_problem(cases: tuple[Case, ...], ground: Ground) -> None:
    case = next(case for case in cases if case.turns[0].gold and not case.conversation)
    need = case.turns[0].gold[0]
    other = next(s.name for s in ground.transcript.speakers if s.name != need.any[0].speaker)
    quote = need.any[0].model_copy(update={"speaker": other})
    turn = case.turns[0].model_copy(update={"gold": (need.model_copy(update={"any": (quote,)}),)})
    assert any(other in problem for problem in check_cases([case.model_copy(update={"turns": (turn,)})], ground))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "opinion"}, "kind"),
        ({"kind": "unanswerable"}, "exactly when"),
        ({"split": "train"}, "split"),
        ({"gold": []}, "needs gold"),
        ({"surprise": 1}, "surprise"),
        ({"question": ""}, "question"),
    ],
)
def test_a_line_that_is_no_case_is_named_with_its_line(change: dict[str, object], complaint: str) -> None:
    line: dict[str, object] = {
        "id": "x", "kind": "position", "language": "en", "split": "dev", "tags": [], "question": "Why?",
        "gold": [{"any": [{"speaker": "A", "quote": "b"}]}], "acceptable": [], "facts": [], "unanswerable": None,
    }  # fmt: skip
    assert parse_case(Path("cases.jsonl"), 1, line, "singles").turns[0].question == "Why?"
    with pytest.raises(LineError, match=r"cases\.jsonl, line 7") as caught:
        parse_case(Path("cases.jsonl"), 7, line | change, "singles")
    assert complaint in str(caught.value)


def test_two_cases_of_one_id_are_refused(tmp_path: Path) -> None:
    line = {
        "id": "x", "kind": "unanswerable", "language": "en", "split": "dev", "question": "Hi",
        "unanswerable": "small_talk",
    }  # fmt: skip
    (tmp_path / "singles.en.jsonl").write_text(json.dumps(line) + "\n" + json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match="'x'"):
        load_cases(tmp_path, ["singles"])
    with pytest.raises(EvaluationError, match=r"no files"):
        load_cases(tmp_path, ["numeric"])
