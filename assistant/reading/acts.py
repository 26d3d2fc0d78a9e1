"""What a message asks for, whether it leans on the conversation, which of its words are its matter: linear models.

Open classes are learned, not listed: three heads over hashed n-grams, trained on the utterances beside this file
(``python -m evals fit --only acts``). They know language, never a debate: the names of its speakers are given as spans
and look all alike to them.

    >>> heard = hear("And which of them said nothing about the ferry timetable?")
    >>> heard.act, [heard.text[a:b] for a, b in heard.matter]
    ('silent', ['the ferry timetable'])
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from corpus.normalize import fold_text

Act = Literal[
    "find", "figure", "who", "compare", "disagree", "agree", "summarise", "list", "count", "silent", "rank", "verdict",
    "exact", "translate", "why", "asked", "reply", "cast", "hosts", "date", "length", "spoke_most", "spoke_least",
    "turns", "person", "topics", "calculate", "more", "others", "same", "shorter", "longer", "table", "bullets",
    "in_english", "in_chinese", "source", "repeat", "correct", "doubt", "point", "outcome", "switch", "thanks", "help",
    "chat", "refuse",
]  # fmt: skip
Detail = Literal["percent", "money", "duration", "date", "multiple", "amount", "number", "name", "none"]
ACTS: tuple[Act, ...] = get_args(Act)
DETAILS: tuple[Detail, ...] = get_args(Detail)
UTTERANCES = Path(__file__).parent / "utterances"
WEIGHTS = Path(__file__).parent / "acts.npz"
BUCKETS = 1 << 15  # hashed features of a message
TAGS = 1 << 15  # hashed features of a token
FRAMES = 1 << 19  # hashed tokens and pairs of tokens that were seen outside matter
NAME, MATTER = "\ue000", "\ue001"  # stand for a speaker's name, for a stretch of matter; private, so nobody types them
TOKEN = re.compile(
    r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff\ue000\ue001]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*%?|[^\s\w]|[\ue000\ue001]"
)
_GRAMS = (1, 2, 3, 4)
_NEEDS_MATTER: frozenset[Act] = frozenset(
    {"same", "correct", "compare"}
)  # "and the ferry?" names a subject or a person
# Words, and Chinese characters, that no frame holds, from which any message has matter.
_STRANGE_WORDS, _STRANGE_CHARACTERS = 3, 7
# Leads over to it and ends it: a closed class.
_CONNECTIVE = re.compile(r"\W*(?:那么?|而|和|and|so|but|then|what about|how about|what of|as for)\s*")


class Heard(NamedTuple):
    """A message as the models hear it."""

    text: str  # folded; every span below is of it
    act: Act
    probability: float
    ranked: tuple[tuple[Act, float], ...]  # most probable first
    leans: float  # probability that it makes sense only after an earlier answer
    matter: tuple[tuple[int, int], ...]  # stretches of its own matter, half-open
    detail: Detail = "none"  # the one detail that it asks for


class Weights(NamedTuple):
    """The heads; rows are hashed features, the last row is the bias."""

    acts: NDArray[np.float32]  # (BUCKETS + 1, n_acts)
    leans: NDArray[np.float32]  # (BUCKETS + 1,)
    matter: NDArray[np.float32]  # (TAGS + 1,)
    details: NDArray[np.float32]  # (BUCKETS + 1, n_details)
    frame: NDArray[np.uint8]  # (FRAMES,) how often a token or pair stood outside matter, at most 255


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights that ship."""
    with np.load(WEIGHTS) as kept:
        acts = kept["acts"].astype(np.float32) * kept["acts_scale"]
        leans = kept["leans"].astype(np.float32) * kept["leans_scale"]
        matter = kept["matter"].astype(np.float32)[:, 0] * kept["matter_scale"]
        details = kept["details"].astype(np.float32) * kept["details_scale"]
        return Weights(acts, leans[:, 0], matter, details, kept["frame"])


