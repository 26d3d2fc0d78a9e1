"""Fit the model that tells hosts by what they do, on the written debates.

    python -m evals.hosts            # prints precision and recall, cross-validated by debate
    python -m evals.hosts --write    # and writes corpus/readers/hosts.json

Each debate is seen whole, as its first turns, as a stretch from its middle, without names, as a talk of two and
without its host, so that an excerpt or a talk that nobody leads is judged rightly too. Sealed debates are left out. A
speaker is believed to host from the lowest probability at which precision, over debates that the fold had not seen, is
at least .95.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from corpus.parse import transcript_from_turns
from corpus.readers.hosts import FITTED, HostModel, features
from corpus.types import Transcript
from evals.written import Written, all_written, faults

PRECISION = 0.95
FOLDS = 8
RIDGE = 1.0
_EXCERPT = 8  # turns

Floats = NDArray[np.float64]


class Example(NamedTuple):
    """One speaker of one debate, or of a part of it."""

    debate: str
    view: str
    does: dict[str, float]
    hosts: bool


def views(debate: Written) -> Iterator[tuple[str, Transcript]]:
    """A debate whole and in parts, each as the product would read it."""
    joint = "" if debate.language == "zh" else " "
    turns = [(name, joint.join(said)) for name, said in debate.turns]
    hosts = {name for name, _, host in debate.speakers if host}
    numbers = {name: f"Speaker {at}" for at, (name, _, _) in enumerate(debate.speakers, start=1)}
    guest = Counter(name for name, _ in turns if name not in hosts).most_common(1)[0][0]
    middle = len(turns) // 2
    parts = {
        "whole": turns,
        "beginning": turns[:_EXCERPT],
        "middle": turns[middle - _EXCERPT : middle + _EXCERPT],
        "numbered": [(numbers[name], said) for name, said in turns],
        "interview": [(name, said) for name, said in turns if name in hosts or name == guest],
        "no host": [(name, said) for name, said in turns if name not in hosts],
    }
    for view, part in parts.items():
        yield view, transcript_from_turns(part, debate.name)


def examples(debates: Sequence[Written]) -> list[Example]:
    """Every speaker in every view."""
    made = []
    for debate in debates:
        hosts = {name for name, _, host in debate.speakers if host}
        hosts |= {f"Speaker {at}" for at, (_, _, host) in enumerate(debate.speakers, start=1) if host}
        for view, transcript in views(debate):
            for who, does in features(transcript).items():
                speaker = transcript.speaker(who)  # a role in front of a name is told from it: the label is an alias
                made.append(Example(debate.name, view, does, bool(hosts & {speaker.name, *speaker.aliases})))
    return made


def fit(data: Sequence[Example]) -> HostModel:
    """Logistic regression with a ridge; believed from .5 until ``bar`` says better."""
    names = sorted(data[0].does)
    x = np.array([[example.does[name] for name in names] for example in data])  # (n_examples, n_features)
    y = np.array([example.hosts for example in data], dtype=float)

    def loss(w: Floats) -> tuple[float, Floats]:
        z = x @ w[1:] + w[0]
        off = 1.0 / (1.0 + np.exp(-z)) - y
        value = np.sum(np.logaddexp(0.0, z) - y * z) + RIDGE / 2 * np.sum(w[1:] ** 2)
        return float(value), np.concatenate(([off.sum()], x.T @ off + RIDGE * w[1:]))

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    weights = {name: round(float(weight), 3) for name, weight in zip(names, found[1:], strict=True)}
    return HostModel(bias=round(float(found[0]), 3), weights=weights, believed_from=0.5)


def unseen(data: Sequence[Example]) -> list[float]:
    """Each example's probability by a model that has not seen its debate."""
    debates = sorted({example.debate for example in data})
    fold_of = {name: at % FOLDS for at, name in enumerate(debates)}
    sure = [0.0] * len(data)
    for fold in range(FOLDS):
        model = fit([example for example in data if fold_of[example.debate] != fold])
        for at, example in enumerate(data):
            if fold_of[example.debate] == fold:
                sure[at] = model.of(example.does)
    return sure


def bar(data: Sequence[Example], sure: Sequence[float]) -> float:
    """The lowest probability from which precision is at least ``PRECISION``, and stays so above."""
    ranked = sorted(zip(sure, (example.hosts for example in data), strict=True), reverse=True)
    right, best = 0, 1.0
    for count, (probability, hosts) in enumerate(ranked, start=1):
        right += hosts
        if right / count >= PRECISION:
            best = probability
    return best


def main(arguments: Sequence[str]) -> int:
    """Fit, print, and write where that is asked for."""
    debates = [d for d in all_written() if not d.sealed and next(faults(d), None) is None]
    data = examples(debates)
    sure = unseen(data)
    believed_from = round(bar(data, sure), 3)
    print(f"{len(debates)} debates, {len(data)} speakers; believed from {believed_from}")
    for view in ("all", *dict.fromkeys(example.view for example in data)):
        chosen = [at for at, example in enumerate(data) if view in ("all", example.view)]
        marked = [at for at in chosen if sure[at] >= believed_from]
        hosts = sum(data[at].hosts for at in chosen)
        right = sum(data[at].hosts for at in marked)
        precision = f"{right / len(marked):.3f}" if marked else "–"
        recall = f"{right / hosts:.3f}" if hosts else "–"
        print(f"{view:>10}  precision {precision}  recall {recall}  ({len(marked)} marked, {hosts} host)")
    model = fit(data).model_copy(update={"believed_from": believed_from})
    for name, weight in sorted(model.weights.items(), key=lambda item: -abs(item[1])):
        print(f"{weight:8.2f}  {name}")
    if "--write" in arguments:
        FITTED.write_text(json.dumps(model.model_dump(), indent=2) + "\n", encoding="utf-8")
        print(f"written to {FITTED}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
