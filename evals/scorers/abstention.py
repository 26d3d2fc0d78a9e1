"""Does it keep silent exactly when the debate is silent?

An abstention is the positive call. Precision, recall and F1 are folded from single answers: F1 = 2·TP / (2·TP + FP +
FN), so a true positive weighs 2 with value 1, a miss of either sort weighs 1 with value 0, and a true negative does not
count. Calculations that must be refused are neither answerable nor unanswerable here: ``scorers.calculators`` judges
them.
"""

from __future__ import annotations

from evals.types import CaseTurn, Prediction, Score

_NAMES = ("abstention_precision", "abstention_recall", "abstention_f1", "false_abstention", "brier")


def score_abstention(turn: CaseTurn, prediction: Prediction) -> list[Score]:
    """abstention_precision, abstention_recall, abstention_f1, false_abstention and brier of one answer."""
    if turn.refusal is not None:
        return [Score(measure=name, value=None, why="a refusal is not a silence of the debate") for name in _NAMES]
    silent, said_so = turn.unanswerable is not None, prediction.abstained
    right = float(silent == said_so)
    counts = silent or said_so
    return [
        Score(measure="abstention_precision", value=float(silent) if said_so else None),
        Score(measure="abstention_recall", value=float(said_so) if silent else None),
        Score(measure="abstention_f1", value=right if counts else None, weight=2.0 if silent and said_so else 1.0),
        Score(measure="false_abstention", value=None if silent else float(said_so)),
        _brier(turn, prediction),
    ]


def _brier(turn: CaseTurn, prediction: Prediction) -> Score:
    if prediction.confidence is None:
        return Score(measure="brier", value=None, why="the system gives no confidence")
    if not turn.gold and turn.unanswerable is None:
        return Score(measure="brier", value=None, why="a calculation is not looked up in the debate")
    return Score(measure="brier", value=(prediction.confidence - float(turn.unanswerable is None)) ** 2)
