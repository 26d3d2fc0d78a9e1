"""The scorer of claims, fitted anew: labelled claims of the written debates, and our own of ``evals/claims``.

What a feature may say is fixed beforehand (``SIGNS``): the written claims' wording betrays their label, false ones copy
more, and a free fit would learn that. Sealed debates, sealed claims and those looked at are left out.

    python -m evals.fit.claims
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.verification.features import SIGNS, features
from assistant.verification.scorer import WEIGHTS
from evals.claim_check import FOLDER, Labelled, read_claims, written_claims
from index.encoder import OnnxEncoder

Floats = NDArray[np.float64]
_WRITTEN, _OWN = 0.3, 3.0  # weight of a claim of the written debates, and of our own
_SHRINK = 8.0
#: Refused below, partly supported from, supported from; where the evidence has glosses, and where it has none.
_THRESHOLDS = ((0.12, 0.45, 0.65), (0.08, 0.45, 0.70))


def matrix(claims: Sequence[Labelled]) -> Floats:
    """Features of claims, shape (n_claims, n_features), in the order of ``SIGNS``."""
    from assistant.verification.scorer import reading

    rows = [features(c.claim, c.evidence, reading) for c in claims]
    return np.array([[row[name] for name in SIGNS] for row in rows])


def fit(x: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Mean, deviation, weights and intercept of a logistic model whose weights keep their signs."""
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = (x - mean) / deviation

    def loss(theta: Floats) -> tuple[float, Floats]:
        p = 1.0 / (1.0 + np.exp(-(z @ theta[:-1] + theta[-1])))
        fitted = -(weights * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum()
        off = weights * (p - y)
        gradient = np.append(z.T @ off + 2 * _SHRINK * theta[:-1], off.sum())
        return float(fitted + _SHRINK * (theta[:-1] ** 2).sum()), gradient

    bounds = [((0, None), (None, 0), (None, None))[{1: 0, -1: 1, 0: 2}[sign]] for sign in SIGNS.values()]
    found = minimize(loss, np.zeros(len(SIGNS) + 1), jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    return mean, deviation, found[:-1], float(found[-1])


def main() -> None:
    """Fit and write the scorer; prints what it weighs."""
    own = [claim for name in ("dev", "given") for claim in read_claims(FOLDER / f"{name}.jsonl")]
    own = [claim for claim in own if claim.speaker_said_it]  # the others need no scorer
    written = list(written_claims(sealed=False, but={claim.debate.transcript.id for claim in own}))
    _write_common(written)
    every = [*written, *own]
    x, y = matrix(every), np.array([float(bool(claim.label)) for claim in every])
    weights = np.array([_WRITTEN] * len(written) + [_OWN] * len(own))
    mean, deviation, fitted, intercept = fit(x, y, weights)
    with np.load(WEIGHTS, allow_pickle=False) as held:
        common = {name: held[name] for name in held.files if name.startswith("common_")}
    np.savez_compressed(
        WEIGHTS, names=np.array(list(SIGNS)), mean=mean, deviation=deviation, weights=fitted, intercept=intercept,
        thresholds=np.array(_THRESHOLDS), **common,
    )  # fmt: skip
    for name, weight in sorted(zip(SIGNS, fitted, strict=True), key=lambda pair: -abs(pair[1])):
        print(f"{name:16} {weight:+.3f}")


def _write_common(claims: Sequence[Labelled]) -> None:
    """The mean state of a token, in Chinese and in other text, over claims and what they cite: the file's beginning."""
    from index.encoder import open_encoder, side

    encoder = open_encoder()
    assert isinstance(encoder, OnnxEncoder)
    texts = [text for claim in claims[::5] for text in (claim.claim, *claim.evidence.said)]
    states: dict[str, list[NDArray[np.float32]]] = {"zh": [], "en": []}
    for text in dict.fromkeys(texts):
        states[side(text, query=True)[-2:]].append(encoder.tokens(text)[1])
    common = {f"common_{name}": np.concatenate(rows).mean(axis=0) for name, rows in states.items()}
    held = dict(np.load(WEIGHTS, allow_pickle=False)) if WEIGHTS.exists() else {}
    np.savez_compressed(WEIGHTS, **(held | common))


if __name__ == "__main__":
    main()
