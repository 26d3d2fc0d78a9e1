"""Over the lessons of the numeric reader: nothing stated is lost, and one calculator more moves no other."""

from __future__ import annotations

from functools import lru_cache

import pytest

from assistant.calculators import registry
from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Output, quantity
from assistant.numeric import figured
from assistant.numeric.figured import Figured
from assistant.numeric.read import reading
from evals.fit.numbers import Lesson, lessons


@lru_cache(maxsize=1)
def some_lessons() -> tuple[Lesson, ...]:
    return tuple(lesson for lesson in lessons() if not lesson.leans)[::9]


def test_a_figure_is_an_input_a_target_compared_or_named_as_unused() -> None:
    lost: list[str] = []
    for lesson in some_lessons():
        question = Figured(lesson.text)
        read = reading(question, None, "en")
        if read is None or read[0].refusal is not None or read[0].first is not None:
            continue
        plan = read[0]
        words = " ".join([*(o.read for o in plan.origins.values()), *plan.unused]).lower()
        held = len(plan.target) + len(plan.versus)
        for placed in question.figures:
            quantity = placed.quantity
            loose = quantity.family in ("count", "ordinal_year", "year") or quantity.unit in (figured.EVEN, figured.NIL)
            if not loose and quantity.text.lower() not in words and not held:
                lost.append(f"{lesson.text}: {quantity.text}")
    assert len(lost) <= len(some_lessons()) // 100, lost[:5]


# ── one calculator more moves no other ──


class _TideInput(CalculatorInput):
    """A calculator that a newcomer adds."""

    height: float = quantity(unit="USD bn", label=Bilingual(zh="潮高", en="height of the tide"))


def test_a_new_calculator_moves_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [reading(Figured(lesson.text), None, "en") for lesson in some_lessons()[:150]]
    made = Calculator(
        "tide", Bilingual(zh="潮汐", en="Tide"), _TideInput,
        (Output("drop", "USD bn", Bilingual(zh="落差", en="drop")),), "drop = height",
        lambda i: {"drop": i.height}, headline="drop",
    )  # fmt: skip
    more = {**registry.calculators(), "tide": made}
    monkeypatch.setattr("assistant.numeric.read.calculators", lambda: more)
    assert [reading(Figured(lesson.text), None, "en") for lesson in some_lessons()[:150]] == before
