"""Train what reads a message: its act, whether it leans on the thread, which words are its matter.

    python -m evals fit --only acts              # writes assistant/reading/acts.npz

The lessons are ``assistant/reading/utterances``: one utterance a line under its act, matter in square brackets, names
in braces, "~ " before what leans on an earlier answer. Deterministic up to rounding; seconds long. The act is learned
from messages whose matter was marked by a tagger that had not seen them (five folds), as it will be in use.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.svm import LinearSVC

from assistant.reading.acts import (
    ACTS,
    BUCKETS,
    DETAILS,
    FRAMES,
    MATTER,
    NAME,
    TAGS,
    TOKEN,
    UTTERANCES,
    WEIGHTS,
    Weights,
    frame_slots,
    hear,
    mask,
    matter_of,
    message_features,
    token_features,
)
from corpus.normalize import fold_text

_FOLDS = 5
Spans = tuple[tuple[int, int], ...]
_MARK = re.compile(r"[\[\]{}]")


class Utterance(NamedTuple):
    """A labelled message."""

    label: str  # an act, or the detail that a question asks for
    leans: bool
    text: str  # folded
    matter: tuple[tuple[int, int], ...]
    names: tuple[tuple[int, int], ...]


def read_utterances(path: Path, labels: Sequence[str] = ACTS) -> list[Utterance]:
    """The utterances of a file under their labels, in order. Raises ValueError with the line that has not the form."""
    made: list[Utterance] = []
    label = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if line.startswith("## "):
            label = line[3:].strip()
        elif line:
            if label not in labels:
                raise ValueError(f"{path}:{number}: {label!r} is none of {', '.join(labels)}.")
            made.append(_utterance(label, line, f"{path}:{number}"))
    return made


def _utterance(label: str, line: str, where: str) -> Utterance:
    leans = line.startswith("~")
    text, at, opened = "", 0, None
    spans: dict[str, list[tuple[int, int]]] = {"[": [], "{": []}
    line = line.lstrip("~ ")
    for mark in _MARK.finditer(line):
        text += fold_text(line[at : mark.start()])
        at = mark.end()
        if mark[0] in "[{":
            if opened is not None:
                raise ValueError(f"{where}: brackets within brackets.")
            opened = (mark[0], len(text))
        else:
            if opened is None or {"[": "]", "{": "}"}[opened[0]] != mark[0]:
                raise ValueError(f"{where}: a bracket closes that was not opened.")
            spans[opened[0]].append((opened[1], len(text)))
            opened = None
    if opened is not None:
        raise ValueError(f"{where}: a bracket is not closed.")
    text += fold_text(line[at:])
    return Utterance(label, leans, text, tuple(spans["["]), tuple(spans["{"]))


def train(lessons: Sequence[Utterance], details: Sequence[Utterance]) -> Weights:
    """Fit the heads; each message once with its names known, and once with them unknown where it holds more."""
    fold = np.array([int.from_bytes(u.text.encode()[-2:], "big") % _FOLDS for u in lessons])
    tagged: list[Spans] = [()] * len(lessons)
    for held in range(_FOLDS):
        heads = _tagger([u for u, f in zip(lessons, fold, strict=True) if f != held])
        for at in map(int, np.flatnonzero(fold == held)):
            tagged[at] = matter_of(lessons[at].text, lessons[at].names, heads)
    seen = [(u, u.names, matter) for u, matter in zip(lessons, tagged, strict=True)]
    seen += [(u, (), matter) for u, matter in zip(lessons, tagged, strict=True) if u.names and u.matter]
    folds = np.append(fold, [f for u, f in zip(lessons, fold, strict=True) if u.names and u.matter])
    matrix = _matrix([message_features(u.text, names, matter) for u, names, matter in seen], BUCKETS, scaled=True)
    labels = np.array([ACTS.index(u.label) for u, _, _ in seen])
    acts = LinearSVC(C=2.0, class_weight="balanced").fit(matrix, labels)
    leaning = np.array([u.leans for u, _, _ in seen])
    lean = LinearSVC(C=1.0).fit(matrix, leaning)
    return _tagger(lessons)._replace(
        details=_details(details),
        acts=_head(acts, _scale(matrix, labels, folds, len(ACTS))),
        leans=_head(lean, _scale(matrix, leaning.astype(int), folds, 2))[:, 0],
    )


def _details(lessons: Sequence[Utterance]) -> NDArray[np.float32]:
    """The head that hears which detail is asked for: of whole questions, for the matter often says it."""
    matrix = _matrix([message_features(u.text, u.names, ()) for u in lessons], BUCKETS, scaled=True)
    model = LinearSVC(C=1.0, class_weight="balanced").fit(matrix, [DETAILS.index(u.label) for u in lessons])
    return _head(model, 1.0)


def _head(model: LinearSVC, scale: float) -> NDArray[np.float32]:
    return (scale * np.vstack([model.coef_.T, model.intercept_])).astype(np.float32)


def _scale(matrix: sparse.csr_matrix, labels: NDArray[Any], folds: NDArray[Any], classes: int) -> float:
    """What margins are multiplied by to be logits: the likeliest for a fold that the model has not seen."""
    held = folds == 0
    model = LinearSVC(C=2.0 if classes > 2 else 1.0, class_weight="balanced" if classes > 2 else None)
    margins = model.fit(matrix[~held], labels[~held]).decision_function(matrix[held])

    def loss(scale: float) -> float:
        if classes == 2:
            signs = np.where(labels[held] == 1, 1.0, -1.0)
            return float(np.logaddexp(0, -scale * margins * signs).mean())
        logits = scale * margins
        return float((np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(logits)), labels[held]]).mean())

    return float(minimize_scalar(loss, bounds=(0.5, 20.0), method="bounded").x)


def _tagger(lessons: Sequence[Utterance]) -> Weights:
    """Weights of nothing but what tells matter from frame."""
    frame = _frame(lessons)
    rows: list[NDArray[np.intp]] = []
    labels: list[bool] = []
    for utterance in lessons:
        masked = mask(utterance.text, utterance.names, NAME)
        tokens = [match.span() for match in TOKEN.finditer(masked)]
        rows += list(token_features(masked, tokens, frame, own=True))
        labels += [_within(start, utterance.matter) for start, _ in tokens]
    model = LinearSVC(C=0.1).fit(_matrix(rows, TAGS), labels)
    head = np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)
    acts, details = (np.zeros((BUCKETS + 1, n), np.float32) for n in (len(ACTS), len(DETAILS)))
    return Weights(acts, np.zeros(BUCKETS + 1, np.float32), head, details, frame)


def _frame(lessons: Sequence[Utterance]) -> NDArray[np.uint8]:
    """In how many utterances each token and pair stands outside matter."""
    counts = np.zeros(FRAMES, dtype=np.int64)
    for utterance in lessons:
        masked = mask(mask(utterance.text, utterance.names, NAME), utterance.matter, MATTER)
        words = ["^", *(m[0] for m in TOKEN.finditer(masked)), "$"]
        pairs = [f"{a} {b}" for a, b in itertools.pairwise(words)]
        outside = [t for t in (*words, *pairs) if MATTER not in t]
        counts[list(set(frame_slots(outside)))] += 1
    return np.minimum(counts, 255).astype(np.uint8)


def _within(at: int, spans: Spans) -> bool:
    return any(start <= at < end for start, end in spans)


def _matrix(rows: Sequence[NDArray[np.intp]], width: int, *, scaled: bool = False) -> sparse.csr_matrix:
    """Rows of hashed features → sparse matrix (n_rows, width), each row divided by the root of its length if scaled."""
    sizes = [len(row) for row in rows]
    values = np.repeat([1.0 / np.sqrt(n) if scaled else 1.0 for n in sizes], sizes)
    return sparse.csr_matrix((values, np.concatenate(rows), np.append(0, np.cumsum(sizes))), (len(rows), width))


def save(made: Weights, path: Path = WEIGHTS) -> None:
    """Write the weights in eight bits with a scale a column."""
    kept: dict[str, Any] = {"frame": made.frame}
    for name, values in made._asdict().items():
        if name == "frame":
            continue
        table = values.reshape(len(values), -1)
        scale = np.abs(table).max(axis=0) / 127
        kept[name] = np.round(table / scale).astype(np.int8)
        kept[f"{name}_scale"] = scale.astype(np.float32)
    np.savez_compressed(path, **kept)


def score(utterances: Sequence[Utterance], made: Weights | None = None) -> dict[str, float]:
    """Share of acts right, of leaning right, and F1 of the characters of matter."""
    right = leaning = 0
    both = told = gold = 0
    for utterance in utterances:
        heard = hear(utterance.text, utterance.names, made)
        right += heard.act == utterance.label
        leaning += (heard.leans > 0.5) == utterance.leans
        mine = {c for a, b in heard.matter for c in range(a, b)}
        true = {c for a, b in utterance.matter for c in range(a, b)}
        both, told, gold = both + len(mine & true), told + len(mine), gold + len(true)
    return {
        "acts": right / len(utterances),
        "leans": leaning / len(utterances),
        "matter": 2 * both / ((told + gold) or 1),
    }


def lessons() -> tuple[list[Utterance], list[Utterance]]:
    """Every utterance that ships: by act, and by the detail that is asked for."""
    acts = [u for path in sorted((UTTERANCES / "acts").glob("*.txt")) for u in read_utterances(path)]
    details = [u for path in sorted((UTTERANCES / "details").glob("*.txt")) for u in read_utterances(path, DETAILS)]
    return acts, details


def main() -> int:
    """Train the heads and write them."""
    acts, details = lessons()
    save(train(acts, details))
    print(f"{len(acts):,} messages by act, {len(details):,} by detail → {WEIGHTS}")
    return 0
