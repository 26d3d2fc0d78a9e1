"""The measure of numeric questions is code too: every outcome trips on a made result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.numeric.plan import NumericPlan
from assistant.types import Abstention, Answer, Headline, Table
from evals.command import main
from evals.errors import CaseError, LineError
from evals.numbers import ask
from evals.numbers.ask import ReaderThread, ask_all, ask_prompts, shown_in
from evals.numbers.items import NumberItem, NumberTurn, Prompt, load_items, worded_prompts
from evals.numbers.judge import Outcome, Shown, judge
from evals.numbers.table import figures, groups, misses, prompt_misses, prompts_table, table
from evals.numbers.units import in_unit, known


def turn(*values: float | str, unit: str | tuple[str, ...] = "USD bn", **more: object) -> NumberTurn:
    given: dict[str, object] = {"question": "how much?", "expect": "value", "values": values, "unit": unit}
    if not values:
        given["unit"] = ""
    return NumberTurn.model_validate({**given, **more})


def led(value: float, unit: str, text: str = "") -> Shown:
    return Shown("done", (value, unit), ((value, unit),), (), (text,))


# ── outcomes ──


@pytest.mark.parametrize(
    ("expected", "shown", "outcome"),
    [
        (turn(1.5), led(1.5, "USD bn"), "right"),
        (turn(1.5), led(1.6, "USD bn"), "wrong"),
        (turn(1.5), Shown("asked"), "asked"),
        (turn(1.5), Shown("refused"), "refused"),
        (turn(1.5), Shown("none"), "missed"),
        (turn(1.5), Shown("failed"), "failed"),
        (turn(expect="ask"), Shown("asked"), "right"),
        (turn(expect="ask"), led(1.5, "USD bn"), "wrong"),
        (turn(expect="ask"), Shown("none"), "missed"),
        (turn(1.5, expect="either"), Shown("asked"), "right"),
        (turn(1.5, expect="either"), led(1.5, "USD bn"), "right"),
        (turn(1.5, expect="either"), led(9.0, "USD bn"), "wrong"),
        (turn(expect="either"), led(9.0, "USD bn"), "unscored"),
        (turn(expect="either"), Shown("none"), "unscored"),
        (turn(expect="quote"), Shown("none"), "quoted"),
        (turn(expect="quote"), led(1.5, "USD bn"), "spurious"),
        (turn(expect="quote"), Shown("asked"), "asked"),
        (turn(expect="quote"), Shown("refused"), "refused"),
        (turn(), led(9.0, "USD bn"), "unscored"),
        (turn(), Shown("none"), "missed"),
    ],
)
def test_each_outcome_trips(expected: NumberTurn, shown: Shown, outcome: Outcome) -> None:
    assert judge(expected, shown) == outcome


def test_the_right_number_beside_another_one_that_leads_is_wrong() -> None:
    shown = Shown("done", (0.12, "fraction"), ((0.12, "fraction"), (1.5, "USD bn")), (), ("IRR 12%, debt $1.5bn.",))
    assert judge(turn(1.5), shown) == "wrong"


def test_a_number_of_another_unit_is_wrong_though_its_digits_agree() -> None:
    assert judge(turn(5.0), led(5.0, "years")) == "wrong"
    assert judge(turn(5.0), led(5.0, "CNY bn")) == "wrong"
    assert judge(turn(5.0, unit="%"), led(5.0, "number")) == "wrong"


def test_a_yearly_number_where_the_quarter_was_asked_is_wrong() -> None:
    assert judge(turn(1.25), led(1.25, "USD bn/quarter")) == "right"
    assert judge(turn(1.25), led(5.0, "USD bn")) == "wrong"


def test_a_factor_of_a_thousand_is_not_tried_away() -> None:
    assert judge(turn(500.0, unit="USD mn"), led(0.5, "USD bn")) == "right"
    assert judge(turn(500.0, unit="USD mn"), led(500.0, "USD bn")) == "wrong"
    assert judge(turn(500.0, unit="USD mn"), led(0.5, "USD mn")) == "wrong"


def test_the_sign_counts_unless_the_words_carry_it() -> None:
    assert judge(turn(2.4), led(-2.4, "USD bn")) == "wrong"
    assert judge(turn(2.4, sign_free=True), led(-2.4, "USD bn")) == "right"


def test_a_nought_is_met_absolutely_and_only_nearly() -> None:
    assert judge(turn(0.0), led(0.004, "USD bn")) == "right"
    assert judge(turn(0.0), led(0.04, "USD bn")) == "wrong"


def test_the_tolerance_is_relative() -> None:
    assert judge(turn(1000.0), led(1009.0, "USD bn")) == "right"
    assert judge(turn(1000.0), led(1011.0, "USD bn")) == "wrong"
    assert judge(turn(1000.0, tolerance=0.1), led(1011.0, "USD bn")) == "right"


def test_another_convention_is_accepted_in_its_unit_or_in_per_cent() -> None:
    either = turn(178.125, unit="USD", accept=((-6.25,),))
    assert judge(either, led(-0.0625, "fraction")) == "right"
    assert judge(either, led(-6.25, "USD")) == "right"
    assert judge(either, led(-0.05, "fraction")) == "wrong"


def test_of_several_values_each_must_stand_somewhere() -> None:
    three = turn(15.0, 10.0, 5.0)
    gap = Shown("done", (-5.0, "USD bn"), ((15.0, "USD bn"),), (), ("4 years → $15bn; 6 years → $10bn.",))
    assert judge(three, gap) == "right"
    assert judge(three, gap._replace(texts=("4 years → $15bn.",))) == "wrong"
    assert judge(three, gap._replace(texts=("4 years → $15bn; 6 years → ¥10bn.",))) == "wrong"


def test_a_table_is_read_cell_by_cell_as_it_is_written() -> None:
    cells = ("贷款利率 \\ 期限", "5 年", "10 年", "6%", "2.374亿美元", "1.3587亿美元")
    shown = Shown("done", None, (), (), ("每年还款随期限变化,见表。", *cells))
    assert judge(turn(237.3964, 135.868, unit="USD mn"), shown) == "right"
    assert judge(turn(237.3964, 149.0, unit="USD mn"), shown) == "wrong"


def test_values_of_mixed_units_are_each_compared_in_their_own() -> None:
    shown = Shown("done", (50.0, "GW"), ((50.0, "GW"), (2250.0, "USD bn")))
    assert judge(turn(50.0, 2250.0, unit=("GW", "USD bn")), shown) == "right"
    assert judge(turn(50.0, 2250.0, unit=("USD bn", "GW")), shown) == "wrong"


def test_a_word_is_a_result_and_not_its_denial() -> None:
    closed = turn("closed", unit="")
    assert judge(closed, Shown("done", (0.2, "fraction"), (), ("yes", "closed"))) == "right"
    assert judge(closed, Shown("done", (0.2, "fraction"), (), ("no", "not closed"))) == "wrong"
    assert judge(turn("no", 0.0, unit=("", "USD bn")), Shown("done", (0.0, "USD bn"), (), ("no", "not impaired"))) == (
        "right"
    )


# ── units ──


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "stated"),
    [
        (0.25, "fraction", "%", 25.0),
        (0.0295, "fraction", "pp", 2.95),
        (64.28, "USD/MWh", "US cents/kWh", 6.428),
        (1.75, "multiple", "number", 1.75),
        (1.75, "fraction", "multiple", 1.75),
        (0.0753, "CNY/kWh", "CNY/kWh", 0.0753),
        (0.0417, "EUR/kWh", "EUR cents/kWh", 4.17),
        (6e9, "number", "bn", 6.0),
        (97803.0, "number", "万", 9.7803),
        (6.0, "CNY bn", "亿", 60.0),
        (2e9, "number", "USD bn", 2.0),
        (2.5, "years", "months", 30.0),
        (5e6, "USD/month", "USD mn", 5.0),
        (1.0, "GW", "GWh", None),
        (1.0, "EUR bn", "USD bn", None),
        (1.0, "multiple", "USD bn", None),
        (0.2, "fraction", "number", None),
        (1.0, "furlongs", "GW", None),
    ],
)
def test_units_are_normalised_and_never_guessed(value: float, unit: str, wanted: str, stated: float | None) -> None:
    found = in_unit(value, unit, wanted)
    assert found == (pytest.approx(stated) if stated is not None else None)


def test_a_unit_that_cannot_be_compared_is_no_unit() -> None:
    assert known("USD bn") and known("HKD") and not known("furlongs")


# ── the files ──


def written(folder: Path, *items: object, name: str = "dev") -> Path:
    folder.joinpath(f"{name}.jsonl").write_text("\n".join(json.dumps(item) for item in items), encoding="utf-8")
    return folder


def item(identifier: str = "x", **turn_fields: object) -> dict[str, object]:
    asked = {"question": "how much?", "expect": "value", "values": [1.0], "unit": "GW", **turn_fields}
    return {"id": identifier, "family": "plain", "language": "en", "turns": [asked]}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"unit": "furlongs"}, "furlongs"),
        ({"unit": ["GW", "GW"]}, "one for each value"),
        ({"expect": "quote"}, "has no values"),
        ({"expect": "guess"}, "expect"),
        ({"tolerance": 0}, "tolerance"),
        ({"value": 1.0}, "value"),
        ({"values": [], "unit": "", "accept": [[1.0]]}, "accepted"),
    ],
)
def test_a_line_that_has_not_the_form_is_named(tmp_path: Path, wrong: dict[str, object], place: str) -> None:
    with pytest.raises(LineError, match=place) as raised:
        load_items("dev", written(tmp_path, item("a"), item("b", **wrong)))
    assert raised.value.line == 2


def test_two_questions_may_not_share_an_id(tmp_path: Path) -> None:
    written(tmp_path, item("a"))
    written(tmp_path, item("a"), name="sealed")
    with pytest.raises(CaseError, match="'a'"):
        load_items("all", tmp_path)


def test_the_shipped_questions_have_the_form_and_the_sealed_are_a_third() -> None:
    dev, sealed = load_items("dev"), load_items("sealed")
    assert 0.3 <= len(sealed) / (len(dev) + len(sealed)) <= 0.36
    turns = [turn for item in (*dev, *sealed) for turn in item.turns]
    assert sum(len(item.turns) - 1 for item in (*dev, *sealed)) / len(turns) >= 0.4
    assert {item.language for item in sealed} == {"en", "zh"}


def test_the_prompts_that_want_words_are_enough_and_none_is_a_lesson() -> None:
    from assistant.numeric.heard import LESSONS, NONE
    from evals.fit.numbers import read_lessons

    prompts = list(worded_prompts("dev"))
    lessons = {lesson.text for path in LESSONS.iterdir() for lesson in read_lessons(path) if lesson.kind == NONE}
    assert len(prompts) >= 300
    assert not lessons & {prompt.question for prompt in prompts}


# ── asking and telling ──


class Scripted:
    """A conversation whose answers are known beforehand; an error where one is scripted."""

    def __init__(self, *shown: Shown | Exception) -> None:
        self._left = list(shown)

    def ask(self, question: str) -> tuple[Shown, float]:
        shown = self._left.pop(0)
        if isinstance(shown, Exception):
            raise shown
        return shown, 8.0


def conversation(*turns: NumberTurn, group: str = "", family: str = "plain") -> NumberItem:
    return NumberItem(id=f"{family}-{group}-{len(turns)}", family=family, language="en", group=group, turns=turns)


def test_an_error_is_an_outcome_and_the_conversation_goes_on() -> None:
    judged = ask_all([conversation(turn(1.0), turn(2.0))], lambda _: Scripted(KeyError("npv"), led(2.0, "USD bn")))
    assert [j.outcome for j in judged] == ["failed", "right"]
    assert "KeyError: 'npv'" in next(misses(judged))


def test_shares_are_of_the_turns_they_speak_of() -> None:
    asked = conversation(turn(1.0), turn(2.0), turn(3.0), turn(), turn(expect="quote"), turn(expect="quote"))
    shown = (led(1.0, "USD bn"), led(9.0, "USD bn"), Shown("asked"), led(1.0, "GW"), Shown("none"), led(1.0, "GW"))
    found = figures(ask_all([asked], lambda _: Scripted(*shown)))
    assert found.turns == 3 and found.words == 2
    assert found.right == pytest.approx(1 / 3) and found.right_or_asked == pytest.approx(2 / 3)
    assert found.wrong == pytest.approx(1 / 3) and found.follow_ups == 0.0
    assert found.spurious == 0.5 and found.asked_back == 0.0 and found.ms == 8.0


def test_a_group_holds_only_when_each_of_its_wordings_does() -> None:
    items = [conversation(turn(1.0), group=name, family=f) for name, f in (("a", "f"), ("a", "g"), ("b", "f"))]
    scripts = iter([led(1.0, "USD bn"), Shown("asked"), led(1.0, "USD bn")])
    judged = ask_all(items, lambda _: Scripted(next(scripts)))
    assert groups(judged) == {"a": False, "b": True}
    assert "all right: 1 of 2" in table(judged)
    assert "| f | 2 | 100.0 %" in table(judged, "family")


def test_a_follow_up_is_read_with_the_last_plan_across_a_turn_that_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = NumericPlan(question="first", language="en", calculator="loan", missing=("rate",))
    given: list[NumericPlan | None] = []

    def read(question: str, previous: NumericPlan | None, language: str) -> NumericPlan | None:
        given.append(previous)
        return None if question == "who said so?" else plan

    monkeypatch.setattr(ask, "understand_numeric", read)
    thread = ReaderThread("en")
    kinds = [thread.ask(question)[0].kind for question in ("first", "who said so?", "and at 8%?")]
    assert given == [None, plan, plan]
    assert kinds == ["asked", "none", "asked"]


def test_an_answer_of_the_product_is_told_by_what_it_shows() -> None:
    plan = NumericPlan(question="how much?", language="en", calculator="loan")
    told: dict[str, Any] = {"question": "how much?", "standalone": "how much?", "language": "en", "intent": "numeric",
                            "transcript_id": "t", "transcript_sha256": "0", "numeric": plan}  # fmt: skip
    back = Abstention(reason="needs_context", message="Loan still needs the rate.")
    refused = Abstention(reason="refused_input", message="The rate must be below 1.")
    number = Headline(value=0.3, unit="USD bn", text="$0.3bn")
    cells = Table(columns=("rate", "payment"), rows=(("6%", "$0.3bn"),))
    assert shown_in(Answer(**told, abstention=back)).kind == "asked"
    assert shown_in(Answer(**told, abstention=refused)).kind == "refused"
    assert shown_in(Answer(**{**told, "numeric": None}, lead="Three of them.")).kind == "none"
    shown = shown_in(Answer(**told, lead="Payment: $0.3bn.", headline=number, table=cells))
    assert shown.headline == (0.3, "USD bn")
    assert shown.texts == ("Payment: $0.3bn.", "rate", "payment", "6%", "$0.3bn")


def test_prompts_that_want_words_are_told_apart_when_taken_for_calculations() -> None:
    prompts = [Prompt("cases", "en", "Who spoke of 5 years?"), Prompt("cases", "en", "What is 20% of $300bn?")]
    answered = list(ask_prompts(prompts))
    assert "| all | 2 | 50.0 % | 0.0 % |" in prompts_table(answered)
    assert [line.split("\n")[0] for line in prompt_misses(answered)] == ["cases [spurious] What is 20% of $300bn?"]


def test_sealed_misses_are_never_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["numbers", "--split", "sealed", "--misses"]) == 2
    assert "development split alone" in capsys.readouterr().err
