"""Which calculation a numeric question asks for, which figure is which input, which result is wanted: linear models.

Learned from the utterances in ``lessons`` (``python -m evals fit --only numbers``); no calculator is named here. A
figure and an input are judged by the words around the figure, by what else stands in the question, and by how far those
words are the input's label, so that a new calculator is read from its declaration and a handful of utterances.
"""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.calculators.declaration import Calculator, InputField, Output
from assistant.numeric.figured import Figured, family

LESSONS = Path(__file__).parent / "lessons"
WEIGHTS = Path(__file__).parent / "heard.npz"
NONE = "none"
BUCKETS = 1 << 16  # hashed features of a whole question
PAIRS = 1 << 18  # hashed features of (figure, field) and (question, field)
DENSE = 10  # features of (figure, field) that are numbers
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]")
_NEAR = 4


class Weights(NamedTuple):
    """The models; the last row of each is the bias."""

    kinds: tuple[str, ...]  # names of calculators, and "none"
    kind: NDArray[np.float32]  # (BUCKETS + 1, n_kinds)
    leans: NDArray[np.float32]  # (BUCKETS + 1,)
    slot: NDArray[np.float32]  # (PAIRS + DENSE + 1,)
    asked: NDArray[np.float32]  # (PAIRS + DENSE + 1,)


