"""How likely a claim holds, from its features: a logistic scorer, fitted by ``evals.fit.claims``.

The weights, and what Chinese and English tokens have in common (their mean state, which is taken away before two are
compared), are one small file of plain arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.verification.features import SIGNS
from assistant.verification.pairs import Read
from index.encoder import OnnxEncoder, open_encoder, side

WEIGHTS = Path(__file__).parent / "scorer.npz"
_KEPT = 4096  # texts read last


@lru_cache(maxsize=1)
def _fitted() -> dict[str, NDArray[Any]]:
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


@lru_cache(maxsize=1)
def _encoder() -> OnnxEncoder:
    encoder = open_encoder()
    assert isinstance(encoder, OnnxEncoder)  # the one that ships
    return encoder


@lru_cache(maxsize=_KEPT)
def reading(text: str) -> Read:
    """A text as the encoder that ships reads it, its tokens freed from what its language has in common."""
    offsets, states, vector = _encoder().tokens(text)
    common = _fitted()[f"common_{side(text, query=True)[-2:]}"]
    freed = states - common
    return Read(offsets, freed / (np.linalg.norm(freed, axis=1, keepdims=True) + 1e-9), vector)


def probability(features: Mapping[str, float]) -> float:
    """The probability, 0 to 1, that a claim with these features holds (half of all claims do)."""
    fitted = _fitted()
    values = np.array([features[name] for name in fitted["names"]])
    z = (values - fitted["mean"]) / fitted["deviation"] @ fitted["weights"] + fitted["intercept"]
    return float(1.0 / (1.0 + np.exp(-z)))


def thresholds(*, noted: bool) -> tuple[float, float, float]:
    """Probabilities below which a claim is refused, from which it is partly supported, and supported.

    Args:
        noted: whether a careful reader's English stands beside the evidence.
    """
    low, middle, high = _fitted()["thresholds"][0 if noted else 1]
    return float(low), float(middle), float(high)


def is_current() -> bool:
    """Whether the weights are of the features that there are."""
    return set(_fitted()["names"]) == set(SIGNS)
