"""Is what was considered in the right order? Recall@k, MRR and nDCG@10 through ir-measures.

The unit that is ranked is the sentence, the unit that is relevant is the *need*: a sentence takes the need's place in
the ranking when the overlap with one of its alternatives, by the same speaker, is at least half of the shorter of the
two. Each need counts once, where it is first covered; later sentences that cover it again are neither rewarded nor
punished beyond the rank they take.
"""

from __future__ import annotations

from typing import Any

from evals.ground import HALF, Ground, Place
from evals.types import CaseTurn, Need, Prediction, Score

DEPTHS = (1, 5, 10, 20)
NAMES = (*(f"recall_at_{k}" for k in DEPTHS), "reciprocal_rank", "ndcg_at_10")


def score_retrieval(turn: CaseTurn, prediction: Prediction, ground: Ground) -> list[Score]:
    """recall_at_k for each of DEPTHS, reciprocal_rank and ndcg_at_10 of one answer's evidence."""
    if not turn.gold:
        return _unscored("the case names no quotes")
    if not prediction.evidence:
        return _unscored("the system does not tell what it considered")
    ranking = need_ranking(turn.gold, prediction.evidence, ground)
    values = measured({f"need{n}": 1 for n in range(len(turn.gold))}, ranking)
    return [Score(measure=name, value=values[name]) for name in NAMES]


def need_ranking(needs: tuple[Need, ...], evidence: tuple[str, ...], ground: Ground) -> list[str]:
    """The ranking with needs in it: "need0" where a sentence first covers need 0, else the sentence's own id."""
    wanted = {
        f"need{n}": [place for quote in need.any for place in ground.spans(quote.speaker, quote.quote)]
        for n, need in enumerate(needs)
    }
    ranking: list[str] = []
    editorial = {piece.id for piece in ground.transcript.editorials}
    for identifier in dict.fromkeys(evidence):
        if identifier in editorial:  # takes its rank, was said by nobody
            ranking.append(identifier)
            continue
        sentence = ground.sentence(identifier)
        covered = [name for name, places in wanted.items() if any(_same(sentence, place) for place in places)]
        for name in covered:
            del wanted[name]
        ranking.extend(covered or [identifier])
    return ranking


def _same(sentence: Place, wanted: Place) -> bool:
    return sentence.overlap(wanted) >= HALF * min(sentence.length, wanted.length)


def measured(relevant: dict[str, int], ranking: list[str]) -> dict[str, float]:
    """Recall at each depth, reciprocal rank and nDCG@10 of a ranking, best first; ``relevant``: document → gain."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    wanted: dict[Any, str] = {R @ k: f"recall_at_{k}" for k in DEPTHS}
    wanted |= {RR: "reciprocal_rank", nDCG @ 10: "ndcg_at_10"}
    run = {document: float(-rank) for rank, document in enumerate(ranking)}
    results = ir_measures.iter_calc(list(wanted), {"q": relevant}, {"q": run})
    return {wanted[result.measure]: float(result.value) for result in results}


def _unscored(why: str) -> list[Score]:
    return [Score(measure=name, value=None, why=why) for name in NAMES]
