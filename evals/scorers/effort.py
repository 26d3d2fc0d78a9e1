"""What an answer takes: time, money, and whether there was one at all."""

from __future__ import annotations

from evals.types import Prediction, Score


def score_effort(prediction: Prediction) -> list[Score]:
    """latency_ms, cost_usd and error of one answer; a failure's time is not an answer's."""
    failed = prediction.error is not None
    return [
        Score(measure="latency_ms", value=None if failed else prediction.latency_ms, why=prediction.error or ""),
        Score(measure="cost_usd", value=prediction.cost_usd, why="" if prediction.cost_usd is not None else "no model"),
        Score(measure="error", value=float(failed), why=prediction.error or ""),
    ]