class Heard(NamedTuple):
    """A question as the models hear it."""

    kinds: dict[str, float]  # calculator or "none" → probability
    leans: float  # probability that it changes or goes on from an earlier calculation


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights that ship."""
    with np.load(WEIGHTS) as kept:
        kind, leans, slot, asked = (
            kept[name].astype(np.float32) * kept[f"{name}_scale"] for name in ("kind", "leans", "slot", "asked")
        )
        heads = [np.append(table[:, 0], kept[f"{name}_dense"]) for name, table in (("slot", slot), ("asked", asked))]
        return Weights(tuple(map(str, kept["kinds"])), kind, leans[:, 0], *heads)


def hear(figured: Figured, using: Weights | None = None) -> Heard:
    """What kind of calculation a question asks for, and whether it leans on an earlier one."""
    heads, rows = using or weights(), question_features(figured)
    logits = heads.kind[rows].sum(axis=0) / np.sqrt(len(rows)) + heads.kind[-1]
    odds = np.exp(logits - logits.max())
    odds /= odds.sum()
    lean = float(heads.leans[rows].sum() / np.sqrt(len(rows)) + heads.leans[-1])
    return Heard(dict(zip(heads.kinds, map(float, odds), strict=True)), 1.0 / (1.0 + float(np.exp(-lean))))


def hashed(text: str, buckets: int, start: int = 0) -> int:
    """The bucket of a feature; `start` crosses it with what was hashed before."""
    return zlib.crc32(text.encode(), start) % buckets


def question_features(figured: Figured) -> NDArray[np.intp]:
    """Hashed n-grams of tokens, beginnings of words, and which families of figures stand there how often."""
    tokens = ["^", *(token.text for token in figured.tokens), "$"]
    found = {f"{n}:{' '.join(tokens[at : at + n])}" for n in (1, 2, 3) for at in range(len(tokens) - n + 1)}
    found |= {f"4:{''.join(tokens[at : at + 4])}" for at in range(len(tokens) - 3) if not tokens[at].isascii()}
    found |= {f"p:{token[:5]}" for token in tokens if len(token) > 5 and token.isalpha()}
    counts: dict[str, int] = {}
    for figure in figured.figures:
        kind = family(figure)
        counts[kind] = counts.get(kind, 0) + 1
        found.add(f"f:{kind}:{min(counts[kind], 3)}")
    found.add(f"n:{min(len(figured.figures), 5)}")
    found.add(f"l:{min(len(tokens) // 6, 5)}")
    return np.fromiter({hashed(feature, BUCKETS) for feature in sorted(found)}, dtype=np.intp)


@lru_cache(maxsize=256)
def figure_features(figured: Figured, number: int) -> tuple[bytes, ...]:
    """What stands around a figure."""
    tokens = figured.tokens
    at = next(i for i, token in enumerate(tokens) if token.figure == number)
    figure = figured.figures[number]
    kind, words = family(figure), [token.text for token in tokens]

    def word(offset: int) -> str:
        return words[at + offset] if 0 <= at + offset < len(words) else "$" if offset > 0 else "^"

    found = [
        f"k:{kind}",
        f"w:{figure.quantity.text.lower()}" if not any(c.isdigit() for c in figure.quantity.text) else "w",
    ]
    found += [f"{offset}:{word(offset)}" for offset in range(-_NEAR, _NEAR + 1) if offset]
    found += [f"-2-1:{word(-2)} {word(-1)}", f"+1+2:{word(1)} {word(2)}", f"-1+1:{word(-1)} {word(1)}"]
    found += [f"-3:{word(-3)} {word(-2)} {word(-1)}", f"+3:{word(1)} {word(2)} {word(3)}"]
    found += [f"-4:{word(-4)}{word(-3)}{word(-2)}{word(-1)}", f"+4:{word(1)}{word(2)}{word(3)}{word(4)}"]
    before, after = words[max(0, at - 9) : at], words[at + 1 : at + 9]
    found += [f"b:{w}" for w in before] + [f"a:{w}" for w in after]
    found += [f"b2:{x}{y}" for x, y in itertools.pairwise(before)]
    found += [f"a2:{x}{y}" for x, y in itertools.pairwise(after)]
    alike = [i for i, other in enumerate(figured.figures) if family(other) == kind]
    found += [
        f"o:{kind}:{alike.index(number)}/{len(alike)}",
        f"d:{figure.quantity.direction}",
        f"y:{figure.quantity.per}",
    ]
    found.append(f"s:{number}/{len(figured.figures)}")
    size = abs(figure.quantity.value)
    bigger = sum(abs(figured.figures[i].quantity.value) > size for i in alike)
    found += [f"rk:{kind}:{bigger}/{len(alike)}", f"v:{kind}:{round(2 * math.log10(size)) if size else 'none'}"]
    found.append(f"vv:{kind}:{figure.quantity.value:.3g}")
    place = f"{kind}{alike.index(number)}"
    clause = _asking(words)
    found += [f"q:{place}:{w}" for w in set(clause)]
    found += [f"q2:{place}:{a} {b}" for a, b in set(itertools.pairwise(clause))]
    found += [f"r:{place}:{w}" for w in set(words) if len(w) > 3 or not w.isascii()]
    return tuple(feature.encode() for feature in found)


def crossed(found: Sequence[bytes], calculator: str, field: str) -> list[int]:
    """The buckets of features with a field of a calculator, and with that field of any calculator."""
    own, shared = zlib.crc32(f"{calculator}.{field}|".encode()), zlib.crc32(f"{field}|".encode())
    crc = zlib.crc32
    return [crc(f, own) % PAIRS for f in found] + [crc(f, shared) % PAIRS for f in found]


def slot_score(
    figured: Figured, number: int, found: Sequence[bytes], calculator: Calculator[Any], field: InputField | Output,
    using: Weights | None = None,
) -> float:  # fmt: skip
    """Log-odds that a figure is this input, or the value that this result is to have."""
    head = (using or weights()).slot
    dense = slot_dense(figured, number, field)
    return float(head[crossed(found, calculator.name, field.name)].sum() + head[PAIRS:-1] @ dense + head[-1])


def asked_score(
    figured: Figured, found: Sequence[bytes], calculator: Calculator[Any], field: InputField | Output,
    given: Collection[str] = (), using: Weights | None = None,
) -> float:  # fmt: skip
    """Log-odds that this result, or this input, is what a question asks for that gives those fields."""
    head = (using or weights()).asked
    dense = asked_dense(figured, calculator, field, given)
    return float(head[crossed(found, calculator.name, field.name)].sum() + head[PAIRS:-1] @ dense + head[-1])


def asked_features(figured: Figured) -> tuple[bytes, ...]:
    """The n-grams of a question, its asking clause apart."""
    words = [token.text for token in figured.tokens]
    found = [f"1:{w}" for w in set(words)]
    found += [f"2:{a} {b}" for a, b in set(itertools.pairwise(words))]
    found += [f"3:{a} {b} {c}" for a, b, c in set(zip(words, words[1:], words[2:], strict=False))]
    clause = _asking(words)
    found += [f"c1:{w}" for w in set(clause)]
    found += [f"c2:{a} {b}" for a, b in set(itertools.pairwise(clause))]
    return tuple(feature.encode() for feature in found)


_ENDS = frozenset(",，。;；:：?？!！.()（）")
_ASKS = frozenset(("how", "what", "which", "when", "多", "几", "什", "哪", "怎", "whats", "what's"))


def _asking(words: Sequence[str]) -> list[str]:
    """The words of the last clause that asks, else of the last clause."""
    clauses: list[list[str]] = [[]]
    for word in words:
        if word in _ENDS:
            clauses.append([])
        else:
            clauses[-1].append(word)
    said = [clause for clause in clauses if clause]
    return next((c for c in reversed(said) if not _ASKS.isdisjoint(c)), said[-1] if said else [])


def label_words(field: InputField | Output) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a field's English and the characters of its Chinese label."""
    return _label_words(field.label.en, field.label.zh, field.name)


