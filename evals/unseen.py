"""How well debates are answered that nobody annotated and no model has seen: the written ones.

    python -m evals unseen                  # the eighth that is only looked at
    python -m evals unseen --sealed         # the fifth that nothing was fitted on; look once

The whole product answers every question of each debate; an answer is right when it quotes a sentence that answers, and
a question without an answer (written to miss narrowly, left open, or another debate's) is right when nothing is quoted.
Rows: the quick index (static encoder) and the
whole one, each by whether question and debate share their language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TextIO

import numpy as np

from assistant.graph import Pipeline, State
from evals.fit.weights import Known, foreign_questions, written_questions
from evals.written import Written, all_written
from index.encoder import open_encoder, static_encoder
from index.search import PassageIndex
from index.types import Encoder

_COLUMNS = ("first right", "in ten", "quote hit", "precision", "kept silent", "false abst.", "AUROC", "questions")
_SILENT = {"miss": "near misses", "open": "left open", "foreign": "of another debate"}


class Outcome(NamedTuple):
    """What became of a question."""

    across: bool  # asked in another language than the debate's
    kind: str
    right: frozenset[str]  # sentence ids; empty where the debate does not answer
    ranked: tuple[str, ...]  # sentence ids, best first
    quoted: tuple[str, ...]
    sure: float


def answer_all(debates: Sequence[Written], encoder: Encoder) -> list[Outcome]:
    """Every question of the debates, answered by the product."""
    outcomes = []
    for debate, other in zip(debates, [*debates[1:], *debates[:1]], strict=True):
        transcript = debate.transcript()
        pipeline = Pipeline(PassageIndex.in_memory(transcript, encoder=encoder))
        for asked, known in zip(debate.asked, written_questions(debate, transcript), strict=True):
            if known.sentences or known.kind in _SILENT:  # else its sentences are cut otherwise by the product
                outcomes.append(_answered(pipeline, known, asked.language != debate.language))
        for known in foreign_questions(debate, other):
            outcomes.append(_answered(pipeline, known, False))
    return outcomes


def _answered(pipeline: Pipeline, known: Known, across: bool) -> Outcome:
    state: State = {"question": known.question}
    for added in pipeline.run(state):
        state.update(added)
    answer = state["answer"]
    return Outcome(
        across,
        known.kind,
        known.sentences,
        tuple(hit.id for hit in state["found"].hits[:10]),
        tuple(i for quote in answer.quotes for i in quote.sentence_ids),
        answer.confidence,
    )


def figures(outcomes: Sequence[Outcome]) -> list[float]:
    """One row of the table, in the order of its columns; nan where there is nothing to count."""
    answered = [o for o in outcomes if o.right]
    silent = [o for o in outcomes if not o.right]
    told = [o for o in answered if o.quoted]
    above = np.array([[a.sure - b.sure for b in silent] for a in answered])

    def share(values: Sequence[float | bool]) -> float:
        return float(np.mean(values)) if values else float("nan")

    return [
        share([o.ranked[:1] != () and o.ranked[0] in o.right for o in answered]),
        share([any(i in o.right for i in o.ranked) for o in answered]),
        share([any(i in o.right for i in o.quoted) for o in answered]),
        share([sum(i in o.right for i in o.quoted) / len(o.quoted) for o in told]),
        share([not o.quoted for o in silent]),
        share([not o.quoted for o in answered]),
        share(((above > 0) + 0.5 * (above == 0)).ravel().tolist()),
        len(outcomes),
    ]


def print_unseen(out: TextIO, *, sealed: bool = False) -> None:
    """Measure and print the table."""
    debates = [d for d in all_written() if (d.sealed if sealed else d.looked_at)]
    encoder = open_encoder()
    out.write(f"{len(debates)} written debates, {'sealed' if sealed else 'looked at'}\n\n")
    out.write(f"| | {' | '.join(_COLUMNS)} |\n|---|{'---:|' * len(_COLUMNS)}\n")
    for name, model in (("quick", static_encoder()), ("whole", encoder)):
        groups: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in answer_all(debates, model):
            groups[f"{name}, all"].append(outcome)
            if outcome.right:
                groups[f"{name}, {'across languages' if outcome.across else 'one language'}"].append(outcome)
            else:
                groups[f"{name}, {_SILENT[outcome.kind]}"].append(outcome)
        for label, group in groups.items():
            *shares, number = figures(group)
            cells = ["–" if np.isnan(value) else f"{value:.3f}" for value in shares]
            out.write(f"| {label} | {' | '.join(cells)} | {number:.0f} |\n")
        out.flush()
