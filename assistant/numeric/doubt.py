"""How sure a reading of a numeric question is: a logistic of what tells right readings from wrong ones.

Fitted on questions with known answers (``python -m evals fit --only doubt``); below ``threshold`` it is asked back.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

WEIGHTS = Path(__file__).parent / "doubt.json"
FEATURES = (
    "over other readings", "over none", "kind", "edits", "feeds", "solves", "compares", "weakest figure",
    "figures on average", "unused figures", "bare numbers", "over other results", "defaults", "figures", "thread",
    "open", "brief",
)  # fmt: skip


class Weights(NamedTuple):
    """The logistic; below `threshold` a reading is asked back, below `words_below` a first one is one for words."""

    values: tuple[float, ...]
    bias: float
    threshold: float
    words_below: float


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights that ship."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(tuple(kept["weights"][name] for name in FEATURES), kept["bias"], kept["threshold"],
                   kept["words_below"])  # fmt: skip


def sure(features: Sequence[float]) -> float:
    """Probability that a reading with these features is right."""
    fitted = weights()
    return 1.0 / (1.0 + math.exp(-fitted.bias - sum(w * f for w, f in zip(fitted.values, features, strict=True))))