@lru_cache(maxsize=2048)
def _label_words(en: str, zh: str, name: str) -> tuple[frozenset[str], frozenset[str]]:
    english = {w[:6] for w in _WORD.findall(f"{en} {name.replace('_', ' ')}".lower()) if len(w) > 2}
    return frozenset(english), frozenset(zh.split("(")[0]) - frozenset("的年率期价")


def _said(words: Sequence[str], field: InputField | Output) -> float:
    """Share of a label that stands among some words, the better of the two languages."""
    english, chinese = label_words(field)
    near = {w[:6] for w in words}
    shares = [len(label & near) / len(label) for label in (english, chinese) if label]
    return max(shares, default=0.0)


def slot_dense(figured: Figured, number: int, field: InputField | Output) -> NDArray[np.float32]:
    """How far the field's label stands before and after a figure, and anywhere; whether it must be given."""
    tokens = figured.tokens
    at = next(i for i, token in enumerate(tokens) if token.figure == number)
    words = [token.text for token in tokens]
    before, after = words[max(0, at - 6) : at], words[at + 1 : at + 7]
    clause_before = before[next((i + 1 for i in range(len(before) - 1, -1, -1) if before[i] in _ENDS), 0) :]
    clause_after = after[: next((i for i, w in enumerate(after) if w in _ENDS), len(after))]
    bare_before = clause_before[
        next((i + 1 for i in range(len(clause_before) - 1, -1, -1) if clause_before[i][0] == "<"), 0) :
    ]
    bare_after = clause_after[: next((i for i, w in enumerate(clause_after) if w[0] == "<"), len(clause_after))]
    required = isinstance(field, InputField) and field.required
    return np.array(
        [_said(before[-3:], field), _said(before, field), _said(after[:3], field), _said(after, field),
         _said(words, field), float(required), float(isinstance(field, Output)), _said(bare_before, field),
         _said(bare_after, field), _said([*clause_before, *clause_after], field)],
        dtype=np.float32,
    )  # fmt: skip


def asked_dense(
    figured: Figured, calculator: Calculator[Any], field: InputField | Output, given: Collection[str]
) -> NDArray[np.float32]:
    """How far the field's label stands in the asking clause and anywhere; whether it is usually asked, or lacks."""
    words = [token.text for token in figured.tokens]
    clause = _asking(words)
    is_input = isinstance(field, InputField)
    inputs = {f.name for f in calculator.fields}
    aims = any(o.name in given and o.name not in inputs for o in calculator.outputs)
    open_ = [f.name for f in calculator.fields if f.required and f.name not in given]
    return np.array(
        [_said(clause, field), _said(words, field), float(field.name == calculator.headline), float(is_input),
         float(is_input and aims), float(is_input and field.name in open_), float(not is_input and not aims),
         float(is_input and open_ == [field.name] and aims), float(not is_input and not open_),
         float(field.name in given)],
        dtype=np.float32,
    )  # fmt: skip


def fields_of(calculator: Calculator[Any]) -> Iterator[InputField | Output]:
    """What figures may be: inputs, then results whose value a question sets."""
    yield from calculator.fields
    names = {field.name for field in calculator.fields}
    yield from (output for output in calculator.outputs if output.name not in names)
