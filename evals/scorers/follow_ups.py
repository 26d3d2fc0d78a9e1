"""What the thread costs: a conversation's turn against its gold rewriting asked in a fresh thread.

The *main score* of an answer is its quote recall where quotes are wanted; else whether the asked value is right where a
calculation is; else whether it rightly abstained or refused. The loss of a turn is the main score of its rewriting less
its own, from −1 to 1; 0 means that the thread was understood as well as a careful reader would have reworded it.
"""

from __future__ import annotations

from collections.abc import Mapping

from evals.types import CaseTurn, Score


def success(turn: CaseTurn, scores: Mapping[str, Score]) -> float | None:
    """The main score of one answer, 0 to 1; None when its part could not be scored."""
    if turn.gold:
        return scores["quote_recall"].value
    if turn.calculations:
        return scores["calculator_value"].value
    if turn.refusal:
        return scores["calculator_refusal"].value
    return scores["abstention_recall"].value


def score_follow_up(
    turn: CaseTurn, number: int, asked: Mapping[str, Score], rewritten: Mapping[str, Score] | None
) -> list[Score]:
    """success of any answer; follow_up, rewriting and follow_up_loss of a turn after the first.

    Args:
        number: Place of the turn in its conversation, from 1.
        asked: Scores of the answer in the thread.
        rewritten: Scores of the answer to the rewriting; None when it was not asked.
    """
    main = success(turn, asked)
    scores = [Score(measure="success", value=main)]
    names = ("follow_up", "rewriting", "follow_up_loss")
    if number == 1 or rewritten is None:
        why = "not a follow-up" if number == 1 else "the rewriting was not asked"
        return [*scores, *(Score(measure=name, value=None, why=why) for name in names)]
    fresh = success(turn, rewritten)
    loss = None if main is None or fresh is None else fresh - main
    values = (main, fresh, loss)
    return [*scores, *(Score(measure=name, value=value) for name, value in zip(names, values, strict=True))]
