"""Every measure: its name, its unit, which way is better, and its definition.

The scorers compute them for one answer; ``evals.statistics`` folds them over many. A folded "ratio" is the sum of
value × weight over the sum of weights, so that a share of quotes is a share of all quotes.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Fold = Literal["ratio", "p50", "p95"]


class Measure(NamedTuple):
    """What a number means."""

    name: str
    title: str
    definition: str
    higher_is_better: bool = True
    unit: str = "share"
    fold: Fold = "ratio"
    source: str = ""  # the score it folds, when that has another name
    paired: bool = True  # whether one answer's value means something beside another system's


_ALL = (
    Measure(
        "quote_recall",
        "Quote recall",
        "Share of needs met. A need is met when quotes by the named speaker cover at least half of one of its"
        " alternatives, in code points. An abstention meets none.",
    ),
    Measure(
        "quote_hit",
        "Hit any",
        "Share of answerable questions with at least one need met.",
    ),
    Measure(
        "quote_precision",
        "Quote precision",
        "Share of the answer's quotes that stand, under the named speaker, in a turn that holds a gold or "
        "acceptable quote of the case; over answerable questions that were answered.",
    ),
    Measure(
        "quotes_given",
        "Quotes per answer",
        "Quotes in an answer that did not abstain.",
        higher_is_better=False,
        unit="quotes",
    ),
    Measure(
        "verbatim",
        "Verbatim",
        "Share of all quotes shown that stand in one turn of the transcript, character for character.",
    ),
    Measure(
        "speaker",
        "Speaker",
        "Share of the verbatim quotes shown that stand in a turn of the speaker they are ascribed to.",
    ),
    Measure(
        "abstention_precision",
        "Abstention precision",
        "Share of abstentions on questions the debate does not answer.",
        paired=False,
    ),
    Measure(
        "abstention_recall",
        "Abstention recall",
        "Share of the questions the debate does not answer that were abstained from.",
    ),
    Measure(
        "abstention_f1",
        "Abstention F1",
        "Harmonic mean of abstention precision and recall: 2·TP / (2·TP + FP + FN).",
        paired=False,
    ),
    Measure(
        "false_abstention",
        "False abstention",
        "Share of answerable questions that were abstained from.",
        higher_is_better=False,
    ),
    Measure(
        "brier",
        "Brier score",
        "Mean squared difference between the confidence and whether the debate answers (1 or 0).",
        higher_is_better=False,
        unit="squared probability",
    ),
    Measure(
        "recall_at_1",
        "Recall@1",
        "Share of a question's needs covered by the first sentence considered.",
    ),
    Measure(
        "recall_at_5",
        "Recall@5",
        "Share of a question's needs covered by the first 5 sentences considered.",
    ),
    Measure(
        "recall_at_10",
        "Recall@10",
        "Share of a question's needs covered by the first 10 sentences considered.",
    ),
    Measure(
        "recall_at_20",
        "Recall@20",
        "Share of a question's needs covered by the first 20 sentences considered.",
    ),
    Measure(
        "reciprocal_rank",
        "MRR",
        "Mean of 1 / rank of the first sentence that covers a need, 0 without one.",
    ),
    Measure(
        "ndcg_at_10",
        "nDCG@10",
        "Normalised discounted cumulative gain of the first 10 sentences; each need gains once, where it is "
        "first covered.",
    ),
    Measure(
        "facts",
        "Facts",
        "Share of the facts that must appear and do, in the answer's text or its quotes.",
    ),
    Measure(
        "calculator_tool",
        "Right calculator",
        "Share of expected calculations made with the right calculator.",
    ),
    Measure(
        "calculator_arguments",
        "Right inputs",
        "Share of expected calculations with every stated argument right.",
    ),
    Measure(
        "calculator_value",
        "Right value",
        "Share of expected calculations with the right calculator and every asked output within tolerance.",
    ),
    Measure(
        "calculator_refusal",
        "Refused calculations",
        "Share of impossible calculations for which no result is given.",
    ),
    Measure(
        "calculator_spurious",
        "Unasked calculations",
        "Share of questions without a calculation for which one is reported all the same.",
        higher_is_better=False,
    ),
    Measure(
        "success",
        "Answered right",
        "The question's main score: quote recall where quotes are wanted, else the right value where a "
        "calculation is, else whether it was rightly abstained from or refused.",
    ),
    Measure(
        "follow_up",
        "Follow-ups in thread",
        "Main score of a conversation's turns after the first, asked in the thread.",
    ),
    Measure(
        "rewriting",
        "Gold rewritings",
        "Main score of the same turns, asked by their gold rewriting in a fresh thread.",
    ),
    Measure(
        "follow_up_loss",
        "Follow-up loss",
        "Gold rewritings less follow-ups in thread, turn by turn.",
        higher_is_better=False,
    ),
    Measure(
        "error",
        "Errors",
        "Share of questions that the system failed on with an error.",
        higher_is_better=False,
    ),
    Measure(
        "latency_p50_ms",
        "Latency p50",
        "Median time from question to answer.",
        higher_is_better=False,
        unit="ms",
        fold="p50",
        source="latency_ms",
    ),
    Measure(
        "latency_p95_ms",
        "Latency p95",
        "95th percentile of the time from question to answer.",
        higher_is_better=False,
        unit="ms",
        fold="p95",
        source="latency_ms",
        paired=False,
    ),
    Measure(
        "cost_usd",
        "Cost",
        "Mean cost of a question where a model was paid for.",
        higher_is_better=False,
        unit="USD",
    ),
    Measure(
        "faithfulness",
        "Faithfulness (judged)",
        "A model's judgement, 0 or 1, whether the answer follows from its quotes. Only when a judge is configured.",
    ),
    Measure(
        "relevance",
        "Relevance (judged)",
        "A model's judgement, 0 or 1, whether the answer addresses the question. Only when a judge is configured.",
    ),
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
HEADLINE: tuple[str, ...] = (
    "quote_recall", "quote_hit", "quote_precision", "verbatim", "speaker", "abstention_f1", "false_abstention",
    "ndcg_at_10", "follow_up_loss", "facts", "calculator_value", "latency_p50_ms", "latency_p95_ms",
)  # fmt: skip


def shown(measure: str, value: float | None) -> str:
    """A value as a reader wants it; "–" when it could not be scored.

    >>> shown("quote_recall", 0.8512), shown("latency_p50_ms", 12.345), shown("facts", None)
    ('0.851', '12.3', '–')
    """
    if value is None:
        return "–"
    unit = MEASURES[measure].unit
    if unit == "ms":
        return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    if unit == "USD":
        return f"{value:.4f}"
    return f"{value:.2f}" if unit == "quotes" else f"{value:.3f}"
