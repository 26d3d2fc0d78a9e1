"""Fit how sure a reading of a numeric question is: a logistic of what tells right readings from wrong ones.

    python -m evals fit --only doubt             # writes assistant/numeric/doubt.json

Rows are the lessons, each read by models that have not seen its fold, and the development split of the numeric
questions. The thresholds are choices, and stand: below ``threshold`` a reading asks back, below ``words_below`` a first
question is taken for one of words. Deterministic; about a minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.numeric import heard
from assistant.numeric.doubt import FEATURES, WEIGHTS, sure
from assistant.numeric.figured import Figured
from assistant.numeric.heard import NONE
from assistant.numeric.plan import NumericPlan
from assistant.numeric.read import reading
from assistant.numeric.work import work
from evals.fit.numbers import Lesson, lessons, train
from evals.numbers.ask import shown_of
from evals.numbers.items import load_items
from evals.numbers.judge import judge

_FOLDS = 5
_HEAVY = 3.0  # a question of the split, beside a lesson: it is nearer to what readers ask
_STRENGTH = 0.1

Row = tuple[list[float], bool]


def main() -> int:
    """Fit and write."""
    taught, asked = [*lesson_rows(lessons())], [*question_rows()]
    features = np.array([found for found, _ in taught + asked])
    right = np.array([is_right for _, is_right in taught + asked])
    weight = np.r_[np.ones(len(taught)), np.full(len(asked), _HEAVY)]
    scale = StandardScaler().fit(features)
    model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(scale.transform(features), right, sample_weight=weight)
    weights = model.coef_[0] / scale.scale_
    bias = float(model.intercept_[0] - weights @ scale.mean_)
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    kept |= {"weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weights, strict=True)}, "bias": round(bias, 4)}
    WEIGHTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"{len(taught):,} lessons and {len(asked):,} questions → {WEIGHTS}")
    return 0


def lesson_rows(taught: Sequence[Lesson]) -> Iterator[Row]:
    """Lessons that stand alone, and whether they are read right by models of the other folds."""
    folds = np.random.default_rng(0).integers(0, _FOLDS, len(taught))
    for fold in range(_FOLDS):
        made = train([lesson for lesson, f in zip(taught, folds, strict=True) if f != fold])
        with patch.object(heard, "weights", lambda made=made: made):
            for lesson, f in zip(taught, folds, strict=True):
                read = reading(Figured(lesson.text), None, "en") if f == fold and not lesson.leans else None
                if read is not None:
                    yield read[1], lesson.kind != NONE and _is_right(lesson, read[0])


def _is_right(lesson: Lesson, plan: NumericPlan) -> bool:
    if plan.calculator != lesson.kind or (lesson.asked and plan.asked != lesson.asked):
        return False
    given = {name for name, origin in plan.origins.items() if origin.kind == "user"}
    return {name for _, _, name in lesson.slots} <= given | set(plan.versus) | set(plan.target) and not plan.unused


def question_rows() -> Iterator[Row]:
    """Turns of the development split that were read, and whether what they came to is what was asked for."""
    for item in load_items("dev"):
        last: NumericPlan | None = None
        for turn in item.turns:
            read = reading(Figured(turn.question), last, item.language)
            if read is None:
                continue
            plan, found = read
            outcome = judge(turn, shown_of(plan, work(plan), item.language))
            last = plan.model_copy(update={"sure": sure(found)})
            if outcome in ("right", "wrong", "spurious"):
                yield found, outcome == "right"