def hear(message: str, names: Sequence[tuple[int, int]] = (), using: Weights | None = None) -> Heard:
    """Read a message.

    Args:
        message: as typed.
        names: half-open spans of the folded message that name speakers.
        using: other weights than those that ship.
    """
    text, heads = fold_text(message), using or weights()
    matter = matter_of(text, names, heads)
    rows = message_features(text, names, matter)
    logits = heads.acts[rows].sum(axis=0) / np.sqrt(len(rows)) + heads.acts[-1]
    odds = np.exp(logits - logits.max())
    odds /= odds.sum()
    if not matter:
        strange = _strange(mask(text, names, NAME), heads)
        names_something = ACTS[int(odds.argmax())] in _NEEDS_MATTER and not names
        if strange and (names_something or _is_long(text[slice(*strange[0])], named=bool(names))):
            matter = strange
    order = np.argsort(-odds, kind="stable")
    ranked = tuple((ACTS[at], float(odds[at])) for at in order[:5])
    lean = float(heads.leans[rows].sum() / np.sqrt(len(rows)) + heads.leans[-1])
    asked = heads.details[message_features(text, names, ())]
    detail = DETAILS[int((asked.sum(axis=0) / np.sqrt(len(asked)) + heads.details[-1]).argmax())]
    return Heard(text, ranked[0][0], ranked[0][1], ranked, _logistic(lean), matter, detail)


