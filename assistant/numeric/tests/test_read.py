"""Reading numeric questions: what must never happen, whatever the words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.numeric.figured import Figured
from assistant.numeric.plan import NumericPlan
from assistant.numeric.read import reading, understand_numeric
from assistant.numeric.work import Done, work
from corpus.parse import parse_transcript
from corpus.quotes import quote_sentences


def thread(*questions: str, language: str = "en") -> NumericPlan:
    """The plan after some questions in one conversation, each read as best it can be."""
    last: NumericPlan | None = None
    for question in questions:
        read = reading(Figured(question), last, "zh" if language == "zh" else "en")
        assert read is not None, question
        last = read[0]
    assert last is not None
    return last


def value(plan: NumericPlan) -> float:
    found = work(plan)
    assert isinstance(found, Done), found
    assert found.asked is not None, found
    return found.asked.value


# ── no text breaks it, nothing stated is lost ──

_PIECES = st.sampled_from(
    ["$5bn", "20%", "at", "over 4 years", "IRR", "每年", "500亿美元", "折旧", "3倍", "no", "what", "多少", "and", "。",
     "-7",
     "per quarter", "2026", "half", "比", "vs", "GW", "12:30", "1/0", "∞", "👍", "八折", "1e999"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=14), st.lists(_PIECES, max_size=6), st.text(max_size=20))
def test_no_text_breaks_it_first_or_in_a_thread(first: list[str], then: list[str], noise: str) -> None:
    plan = understand_numeric(" ".join(first) + noise, None, "en")
    for question in (" ".join(then), noise, "yes"):
        following = understand_numeric(question, plan, "zh")
        plan = following or plan
        if plan is not None:
            work(plan)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 900), st.integers(2, 60))
def test_a_stated_value_is_never_rewritten(billions: int, share: int) -> None:
    plan = thread(f"What is {share}% of ${billions}bn?")
    assert plan.arguments["whole"] == billions
    assert plan.arguments["share"] == pytest.approx(share / 100)
    assert value(plan) == pytest.approx(billions * share / 100)


# ── a question with numbers is not yet a calculation ──


@pytest.mark.parametrize(
    "question",
    ["Who was it that mentioned 30 percent?", "她说的到底是12%还是15%?", "Did anyone doubt the 9 billion?",
     "为什么说3年不够?", "After 1:05:00, what did she say?"],
)  # fmt: skip
def test_words_are_asked_for_although_there_are_figures(question: str) -> None:
    assert understand_numeric(question, None, "en") is None


def test_another_person_in_a_thread_of_numbers_is_no_calculation() -> None:
    plan = thread("What is 15% of $48bn?")
    assert understand_numeric("no, I meant Priya", plan, "en") is None


# ── threads ──


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (("What is 15% of $48bn?", "and 20%?"), 9.6),
        (("Straight-line depreciation of $20bn over 5 years, per year?", "and at 4 years?"), 5.0),
        (("Straight-line depreciation of $20bn over 5 years, per year?", "per quarter"), 1.0),
        (("$1.4tn spread evenly over 8 years, what's that a year?", "how many times $100bn of revenue is that?"), 1.75),
    ],
)
def test_a_follow_up_changes_one_thing_or_goes_on_from_the_result(questions: tuple[str, ...], expected: float) -> None:
    assert value(thread(*questions)) == pytest.approx(expected)


def test_the_one_amount_of_a_quote_on_the_screen_is_an_operand_and_of_two_neither() -> None:
    debate = parse_transcript("Ann: We shall spend 30 million dollars.\n\nBob: I say 40 million dollars.", "panel")
    said, other = (quote_sentences(debate, [f"t{n}.1"]) for n in (1, 2))
    plan = understand_numeric("what share of $2bn would that be?", None, "en", [said])
    assert plan is not None
    assert value(plan) == pytest.approx(0.015)
    assert plan.origins["part"].speaker == "Ann"
    torn = understand_numeric("what share of $2bn would that be?", None, "en", [said, other])
    assert torn is None or torn.missing == ("part",)


def test_yes_to_a_question_back_gives_the_number_it_offered() -> None:
    plan = thread("What is 15% of $48bn?").model_copy(update={"doubt": True})
    confirmed = understand_numeric("yes, please", plan, "en")
    assert confirmed is not None
    assert not confirmed.doubt
    assert value(confirmed) == pytest.approx(7.2)


def test_a_correction_within_a_question_counts_as_corrected() -> None:
    assert value(thread("What is 15%, sorry, 20% of $48bn?")) == pytest.approx(9.6)


# ── money, units, signs ──


def test_two_currencies_are_not_added_up() -> None:
    plan = thread("$50bn plus €30bn of machines over five years straight line, yearly charge?")
    assert plan.refusal is not None
    assert "currency" in plan.refusal.message


def test_yuan_stay_yuan() -> None:
    found = work(thread("300亿人民币的20%是多少", language="zh"))
    assert isinstance(found, Done)
    assert found.asked is not None
    assert found.asked.unit.startswith("CNY")
    assert "60亿元" in found.lead.zh


def test_points_without_a_move_are_the_rate_itself() -> None:
    joint = "JV at $20bn, 80% debt at 8%, 20 years, cash yield 10%: equity IRR?"
    assert thread(joint, "make the interest rate 750bps").arguments["debt_rate"] == pytest.approx(0.075)


def test_a_negative_multiple_is_refused_and_its_sign_not_dropped() -> None:
    plan = thread("市盈率从-15倍变成26倍,盈利涨20%,股价变多少?", language="zh")
    assert plan.refusal is not None
    assert "-15" in plan.refusal.read
