"""What each part of finding, choosing and abstaining is worth: `python -m evals ablation`, three tables.

Weights and the confidence model are fitted anew for every row, on the calibration questions alone, and measured on the
development split, conversations by their gold rewritings. Nothing is written; the test split is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from assistant.embedded import EmbeddedAnswerer
from assistant.graph import Pipeline
from assistant.selection import Confidence, Policy, features
from corpus.library import open_debate
from corpus.normalize import language_of
from evals.fit.weights import (
    Asked,
    Seen,
    calibration_questions,
    development_questions,
    examples,
    fit_confidence,
    fit_fusion,
    see,
)
from evals.scorers.retrieval import measured
from index.search import PassageIndex

LEGS: Mapping[str, tuple[str, ...]] = {
    "all legs": (),
    "without readers' questions": ("dense:question", "lexical:question"),
    "without our gloss": ("dense:gloss", "lexical:gloss"),
    "without windows": ("dense:window", "dense:wide", "lexical:wide"),
    "without what was asked before": ("dense:asked",),
    "without the turn around": ("lexical:turn",),
    "without words meeting words": ("words:text",),
    "without what is known before the question": ("prior:asks", "prior:host", "prior:length"),
    "lexical legs alone": tuple(f"dense:{v}" for v in ("text", "gloss", "question", "window", "wide", "asked")),
    "dense legs alone": tuple(f"lexical:{v}" for v in ("text", "gloss", "question", "turn", "wide")),
}
FEATURES: Mapping[str, tuple[str, ...]] = {
    "all features": (),
    "without coverage of the question's terms": ("coverage", "coverage_top"),
    "without agreement of the legs": ("agreement",),
    "without questions known to stay open": ("left_open", "left_open_margin", "left_open_share", "left_open_lexical"),
    "without the speaker's silence": ("silent", "off_topic", "filtered", "ratio_question", "ratio_text",
                                      "ratio_lexical", "ratio_turn"),
    "without names and words that never occur": ("unknown_name", "outsider", "unseen_latin", "unseen_han",
                                                 "unseen_share", "strange", "strangest", "astray", "most_astray"),
    "without the detail that is asked for": ("no_detail", "asks_detail", "asks_name", "other_numbers"),
}  # fmt: skip
POLICIES: Mapping[str, Policy] = {
    "as it ships": Policy(),
    "the best sentence alone": Policy(most=1, most_each=1),
    "at most 3": Policy(most=3),
    "at most 8": Policy(most=8),
    "80 % of the probability": Policy(mass=0.8),
    "95 % of the probability": Policy(mass=0.95),
    "from 10 % of the best": Policy(keep=0.1),
    "from 2 % of the best": Policy(keep=0.02),
}


def tables() -> Iterator[str]:
    """The tables, line by line."""
    debate = open_debate()
    fitted_on, measured_on = calibration_questions(), development_questions(debate.transcript)
    pipeline = Pipeline(PassageIndex.in_memory(debate.transcript, debate.notes))
    index = pipeline.index
    index.weights["words:text"] = 1.0  # else it is not even looked at
    legs = (*index.priors, *(name for name in index.legs("折旧").scores if name != "lexical:text"))
    seen, new = see(pipeline, fitted_on), see(pipeline, measured_on)
    yield from _head("Finding", "MRR zh", "recall@5 zh", "nDCG@10 zh", "MRR en", "recall@5 en", "nDCG@10 en")
    for name, without in LEGS.items():
        index.weights = fit_fusion([Asked(index, seen)], [leg for leg in legs if leg not in without])
        yield _line(name, _found(index, new))
    index.fusion = "rank"
    yield _line("reciprocal rank fusion of all", _found(index, new))
    index.fusion = "fitted"
    index.weights = fit_fusion([Asked(index, seen)], legs)
    seen, new = see(pipeline, fitted_on), see(pipeline, measured_on)
    yield from _head("Abstaining", "F1", "precision", "recall", "false abstention")
    for name, without in FEATURES.items():
        yield _line(
            name,
            _abstained(index, new, Confidence.model_validate(fit_confidence(examples([Asked(index, seen)]), without))),
        )
    confidence = Confidence.model_validate(fit_confidence(examples([Asked(index, seen)])))
    yield from _head("Choosing", "recall", "precision", "sentences")
    for name, policy in POLICIES.items():
        yield _line(name, _chosen(EmbeddedAnswerer(index, policy, confidence), new))


def _found(index: PassageIndex, seen: Sequence[Seen]) -> list[float]:
    """Mean reciprocal rank, recall@5 and nDCG@10 of the answering sentences, Chinese questions then English ones."""
    rows: dict[str, list[list[float]]] = {"zh": [], "en": []}
    for known, state in seen:
        if known.sentences:
            ranking = [hit.id for hit in index.rank(state["found"].legs, 20)]
            got = measured(dict.fromkeys(known.sentences, 1), ranking)
            rows[language_of(known.question)].append(
                [got[name] for name in ("reciprocal_rank", "recall_at_5", "ndcg_at_10")]
            )
    return [mean for language in ("zh", "en") for mean in np.mean(rows[language], axis=0)]


def _abstained(index: PassageIndex, seen: Sequence[Seen], confidence: Confidence) -> list[float]:
    """F1, precision and recall of abstaining, and the share of answered questions abstained from."""
    answered = np.array([bool(known.sentences) for known, _ in seen])
    sure = np.array([confidence.of(features(index, s["found"], s["reading"])) for known, s in seen])
    abstains = sure < Policy().answer_from
    right = float((abstains & ~answered).sum())
    precision, recall = right / max(1.0, abstains.sum()), right / max(1.0, (~answered).sum())
    return [2 * precision * recall / max(1e-9, precision + recall), precision, recall, abstains[answered].mean()]


def _chosen(answerer: EmbeddedAnswerer, seen: Sequence[Seen]) -> list[float]:
    """Share of the answering sentences quoted, share of quoted ones in an answering turn, sentences an answer."""
    recall, precision, sizes = [], [], []
    for known, state in seen:
        if known.sentences:
            draft = answerer.draft(state["reading"], state["found"])
            quoted = [sentence for claim in draft.claims for sentence in claim.sentence_ids]
            recall.append(len(known.sentences & set(quoted)) / len(known.sentences))
            if quoted:
                turns = {sentence.split(".")[0] for sentence in known.sentences}
                precision.append(np.mean([sentence.split(".")[0] in turns for sentence in quoted]))
                sizes.append(len(quoted))
    return [float(np.mean(recall)), float(np.mean(precision)), float(np.mean(sizes))]


def _head(*cells: str) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(cells)} |"
    yield "|---|" + "---:|" * (len(cells) - 1)


def _line(name: str, values: Sequence[float]) -> str:
    return f"| {name} | {' | '.join(f'{value:.3f}' for value in values)} |"