def matter_of(
    text: str, names: Sequence[tuple[int, int]], heads: Weights, surely: float = -0.1, perhaps: float = -0.6
) -> tuple[tuple[int, int], ...]:
    """The stretches of matter in a folded text, in order; neighbours that only white space parts are one.

    Args:
        surely: margin from which a token is matter.
        perhaps: margin from which a token beside one that is matter goes with it.
    """
    masked = mask(text, names, NAME)
    tokens = [match.span() for match in TOKEN.finditer(masked)]
    head = heads.matter
    rows_of = token_features(masked, tokens, heads.frame)
    margins = _smoothed([float(head[rows].sum() + head[-1]) for rows in rows_of])
    free = [masked[start] != NAME for start, _ in tokens]
    kept = [margin > surely and ok for margin, ok in zip(margins, free, strict=True)]
    for order in (range(1, len(kept)), range(len(kept) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for at in order:
            kept[at] = kept[at] or (free[at] and kept[at + step] and margins[at] > perhaps)
    spans: list[tuple[int, int]] = []
    for (start, end), mine in zip(tokens, kept, strict=True):
        if mine and spans and not masked[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        elif mine:
            spans.append((start, end))
    trimmed = [_trimmed(text, start, end) for start, end in spans]
    return tuple((start, end) for start, end in trimmed if any(c.isalnum() for c in text[start:end]))


def unframed(text: str) -> list[str]:
    """The words of a folded text that no frame of a lesson holds."""
    words = [re.sub(r"['’].*", "", word) for word in TOKEN.findall(text)]
    words = [w for w in words if len(w) > 1 and w.isalnum() and not w.isdigit()]
    return [w for w, at in zip(words, frame_slots(words), strict=True) if not weights().frame[at]]


def _strange(text: str, heads: Weights) -> tuple[tuple[int, int], ...]:
    """What a message holds that frames never hold, as one stretch; for one that must hold matter and shows none."""
    lead = _CONNECTIVE.match(text)
    start = lead.end() if lead else 0
    tail = re.search(r"\W*呢?\W*$", text)
    end = tail.start() if tail else len(text)
    tokens = [m.span() for m in TOKEN.finditer(text) if start <= m.start() and m.end() <= end]
    tokens = [(a, b) for a, b in tokens if text[a].isalnum()]
    words = [text[a:b] for a, b in tokens]
    new = [not heads.frame[at] for at in frame_slots(words)]
    for at, slot in enumerate(frame_slots(_pairs(words))):
        if not heads.frame[slot]:
            new[at] = new[at] or "\u3400" <= words[at][0] <= "\u9fff"
            new[at + 1] = new[at + 1] or "\u3400" <= words[at + 1][0] <= "\u9fff"
    held = [span for span, strange in zip(tokens, new, strict=True) if strange]
    return ((held[0][0], held[-1][1]),) if held else ()


def _is_long(stretch: str, *, named: bool = False) -> bool:
    """Whether it is matter for sure; beside somebody's name less will do: what is asked of them is mostly about it."""
    han = sum("\u3400" <= c <= "\u9fff" for c in stretch)
    less = 3 if named else 0
    return han >= _STRANGE_CHARACTERS - less or len(TOKEN.findall(stretch)) - han >= _STRANGE_WORDS - named


def mask(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """The text with each span overwritten by marks, its length kept."""
    made = list(text)
    for start, end in spans:
        made[start:end] = mark * (end - start)
    return "".join(made)


def message_features(
    text: str, names: Sequence[tuple[int, int]], matter: Sequence[tuple[int, int]]
) -> NDArray[np.intp]:
    """Distinct hashed features of a folded message: n-grams of its characters, and of its words around the matter."""
    masked = mask(text, names, NAME)
    whole = _squeezed(masked)
    frame = _squeezed(mask(masked, matter, MATTER))
    found = {f"c{whole[at : at + n]}" for n in _GRAMS for at in range(max(0, len(whole) - n + 1))}
    found |= {f"f{frame[at : at + n]}" for n in _GRAMS for at in range(max(0, len(frame) - n + 1))}
    words = ["^", *TOKEN.findall(frame), "$"]
    for n in (1, 2, 3):
        found |= {f"w{' '.join(words[at : at + n])}" for at in range(len(words) - n + 1)}
        found.add(f"b{' '.join(words[: n + 1])}")  # how it begins
        found.add(f"e{' '.join(words[-n - 1 :])}")  # how it ends
    found.add(f"l{min(6, len(words) // 3)}")
    return _hashed(found, BUCKETS)


def token_features(
    masked: str, tokens: Sequence[tuple[int, int]], frame: NDArray[np.uint8], *, own: bool = False
) -> Iterator[NDArray[np.intp]]:
    """For each token the hashed features of it, of its neighbours, and of how often they are seen outside matter.

    Args:
        own: whether the message is one of those counted in ``frame``; then one occurrence is its own.
    """
    words = [masked[start:end] if masked[start] != NAME else NAME for start, end in tokens]
    padded = ["^^", "^^", "^", *words, "$", "$$", "$$"]
    seen = [max(0, int(frame[at]) - own) for at in frame_slots(padded)]
    pairs = [max(0, int(frame[at]) - own) for at in frame_slots(_pairs(padded))]
    for at in range(3, len(words) + 3):
        before, here, after = padded[at - 1], padded[at], padded[at + 1]
        known, left, right = _often(seen[at]), _often(pairs[at - 1]), _often(pairs[at])
        found = {
            f"0{here}", f"-1{before}", f"+1{after}", f"-2{padded[at - 2]}", f"+2{padded[at + 2]}",
            f"a{before} {here}", f"b{here} {after}", f"c{before} {after}", f"d{padded[at - 2]} {before}",
            f"e{after} {padded[at + 2]}", f"f{padded[at - 2]} {before} {here}", f"g{here} {after} {padded[at + 2]}",
            f"p{here[:3]}", f"s{here[-3:]}", f"t{here[-2:]}", f"h{before[-2:]}", f"i{after[:3]}",
            f"n{min(len(here), 8)}", f"o{min(at - 3, 5)}", f"q{min(len(words) + 2 - at, 5)}", f"k{_kind(here)}",
            f"m{_kind(before)}{_kind(here)}{_kind(after)}", f"r{padded[at - 3]} {padded[at - 2]} {before}",
            f"u{known}{_kind(here)}", f"v{left}{right}{_kind(here)}", f"x{known}{left}{right}{_kind(here)}",
            f"y{_often(seen[at - 1])}{known}{_often(seen[at + 1])}",
        }  # fmt: skip
        yield _hashed(found, TAGS)


def frame_slots(tokens: Iterable[str]) -> list[int]:
    """Where tokens or pairs of tokens are counted in ``Weights.frame``."""
    return [zlib.crc32(token.encode()) % FRAMES for token in tokens]


def _pairs(tokens: Sequence[str]) -> list[str]:
    return [f"{a} {b}" for a, b in itertools.pairwise(tokens)]


def _often(times: int) -> str:
    return "0" if not times else "1" if times == 1 else "2" if times < 5 else "3" if times < 20 else "4"


def _kind(token: str) -> str:
    if "\u3400" <= token[0] <= "\u9fff":
        return "h"
    if token[0].isdigit():
        return "d"
    return "a" if token[0].isalpha() and token[0] != NAME else token[0]


def _smoothed(scores: Sequence[float]) -> list[float]:
    """Each score with a little of its neighbours'."""
    padded = [0.0, *scores, 0.0]
    return [0.25 * padded[at] + padded[at + 1] + 0.25 * padded[at + 2] for at in range(len(scores))]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "%"):
        end -= 1
    return start, end


def _squeezed(text: str) -> str:
    """One mark for a run of them, one space for white space, "0" for each digit, a space at both ends."""
    text = re.sub(rf"{NAME}+", NAME, re.sub(rf"{MATTER}+(?:\s*{MATTER}+)*", MATTER, text))
    return f" {' '.join(re.sub(r'[0-9]', '0', text).split())} "


def _hashed(features: Iterable[str], buckets: int) -> NDArray[np.intp]:
    return np.unique([zlib.crc32(feature.encode()) % buckets for feature in features]).astype(np.intp)


def _logistic(logit: float) -> float:
    return float(1.0 / (1.0 + np.exp(-max(-30.0, min(30.0, logit)))))
