"""One case and its record → scored turns: every scorer, applied once.

>>> score_case.__name__
'score_case'
"""

from __future__ import annotations

from evals.ground import Ground
from evals.scorers.abstention import score_abstention
from evals.scorers.calculators import score_calculators
from evals.scorers.effort import score_effort
from evals.scorers.facts import score_facts
from evals.scorers.follow_ups import score_follow_up
from evals.scorers.quotes import score_quotes
from evals.scorers.retrieval import score_retrieval
from evals.types import Case, CaseTurn, Prediction, Record, Score, ScoredTurn


def score_answer(turn: CaseTurn, prediction: Prediction, ground: Ground) -> dict[str, Score]:
    """Every score of one answer that needs nothing but the answer, by measure."""
    scores = (
        *score_quotes(turn, prediction, ground),
        *score_abstention(turn, prediction),
        *score_retrieval(turn, prediction, ground),
        *score_facts(turn, prediction),
        *score_calculators(turn, prediction),
        *score_effort(prediction),
    )
    return {score.measure: score for score in scores}


def score_case(case: Case, record: Record, ground: Ground) -> list[ScoredTurn]:
    """The turns of one case, in order, with every score."""
    scored: list[ScoredTurn] = []
    answers = zip(case.turns, record.asked, record.rewritten, strict=True)
    for number, (turn, asked, fresh) in enumerate(answers, start=1):
        scores = score_answer(turn, asked, ground)
        rewritten = None if fresh is None else score_answer(turn, fresh, ground)
        scores |= {score.measure: score for score in score_follow_up(turn, number, scores, rewritten)}
        scored.append(
            ScoredTurn(
                case_id=case.id, turn=number, question=turn.question, kind=turn.kind, language=case.language,
                split=case.split, suite=case.suite, tags=case.tags, conversation=case.conversation, scores=scores,
            )
        )  # fmt: skip
    return scored
