"""Train what reads numeric questions: which calculation, which figure is which input, which result is asked for.

    python -m evals fit --only numbers           # writes assistant/numeric/heard.npz

The lessons are ``assistant/numeric/lessons``: one utterance a line under its calculation, before a bar the field that
is asked for ("-" where it does not say), figures in brackets with their field, "~ " before what leans on an earlier
calculation. Deterministic up to rounding; under a minute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from assistant.calculators.registry import calculators
from assistant.numeric.binding import reads_as, unit_of_amounts
from assistant.numeric.figured import Figured
from assistant.numeric.heard import (
    BUCKETS,
    DENSE,
    LESSONS,
    NONE,
    PAIRS,
    WEIGHTS,
    Weights,
    asked_dense,
    asked_features,
    crossed,
    fields_of,
    figure_features,
    question_features,
    slot_dense,
)
from evals.fit.acts import _head, _matrix, _scale

_FOLDS = 5
_SMALLEST = 1  # of 127: what weighs less is left out, for the size of the file
_SLOT = re.compile(r"\[(\w+):([^\[\]]*)\]")


class Lesson(NamedTuple):
    """A labelled question."""

    kind: str  # calculator, or "none"
    leans: bool
    asked: str  # a field; "" where the words do not say
    text: str
    slots: tuple[tuple[int, int, str], ...]  # spans of the text, half-open, and the field of each


def read_lessons(path: Path) -> list[Lesson]:
    """The lessons of a file, in order. Raises ValueError with the line that has not the form."""
    made: list[Lesson] = []
    kind = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if line.startswith("## "):
            kind = line[3:].strip()
            if kind != NONE and kind not in calculators():
                raise ValueError(f"{path}:{number}: there is no calculator {kind!r}.")
        elif line:
            asked, bar, words = line.partition("|")
            if not bar:
                raise ValueError(f"{path}:{number}: no bar after what is asked for.")
            made.append(_lesson(kind, asked.strip(), words.strip()))
    return made


def _lesson(kind: str, asked: str, words: str) -> Lesson:
    leans = words.startswith("~")
    words = words.lstrip("~ ")
    text, at, slots = "", 0, []
    for slot in _SLOT.finditer(words):
        text += words[at : slot.start()]
        slots.append((len(text), len(text) + len(slot[2]), slot[1]))
        text += slot[2]
        at = slot.end()
    return Lesson(kind, leans, "" if asked == "-" else asked, text + words[at:], tuple(slots))


def train(lessons: Sequence[Lesson]) -> Weights:
    """Fit the models."""
    figured = [Figured(lesson.text) for lesson in lessons]
    kinds = tuple(sorted({lesson.kind for lesson in lessons}))
    matrix = _matrix([question_features(f) for f in figured], BUCKETS, scaled=True)
    labels = np.array([kinds.index(lesson.kind) for lesson in lessons])
    folds = np.array([int.from_bytes(u.text.encode()[-2:], "big") % _FOLDS for u in lessons])
    kind = LinearSVC(C=2.0, class_weight="balanced").fit(matrix, labels)
    leaning = np.array([lesson.leans for lesson in lessons])
    leans = LinearSVC(C=1.0).fit(matrix, leaning)
    return Weights(
        kinds,
        _head(kind, _scale(matrix, labels, folds, len(kinds))),
        _head(leans, _scale(matrix, leaning.astype(int), folds, 2))[:, 0],
        _pairs(*_slots(lessons, figured)),
        _pairs(*_asked(lessons, figured)),
    )


Rows = list[tuple[list[int], NDArray[np.float32]]]


def _slots(lessons: Sequence[Lesson], figured: Sequence[Figured]) -> tuple[Rows, list[bool]]:
    """Every figure beside every field that it could be."""
    rows: Rows = []
    labels: list[bool] = []
    for lesson, question in zip(lessons, figured, strict=True):
        if lesson.kind == NONE:
            continue
        declared = calculators()[lesson.kind]
        unit = unit_of_amounts(question, declared, "")
        for number, placed in enumerate(question.figures):
            start, end = placed.quantity.start, placed.quantity.end
            gold = {name for a, b, name in lesson.slots if a < end and start < b}
            found = figure_features(question, number)
            for field in fields_of(declared):
                if field.name in gold or reads_as(placed, field, unit) is not None:
                    rows.append((crossed(found, declared.name, field.name), slot_dense(question, number, field)))
                    labels.append(field.name in gold)
    return rows, labels


def _asked(lessons: Sequence[Lesson], figured: Sequence[Figured]) -> tuple[Rows, list[bool]]:
    """Every question beside every field of its calculator that it does not give."""
    rows: Rows = []
    labels: list[bool] = []
    for lesson, question in zip(lessons, figured, strict=True):
        if lesson.kind == NONE or not lesson.asked:
            continue
        declared = calculators()[lesson.kind]
        found = asked_features(question)
        given = {name for _, _, name in lesson.slots}
        for field in fields_of(declared):
            if field.name == lesson.asked or field.name not in given:
                rows.append((crossed(found, declared.name, field.name), asked_dense(question, declared, field, given)))
                labels.append(field.name == lesson.asked)
    return rows, labels


def _pairs(rows: Rows, labels: Sequence[bool]) -> NDArray[np.float32]:
    """A head over hashed and dense features; its margins, scaled to be log-odds for a fold not seen."""
    hashed = _matrix([np.array(sorted(set(found)), dtype=np.intp) for found, _ in rows], PAIRS)
    matrix = sparse.hstack([hashed, sparse.csr_matrix(np.array([dense for _, dense in rows]))]).tocsr()
    truth = np.array(labels)
    held = np.arange(len(truth)) * _FOLDS // len(truth) == 0
    tried = LinearSVC(C=0.1).fit(matrix[~held], truth[~held])
    margins = tried.decision_function(matrix[held])
    signs = np.where(truth[held], 1.0, -1.0)
    scales = np.linspace(0.5, 8.0, 31)
    scale = float(scales[np.argmin([np.logaddexp(0, -s * margins * signs).mean() for s in scales])])
    model = LinearSVC(C=0.1).fit(matrix, truth)
    head = np.append(model.coef_[0], model.intercept_[0]) * scale
    assert len(head) == PAIRS + DENSE + 1
    return head.astype(np.float32)


def save(made: Weights, path: Path = WEIGHTS) -> None:
    """Write the weights in eight bits with a scale a column, those of the few dense features as they are."""
    kept: dict[str, Any] = {"kinds": np.array(made.kinds)}
    for name in ("kind", "leans", "slot", "asked"):
        table = getattr(made, name).reshape(len(getattr(made, name)), -1)
        if name in ("slot", "asked"):
            kept[f"{name}_dense"] = table[PAIRS:]
            table = table[:PAIRS]
        scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / 127
        steps = np.round(table / scale)
        kept[name] = np.where(np.abs(steps) > _SMALLEST, steps, 0).astype(np.int8)
        kept[f"{name}_scale"] = scale.astype(np.float32)
    np.savez_compressed(path, **kept)


def lessons() -> list[Lesson]:
    """Every lesson that ships."""
    return [lesson for path in sorted(LESSONS.glob("*.txt")) for lesson in read_lessons(path)]


def main() -> int:
    """Train and write."""
    taught = lessons()
    save(train(taught))
    print(f"{len(taught):,} utterances → {WEIGHTS}")
    return 0
