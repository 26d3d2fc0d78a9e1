"""Scorers are code too: hand-made predictions over a transcript small enough to score by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.parse import transcript_from_turns
from evals.ground import Ground, Place, covers
from evals.score import score_answer, score_case
from evals.scorers.facts import holds
from evals.scorers.follow_ups import score_follow_up
from evals.scorers.retrieval import need_ranking
from evals.types import (
    Case,
    CaseTurn,
    ExpectedCalculation,
    Need,
    PredictedCalculation,
    Prediction,
    Record,
    Refusal,
    Score,
    SpokenQuote,
)

GROUND = Ground(
    transcript_from_turns(
        [
            ("Ann", "Is it a bubble? I wonder."),
            ("Bob", "It is not a bubble. Chips last six years. Demand is real."),
            ("Cy", "I doubt it. It is not a bubble. Chips last three years."),
        ],
        "panel",
    )
)


def said(speaker: str, quote: str) -> SpokenQuote:
    return SpokenQuote(speaker=speaker, quote=quote)


def need(*quotes: SpokenQuote) -> Need:
    return Need(any=quotes)


def turn(*needs: Need, **more: object) -> CaseTurn:
    return CaseTurn.model_validate({"question": "?", "kind": "position", "gold": needs, **more})


ANSWERED = turn(need(said("Bob", "Demand is real.")))
SILENT = CaseTurn(question="?", kind="unanswerable", unanswerable="topic_absent")


def predicted(*quotes: SpokenQuote, **more: object) -> Prediction:
    return Prediction.model_validate({"abstained": False, "quotes": quotes, "latency_ms": 1.0, **more})


def values(asked: CaseTurn, prediction: Prediction) -> dict[str, float | None]:
    return {name: score.value for name, score in score_answer(asked, prediction, GROUND).items()}


def test_a_need_is_met_by_half_of_an_alternative_and_not_by_less() -> None:
    asked = turn(need(said("Bob", "Chips last six years.")))
    assert values(asked, predicted(said("Bob", "Chips last ")))["quote_recall"] == 1.0  # 11 of 21
    assert values(asked, predicted(said("Bob", "Chips last")))["quote_recall"] == 0.0  # 10 of 21
    assert (
        values(asked, predicted(said("Bob", "It is not a bubble. Chips last six years. Demand")))["quote_recall"] == 1.0
    )


def test_two_quotes_of_one_stretch_cover_it_once() -> None:
    asked = turn(need(said("Bob", "Chips last six years.")))
    twice = predicted(said("Bob", "Chips la"), said("Bob", "Chips la"))
    assert values(asked, twice)["quote_recall"] == 0.0
    assert values(asked, predicted(said("Bob", "Chips l"), said("Bob", "years.")))["quote_recall"] == 1.0


def test_the_same_words_of_another_speaker_do_not_meet_a_need() -> None:
    asked = turn(need(said("Bob", "It is not a bubble.")))
    result = values(asked, predicted(said("Cy", "It is not a bubble.")))
    assert result["quote_recall"] == 0.0
    assert result["speaker"] == 1.0  # Cy did say it
    assert values(asked, predicted(said("Ann", "It is not a bubble.")))["speaker"] == 0.0  # Ann did not


def test_a_quote_across_two_turns_is_not_verbatim() -> None:
    raw = GROUND.transcript.raw
    across = raw[raw.index("Demand is real.") : raw.index("I doubt it.") + 5]
    assert values(turn(need(said("Bob", "Demand is real."))), predicted(said("Bob", across)))["verbatim"] == 0.0


def test_an_empty_quote_is_not_verbatim() -> None:
    result = values(turn(need(said("Bob", "Demand is real."))), predicted(said("Bob", " ")))
    assert (result["verbatim"], result["speaker"]) == (0.0, None)


def test_needs_are_counted_one_by_one_and_any_alternative_will_do() -> None:
    asked = turn(
        need(said("Bob", "Chips last six years."), said("Bob", "Demand is real.")), need(said("Cy", "I doubt it."))
    )
    result = values(asked, predicted(said("Bob", "Demand is real.")))
    assert (result["quote_recall"], result["quote_hit"]) == (0.5, 1.0)
    assert values(asked, predicted(said("Ann", "I wonder.")))["quote_hit"] == 0.0


def test_precision_asks_for_the_turn_and_the_speaker() -> None:
    asked = turn(need(said("Bob", "Demand is real.")), acceptable=(said("Ann", "I wonder."),))
    assert values(asked, predicted(said("Bob", "Chips last six years.")))["quote_precision"] == 1.0  # same turn
    assert values(asked, predicted(said("Ann", "Is it a bubble?")))["quote_precision"] == 1.0
    assert values(asked, predicted(said("Cy", "I doubt it."), said("Bob", "Demand is real.")))["quote_precision"] == 0.5
    assert values(asked, predicted(said("Ann", "Demand is real.")))["quote_precision"] == 0.0


def test_what_cannot_be_scored_is_none_and_never_zero() -> None:
    asked = turn(need(said("Bob", "Demand is real.")))
    result = values(asked, Prediction(abstained=True, latency_ms=1.0))
    assert result["quote_recall"] == 0.0  # there was something to say
    for name in (
        "verbatim",
        "speaker",
        "quote_precision",
        "facts",
        "calculator_value",
        "brier",
        "recall_at_5",
        "cost_usd",
    ):
        assert result[name] is None, name
    silent = values(SILENT, Prediction(abstained=True, latency_ms=1.0))
    assert silent["quote_recall"] is None
    assert silent["false_abstention"] is None


@pytest.mark.parametrize(
    ("asked", "abstained", "expected"),
    [
        (SILENT, True, {"abstention_precision": 1.0, "abstention_recall": 1.0, "abstention_f1": 1.0}),
        (SILENT, False, {"abstention_precision": None, "abstention_recall": 0.0, "abstention_f1": 0.0}),
        (ANSWERED, True, {"abstention_precision": 0.0, "abstention_f1": 0.0, "false_abstention": 1.0}),
        (ANSWERED, False, {"abstention_precision": None, "abstention_f1": None, "false_abstention": 0.0}),
    ],
)  # fmt: skip
def test_abstention_is_the_positive_call(asked: CaseTurn, abstained: bool, expected: dict[str, float | None]) -> None:
    result = values(asked, Prediction(abstained=abstained, latency_ms=1.0))
    assert {name: result[name] for name in expected} == expected


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_f1_folded_from_single_answers_is_the_f1_of_the_counts(pairs: list[tuple[bool, bool]]) -> None:
    total = weights = 0.0
    for silent, abstained in pairs:
        asked = SILENT if silent else turn(need(said("Bob", "Demand is real.")))
        score = score_answer(asked, Prediction(abstained=abstained, latency_ms=1.0), GROUND)["abstention_f1"]
        if score.value is not None:
            total, weights = total + score.value * score.weight, weights + score.weight
    true_positive = sum(silent and abstained for silent, abstained in pairs)
    wrong = sum(silent != abstained for silent, abstained in pairs)
    if true_positive + wrong:
        assert total / weights == pytest.approx(2 * true_positive / (2 * true_positive + wrong))
    else:
        assert weights == 0


def test_retrieval_counts_each_need_where_it_is_first_covered() -> None:
    asked = turn(need(said("Bob", "Chips last six years.")), need(said("Cy", "Chips last three years.")))
    evidence = ("t1.1", "t2.2", "t2.2", "t2.1", "t3.3")
    assert need_ranking(asked.gold, evidence, GROUND) == ["t1.1", "need0", "t2.1", "need1"]
    result = values(asked, predicted(evidence=evidence))
    assert result["reciprocal_rank"] == 0.5
    assert (result["recall_at_1"], result["recall_at_5"]) == (0.0, 1.0)
    # gains at ranks 2 and 4 over the ideal at ranks 1 and 2, log base 2
    ideal = 1 + 1 / 1.584962500721156
    assert result["ndcg_at_10"] == pytest.approx((1 / 1.584962500721156 + 1 / 2.321928094887362) / ideal)


def test_a_clause_in_a_long_sentence_and_a_sentence_in_a_long_gold_both_count_as_found() -> None:
    clause = turn(need(said("Bob", "last six")))
    assert values(clause, predicted(evidence=("t2.2",)))["recall_at_1"] == 1.0
    whole = turn(need(said("Bob", "It is not a bubble. Chips last six years. Demand is real.")))
    assert values(whole, predicted(evidence=("t2.3",)))["recall_at_1"] == 1.0


@pytest.mark.parametrize(
    ("text", "spelling", "found"),
    [
        ("about 25 of them", "5", False),
        ("about 25 of them", "25", True),
        ("6.5 years", "6", False),
        ("6.5 years", "5", False),
        ("1,500 units", "500", False),
        ("６．５年", "6.5年", True),
        ("6.5 年", "6.5年", True),
        ("Blue Owl", "blue owl", True),
        ("metadata", "Meta", False),
        ("Meta出了30%", "Meta", True),
        ("it was 30.", "30", True),
        ("anything", " ", False),
    ],
)
def test_a_fact_is_not_found_inside_a_longer_number_or_word(text: str, spelling: str, found: bool) -> None:
    assert holds(text, spelling) is found


def test_facts_may_stand_in_a_quote_and_need_one_spelling() -> None:
    asked = turn(need(said("Bob", "Chips last six years.")), facts=(("6 years", "six years"), ("nine",)))
    assert values(asked, predicted(said("Bob", "Chips last six years.")))["facts"] == 0.5


EXPECTED = ExpectedCalculation(
    calculator="c", arguments={"cost": 36, "lives": [4, 6]}, outputs={"x": -3.6}, tolerance=0.005
)
NUMERIC = CaseTurn(question="?", kind="numeric", calculations=(EXPECTED,))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([("c", {"cost": 36.0, "lives": [4.0, 6.0], "age": 1}, {"x": -3.601})], (1.0, 1.0, 1.0)),
        ([("c", {"cost": 36, "lives": [4, 6]}, {"x": 3.6})], (1.0, 1.0, 0.0)),
        ([("c", {"cost": 36, "lives": [6, 4]}, {"x": -3.6})], (1.0, 0.0, 1.0)),
        ([("c", {"cost": 36}, {"x": -3.6})], (1.0, 0.0, 1.0)),
        ([("d", {"cost": 36, "lives": [4, 6]}, {"x": -3.6})], (0.0, 0.0, 0.0)),
        ([("d", {}, {}), ("c", {"cost": 36, "lives": [4, 6]}, {"x": -3.6})], (1.0, 1.0, 1.0)),
        ([], (0.0, 0.0, 0.0)),
    ],
)
def test_calculator_inputs_and_value_are_judged_apart(
    made: list[tuple[str, dict[str, object], dict[str, object]]], expected: tuple[float, float, float]
) -> None:
    calculations = [
        PredictedCalculation.model_validate({"calculator": c, "arguments": a, "outputs": o}) for c, a, o in made
    ]
    result = values(NUMERIC, predicted(calculations=calculations))
    assert (result["calculator_tool"], result["calculator_arguments"], result["calculator_value"]) == expected


def test_a_calculation_that_must_be_refused_has_no_result() -> None:
    asked = CaseTurn(question="?", kind="numeric", refusal=Refusal(field="life", kind="out_of_range"))
    one = PredictedCalculation(calculator="c", arguments={}, outputs={})
    assert values(asked, predicted())["calculator_refusal"] == 1.0
    assert values(asked, predicted(calculations=(one,)))["calculator_refusal"] == 0.0
    assert values(asked, Prediction(abstained=True, latency_ms=1.0))["false_abstention"] is None
    plain = turn(need(said("Bob", "Demand is real.")))
    assert values(plain, predicted(calculations=(one,)))["calculator_spurious"] == 1.0


def test_the_loss_of_a_follow_up_is_its_rewriting_less_itself() -> None:
    asked = turn(need(said("Bob", "Demand is real.")))
    good, bad = (
        {"quote_recall": Score(measure="quote_recall", value=1.0)},
        {"quote_recall": Score(measure="quote_recall", value=0.25)},
    )
    found = {score.measure: score.value for score in score_follow_up(asked, 2, bad, good)}
    assert found == {"success": 0.25, "follow_up": 0.25, "rewriting": 1.0, "follow_up_loss": 0.75}
    first = {score.measure: score.value for score in score_follow_up(asked, 1, bad, good)}
    assert (first["success"], first["follow_up_loss"]) == (0.25, None)


def test_a_failure_is_an_error_and_its_time_is_not_an_answers() -> None:
    result = values(turn(need(said("Bob", "Demand is real."))), predicted(error="ValueError: no"))
    assert (result["error"], result["latency_ms"], result["quote_recall"]) == (1.0, None, 0.0)


def test_every_turn_of_a_case_is_scored_with_its_groups() -> None:
    case = Case(
        id="c",
        language="en",
        split="dev",
        suite="conversations",
        turns=(turn(need(said("Bob", "Demand is real."))), SILENT),
    )
    answer = predicted(said("Bob", "Demand is real."))
    record = Record(case_id="c", fingerprint="", asked=(answer, answer), rewritten=(None, None))
    first, second = score_case(case, record, GROUND)
    assert (first.turn, first.kind, first.scores["success"].value) == (1, "position", 1.0)
    assert (second.turn, second.kind, second.scores["success"].value) == (2, "unanswerable", 0.0)
    assert second.scores["follow_up_loss"].why == "the rewriting was not asked"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6), st.integers(1, 20))
def test_cover_counts_each_code_point_once(pieces: list[tuple[int, int]], length: int) -> None:
    wanted = Place(5, 5 + length, "t1")
    places = [Place(min(a, b), max(a, b), "t1") for a, b in pieces]
    held = {at for place in places for at in range(place.start, place.end)} & set(range(wanted.start, wanted.end))
    assert covers(places, wanted) is (2 * len(held) >= length)
