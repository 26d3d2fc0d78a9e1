"""Are the quotes verbatim, whose are they, and are they the ones that answer?

Definitions (``evals.measures`` repeats them for the reader of a report):

- *verbatim*: share of all quotes shown that stand in one turn, character for character.
- *speaker*: share of the verbatim ones that stand in a turn of the speaker they are ascribed to.
- *quote_recall*: share of needs met. A need is met when the answer's quotes by the same speaker cover at least half of
  one of its alternatives; quotes that stand nowhere cover nothing; an abstention meets none.
- *quote_hit*: whether any need is met.
- *quote_precision*: share of the answer's quotes that stand, under their speaker, in a turn that holds a gold or
  acceptable quote. Not scored where nothing is wanted or nothing was quoted.
"""

from __future__ import annotations

from evals.ground import Ground, covers
from evals.types import CaseTurn, Need, Prediction, Score


def score_quotes(turn: CaseTurn, prediction: Prediction, ground: Ground) -> list[Score]:
    """verbatim, speaker, quote_recall, quote_hit, quote_precision and quotes_given of one answer."""
    return [*_attribution(prediction, ground), *_relevance(turn, prediction, ground)]


def needs_met(needs: tuple[Need, ...], prediction: Prediction, ground: Ground) -> list[bool]:
    """For each need, whether the answer's quotes meet it."""
    if prediction.abstained:
        return [False] * len(needs)
    found = {name: ground.places(q for q in prediction.quotes if q.speaker == name) for name in _speakers(prediction)}
    return [
        any(
            covers(found.get(alternative.speaker, []), place)
            for alternative in need.any
            for place in ground.spans(alternative.speaker, alternative.quote)
        )
        for need in needs
    ]


def _attribution(prediction: Prediction, ground: Ground) -> list[Score]:
    quotes = (*prediction.quotes, *prediction.shown)
    if not quotes:
        why = "no quotes were shown"
        return [Score(measure="verbatim", value=None, why=why), Score(measure="speaker", value=None, why=why)]
    verbatim = [quote for quote in quotes if ground.spans(None, quote.quote)]
    altered = next((q.quote for q in quotes if not ground.spans(None, q.quote)), None)
    scores = [
        Score(
            measure="verbatim", value=len(verbatim) / len(quotes), weight=len(quotes),
            why="" if altered is None else f"stands in no turn: {altered[:60]}",
        )
    ]  # fmt: skip
    if not verbatim:
        return [*scores, Score(measure="speaker", value=None, why="no quote is verbatim")]
    right = [quote for quote in verbatim if ground.spans(quote.speaker, quote.quote)]
    wrong = next((q for q in verbatim if not ground.spans(q.speaker, q.quote)), None)
    why = "" if wrong is None else f"not said by {wrong.speaker}: {wrong.quote[:60]}"
    return [*scores, Score(measure="speaker", value=len(right) / len(verbatim), weight=len(verbatim), why=why)]


def _relevance(turn: CaseTurn, prediction: Prediction, ground: Ground) -> list[Score]:
    given = Score(measure="quotes_given", value=None, why="abstained")
    if not prediction.abstained:
        given = Score(measure="quotes_given", value=len(prediction.quotes))
    if not turn.gold:
        why = "the case names no quotes"
        names = ("quote_recall", "quote_hit", "quote_precision")
        return [given, *(Score(measure=name, value=None, why=why) for name in names)]
    met = needs_met(turn.gold, prediction, ground)
    missed = next((need.any[0] for need, done in zip(turn.gold, met, strict=True) if not done), None)
    why = "" if missed is None else f"missed {missed.speaker}: {missed.quote[:60]}"
    return [
        given,
        Score(measure="quote_recall", value=sum(met) / len(met), weight=len(met), why=why),
        Score(measure="quote_hit", value=float(any(met))),
        _precision(turn, prediction, ground),
    ]


def _precision(turn: CaseTurn, prediction: Prediction, ground: Ground) -> Score:
    if prediction.abstained or not prediction.quotes:
        return Score(measure="quote_precision", value=None, why="nothing was quoted")
    wanted = (*(alternative for need in turn.gold for alternative in need.any), *turn.acceptable)
    turns = {place.turn_id for place in ground.places(wanted)}
    inside = [any(p.turn_id in turns for p in ground.spans(q.speaker, q.quote)) for q in prediction.quotes]
    stray = next((q for q, good in zip(prediction.quotes, inside, strict=True) if not good), None)
    return Score(
        measure="quote_precision", value=sum(inside) / len(inside), weight=len(inside),
        why="" if stray is None else f"beside the point, {stray.speaker}: {stray.quote[:60]}",
    )  # fmt: skip


def _speakers(prediction: Prediction) -> set[str]:
    return {quote.speaker for quote in prediction.quotes}
