"""What can be measured between a claim and its evidence, as numbers: meaning, figures, opposites, force. Pure.

No feature sees the claim alone: how a claim is worded says nothing about whether it holds. Each is told which way it
may count (``SIGNS``), so that a fit cannot learn that copied words betray a false claim.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.verification.evidence import Evidence
from assistant.verification.lexicon import holds, is_chinese, negated, negations, sides, turned_words
from assistant.verification.pairs import Read, Reading, Word, bare, pairs, same_word
from assistant.verification.values import figures, strays, turned
from corpus.normalize import fold_text

#: Feature → whether it speaks for a claim (+1) or against it (−1); "cross" tells languages apart and may do either.
SIGNS = {
    "near": 1, "near_best": 1, "near_cross": 1, "axes_same": 1, "figures_met": 1, "cross": 0,
    "around_more": -1, "clause_against": -1, "denied": -1, "denying": -1, "swapped": -1, "names_swapped": -1,
    "turned_words": -1, "strays": -1, "strays_bare": -1, "figures_turned": -1, "all_added": -1, "only_denied": -1,
    "none_added": -1, "self_added": -1, "certain_added": -1, "part_lost": -1, "asked_as_said": -1,
    "relayed_as_own": -1, "advice_added": -1, "reason_added": -1,
}  # fmt: skip
_CLAUSE = re.compile(
    r"[,，;；:：。.!！?？—–]+(?:\s|$|(?=[\u3400-\u9fff]))|[，；：。！？、]|"
    r"\s(?:but|while|whereas|because|although|though|so that|which)\s|但是?|而是|因为|所以|虽然"
)
_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]+(?:[A-Z][a-z]*)*(?![a-z])")
_PASSIVE = re.compile(r"\bby\b|被|由|受|遭")
_STOP = re.compile(r"[;；。.!！?？](?:\s|$|(?=[\u3400-\u9fff]))")
_CLOSE = 0.5  # cosine from which two clauses or words say much the same


def features(claim: str, evidence: Evidence, reading: Reading) -> dict[str, float]:
    """Every feature of ``SIGNS`` by name."""
    found = dict.fromkeys(SIGNS, 0.0)
    texts = evidence.in_language(is_chinese(claim))
    found["cross"] = float(is_chinese(texts[0]) != is_chinese(claim))
    met = pairs(claim, evidence.texts, reading)
    found.update(_meaning(claim, evidence, met, reading))
    found["near_cross"] = found["cross"] * found["near_best"]
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
    if met and evidence.around:
        near = np.array([w.near for w in met])
        wider = np.array([w.near for w in pairs(claim, evidence.around, reading)])
        if len(wider) == len(near):
            found["around_more"] = float(np.maximum(wider - near, 0).mean())
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


def against(claim: str, texts: Sequence[str], reading: Reading) -> list[tuple[str, str]]:
    """(clause of the claim, nearest clause of the texts) where close clauses take opposite sides of an axis."""
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
            found.append((claim[a:b].strip(), other.strip()))
    return found


def _opposites(claim: str, texts: Sequence[str], reading: Reading) -> dict[str, float]:
    mine, theirs = sides(claim), sides("\n".join(texts))
    same = sum(1 for k, v in mine.items() if v and theirs.get(k) == v)
    words = pairs(claim, texts, reading)
    clauses_against = bool(against(claim, texts, reading))
    return {
        "axes_same": float(min(same, 2)),
        "clause_against": float(
            clauses_against or (any(mine[k] and theirs.get(k) == -mine[k] for k in mine) and not same)
        ),
        "denied": float(denied(claim, words, texts) is not None),
        "denying": float(denying(claim, words, texts) is not None),
        "swapped": float(swapped(words)),
        "names_swapped": float(names_swapped(claim, texts)),
        "turned_words": float(any(turned_words(claim, t) for t in texts)),
    }


def denied(claim: str, words: Sequence[Word], texts: Sequence[str]) -> Word | None:
    """A word that the texts negate and that stands in a claim without any negation."""
    if negations(claim):
        return None
    return next((w for w in words if same_word(w) and negated(fold_text(texts[w.text_at]), w.other_start)), None)


def denying(claim: str, words: Sequence[Word], texts: Sequence[str]) -> Word | None:
    """A word that the claim negates and that stands in texts without any negation."""
    if any(negations(text) for text in texts):
        return None
    return next((w for w in words if same_word(w) and negated(fold_text(claim), w.start)), None)


def swapped(words: Sequence[Word]) -> bool:
    """Whether a claim made mostly of the texts' own words has them in another order: the roles may be exchanged."""
    same = [w for w in words if same_word(w)]
    if len(same) < 3 or len(same) <= 0.6 * len(words):
        return False
    ways = [
        a.other_start > b.other_start
        for n, a in enumerate(same)
        for b in same[n + 1 :]
        if a.text_at == b.text_at and a.other_start != b.other_start
    ]
    return bool(ways) and sum(ways) >= 0.3 * len(ways)


def names_swapped(claim: str, texts: Sequence[str]) -> bool:
    """Whether two neighbouring names of a claim stand only the other way round in the texts' clauses."""
    if _PASSIVE.search(claim):
        return False
    names = [m[0] for m in _NAME.finditer(claim, bare(claim))]
    for one, other in itertools.pairwise(names):
        ways = set()
        for text in texts:
            for part in _STOP.split(text):
                if one != other and part.count(one) == 1 and part.count(other) == 1:
                    ways.add(part.index(one) < part.index(other))
        if ways == {False}:
            return True
    return False


def _force(claim: str, evidence: Evidence) -> dict[str, float]:
    both = "\n".join(evidence.texts)

    def added(name: str) -> float:
        return float(holds(claim, name) and not holds(both, name))

    return {
        "all_added": added("all"),
        "only_denied": float(holds(claim, "only") and holds(both, "not_only") and not holds(claim, "not_only")),
        "none_added": float(holds(claim, "none") and not any(negations(text) for text in evidence.texts)),
        "self_added": added("selves"),
        "certain_added": added("certain"),
        "advice_added": added("advice"),
        "reason_added": added("reason"),
        "part_lost": float(holds(both, "part") and not holds(claim, "part")),
        "asked_as_said": float(evidence.asks and not holds(claim, "question")),
        "relayed_as_own": float(evidence.relays and not attributed(claim, evidence)),
    }


def attributed(claim: str, evidence: Evidence) -> bool:
    """Whether a claim says that something is relayed, or names whose it is."""
    return holds(claim, "relay") or any(
        word.casefold() in claim.casefold() for name in evidence.originators for word in name.split() if len(word) > 2
    )
