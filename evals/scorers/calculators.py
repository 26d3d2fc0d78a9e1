"""The right calculator, the right inputs, the right value.

Each expected calculation is matched with the reported one that serves it best. Stated arguments must all be right (a
hundredth of a per cent off at most); arguments that the case does not state may be anything. Outputs count within the
case's relative tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from evals.types import CaseTurn, ExpectedCalculation, PredictedCalculation, Prediction, Score

_ARGUMENT_TOLERANCE = 1e-4
_NAMES = ("calculator_tool", "calculator_arguments", "calculator_value")


def score_calculators(turn: CaseTurn, prediction: Prediction) -> list[Score]:
    """calculator_tool, calculator_arguments, calculator_value, calculator_refusal and calculator_spurious."""
    made = prediction.calculations
    refusal = Score(measure="calculator_refusal", value=float(not made) if turn.refusal else None)
    if not turn.calculations:
        why = "the case asks for no calculation"
        return [
            *(Score(measure=name, value=None, why=why) for name in _NAMES),
            refusal,
            Score(measure="calculator_spurious", value=float(bool(made)), why=", ".join(m.calculator for m in made)),
        ]
    judged = [max((_judge(wanted, one) for one in made), default=(False, False, False)) for wanted in turn.calculations]
    n = len(judged)
    why = "" if all(all(row) for row in judged) else _complaint(turn.calculations, judged, made)
    return [
        *(
            Score(measure=name, value=sum(row[column] for row in judged) / n, weight=n, why=why)
            for column, name in enumerate(_NAMES)
        ),
        refusal,
        Score(measure="calculator_spurious", value=None, why="the case asks for a calculation"),
    ]


def _judge(wanted: ExpectedCalculation, made: PredictedCalculation) -> tuple[bool, bool, bool]:
    tool = wanted.calculator == made.calculator
    arguments = _hold(wanted.arguments, made.arguments, _ARGUMENT_TOLERANCE)
    value = _hold(wanted.outputs, made.outputs, wanted.tolerance)
    return tool, tool and arguments, tool and value


def _hold(wanted: Mapping[str, JsonValue], found: Mapping[str, JsonValue], tolerance: float) -> bool:
    return all(name in found and same(value, found[name], tolerance) for name, value in wanted.items())


def same(wanted: JsonValue, found: JsonValue, tolerance: float) -> bool:
    """Whether two JSON values agree, numbers within a relative tolerance; true is not 1 and "2" is not 2.

    A table may be written by names, as pairs of name and value, or as its values alone, in order.

    >>> same(100, 100.4, 0.005), same(100, 101, 0.005), same([1, 2], [1, 2.0], 1e-6), same(True, 1, 0.1)
    (True, False, True, False)
    >>> same([20, 40], {"2023": 20, "2024": 40}, 0), same([[2023, 20]], {"2023": 20}, 0), same([4], {"a": 2}, 0)
    (True, True, False)
    """
    if isinstance(found, Mapping) and isinstance(wanted, list):
        if all(isinstance(pair, list) and len(pair) == 2 for pair in wanted):
            return same({str(pair[0]): pair[1] for pair in wanted if isinstance(pair, list)}, found, tolerance)
        return same(wanted, list(found.values()), tolerance)
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return math.isclose(wanted, found, rel_tol=tolerance, abs_tol=1e-9)
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted.casefold() == found.casefold()
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return wanted.keys() == found.keys() and all(same(v, found[k], tolerance) for k, v in wanted.items())
    if isinstance(wanted, Sequence) and isinstance(found, Sequence) and not isinstance(wanted, str):
        return len(wanted) == len(found) and all(same(a, b, tolerance) for a, b in zip(wanted, found, strict=True))
    return wanted is None and found is None


def _complaint(
    wanted: Sequence[ExpectedCalculation],
    judged: Sequence[tuple[bool, bool, bool]],
    made: Sequence[PredictedCalculation],
) -> str:
    first = next(one for one, row in zip(wanted, judged, strict=True) if not all(row))
    if not made:
        return f"expected {first.calculator}, none was made"
    same_tool = next((one for one in made if one.calculator == first.calculator), None)
    if same_tool is None:
        return f"expected {first.calculator}, found {made[0].calculator}"
    for name, value in first.arguments.items():
        if name not in same_tool.arguments or not same(value, same_tool.arguments[name], _ARGUMENT_TOLERANCE):
            return f"{first.calculator}: {name} should be {value}, found {same_tool.arguments.get(name)}"
    name, value = next(iter(first.outputs.items()))
    return f"{first.calculator}: {name} should be {value}, found {same_tool.outputs.get(name)}"
