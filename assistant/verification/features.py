"""What can be measured between a claim and its evidence, as numbers: meaning, figures, opposites, force. Pure.

No feature sees the claim alone: how a claim is worded says nothing about whether it holds. Each is told which way it
may count (``SIGNS``), so that a fit cannot learn that copied words betray a false claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.verification.evidence import Evidence
from assistant.verification.lexicon import holds, is_chinese, negations, sides, turned_words
from assistant.verification.pairs import Read, Reading, Word, bare, opposed, pairs
from assistant.verification.values import figures, strays, turned

#: Feature → whether it speaks for a claim (+1) or against it (−1); "cross" tells languages apart and may do either.
SIGNS = {
    "near": 1, "near_best": 1, "near_cross": 1, "met": 1, "met_cross": 1, "met_low": 1, "taken": 1, "axes_same": 1,
    "figures_met": 1, "cited": 1, "cross": 0,
    "around_more": -1, "unmet": -1, "opposite": -1, "negated": -1, "clause_against": -1, "clause_negated": -1,
    "turned_words": -1, "strays": -1, "strays_bare": -1, "figures_turned": -1, "all_added": -1, "only_added": -1,
    "certain_added": -1, "hedge_lost": -1, "part_lost": -1, "order": -1, "asked_as_said": -1, "relayed_as_own": -1,
    "advice_added": -1, "reason_added": -1,
}  # fmt: skip
_CLAUSE = re.compile(
    r"[,，;；:：。.!！?？—–]+(?:\s|$|(?=[\u3400-\u9fff]))|[，；：。！？、]|"
    r"\s(?:but|while|whereas|because|although|though|so that|which)\s|但是?|而是|因为|所以|虽然"
)
_UNMET = 0.28
_CLOSE = 0.5


def features(claim: str, evidence: Evidence, reading: Reading) -> dict[str, float]:
    """Every feature of ``SIGNS`` by name."""
    found = dict.fromkeys(SIGNS, 0.0)
    texts = evidence.in_language(is_chinese(claim))
    found["cross"] = float(is_chinese(texts[0]) != is_chinese(claim))
    found["cited"] = float(len(evidence.said) > 1)
    met = pairs(claim, evidence.texts, reading)
    found.update(_meaning(claim, evidence, met, reading))
    found["near_cross"] = found["cross"] * found["near_best"]
    found["met_cross"] = found["cross"] * found["met"]
    found.update(_opposites(claim, texts, reading))
    found.update(_force(claim, evidence))
    stray = strays(claim, evidence.texts, evidence.around)
    said = any(figures(text) for text in evidence.texts)
    found["strays"] = float(bool(stray) and said)
    found["strays_bare"] = float(bool(stray) and not said)
    found["figures_turned"] = float(turned(claim, texts))
    found["figures_met"] = float(bool(figures(claim)) and not stray)
    return found


def _meaning(claim: str, evidence: Evidence, met: Sequence[Word], reading: Reading) -> dict[str, float]:
    mine = reading(claim)
    cited = [reading(t).vector for t in evidence.texts]
    joint = np.sum(cited, axis=0)
    found = {
        "near_best": max(float(mine.vector @ v) for v in cited),
        "near": float(mine.vector @ joint / (np.linalg.norm(joint) + 1e-9)),
    }
    if not met:
        return found
    near = np.array([w.near for w in met])
    found["met"] = float(near.mean())
    found["met_low"] = float(np.sort(near)[: max(1, len(near) // 3)].mean())
    if evidence.around:
        wider = np.array([w.near for w in pairs(claim, evidence.around, reading)])
        if len(wider) == len(near):
            found["around_more"] = float(np.maximum(wider - near, 0).mean())
            near = np.maximum(near, wider)
    found["unmet"] = float((near < _UNMET).mean())
    found["taken"] = float(
        np.mean([max((w.near for w in pairs(t, [claim], reading)), default=0.0) for t in evidence.texts[:1]])
    )
    order = [w for w in met if w.near >= _CLOSE and w.text_at == met[0].text_at]
    swaps = [
        a.other_start > b.other_start
        for i, a in enumerate(order)
        for b in order[i + 1 :]
        if a.other_start != b.other_start
    ]
    found["order"] = float(np.mean(swaps)) if len(swaps) > 2 else 0.0
    return found


def clauses(text: str, start: int = 0) -> list[tuple[int, int]]:
    """Where the clauses of a text stand."""
    found, at = [], start
    for match in _CLAUSE.finditer(text, start):
        found.append((at, match.start()))
        at = match.end()
    return [(a, b) for a, b in (*found, (at, len(text))) if len(text[a:b].strip()) > 2]


def clause_vector(read: Read, a: int, b: int) -> NDArray[np.float32] | None:
    """The mean of the tokens between two places, unit length; None where there are none."""
    rows = [n for n, (x, y) in enumerate(read.offsets) if x < b and y > a]
    if not rows:
        return None
    vector = read.states[rows].mean(axis=0)
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-9), dtype=np.float32)


def against(claim: str, texts: Sequence[str], reading: Reading) -> list[tuple[str, str, str]]:
    """(kind, clause of the claim, nearest clause of the texts) where close clauses take opposite sides.

    Kinds: "opposite" (sides of an axis), "negated" (one negated, the other not, no axis telling more).
    """
    held = []
    for text in texts:
        for a, b in clauses(text):
            if (vector := clause_vector(reading(text), a, b)) is not None:
                held.append((text[a:b], vector))
    found = []
    for a, b in clauses(claim, bare(claim)):
        vector = clause_vector(reading(claim), a, b)
        if vector is None or not held:
            continue
        other, row = max(held, key=lambda h: float(h[1] @ vector))
        if float(row @ vector) < _CLOSE:
            continue
        mine, theirs = sides(claim[a:b]), sides(other)
        same = [k for k, v in mine.items() if v and theirs.get(k) == v]
        turned_round = [k for k, v in mine.items() if v and theirs.get(k) == -v]
        if turned_round and not same:
            found.append(("opposite", claim[a:b].strip(), other.strip()))
        elif not same and (negations(claim[a:b]) - negations(other)) % 2:
            found.append(("negated", claim[a:b].strip(), other.strip()))
    return found


def _opposites(claim: str, texts: Sequence[str], reading: Reading) -> dict[str, float]:
    mine, theirs = sides(claim), sides("\n".join(texts))
    same = sum(1 for k, v in mine.items() if v and theirs.get(k) == v)
    words = pairs(claim, texts, reading)
    ways = [opposed(w, claim, texts[w.text_at]) for w in words]
    kinds = [kind for kind, _, _ in against(claim, texts, reading)]
    return {
        "axes_same": float(min(same, 2)),
        "opposite": float(any(way == "opposite" and w.near > _CLOSE for way, w in zip(ways, words, strict=True))),
        "negated": float(np.mean([way == "negated" for way in ways])) if ways else 0.0,
        "clause_against": float(
            "opposite" in kinds or (any(mine[k] and theirs.get(k) == -mine[k] for k in mine) and not same)
        ),
        "clause_negated": float("negated" in kinds),
        "turned_words": float(any(turned_words(claim, t) for t in texts)),
    }


def _force(claim: str, evidence: Evidence) -> dict[str, float]:
    both = "\n".join(evidence.texts)

    def added(name: str) -> float:
        return float(holds(claim, name) and not holds(both, name))

    return {
        "all_added": added("all"),
        "only_added": added("only"),
        "certain_added": added("certain"),
        "advice_added": added("advice"),
        "reason_added": added("reason"),
        "hedge_lost": float(holds(both, "hedge") and not holds(claim, "hedge")),
        "part_lost": float(holds(both, "part") and not holds(claim, "part")),
        "asked_as_said": float(evidence.asks and not holds(claim, "question")),
        "relayed_as_own": float(evidence.relays and not attributed(claim, evidence)),
    }


def attributed(claim: str, evidence: Evidence) -> bool:
    """Whether a claim says that something is relayed, or names whose it is."""
    return holds(claim, "relay") or any(
        word.casefold() in claim.casefold() for name in evidence.originators for word in name.split() if len(word) > 2
    )
