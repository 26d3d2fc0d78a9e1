"""Words with a direction or a force, in Chinese and English: opposites, quantifiers, hedges, reporting. Data.

``lexicon.json`` holds *axes* (two opposite sides: rise and fall, easy and hard) and *classes* (hedge, all, only, …). A
word ending in * stands for everything that begins so. A negation shortly before a word turns its side around:

    >>> sides("The chips are not cheap.")["cheap"]
    -1
    >>> sides("融资太容易了")["easy"]
    1
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import Stemmer

from corpus.normalize import fold_text

_FILE = Path(__file__).parent / "lexicon.json"
_BEFORE_EN, _BEFORE_ZH = 22, 4  # characters before a word in which a negation turns it
_BREAK = re.compile(r"[,;:.!?，；：。！？、]|\bbut\b|但|而是")
_NOT_EN = re.compile(
    r"(?:\b(?:not|no|never|none|nobody|nothing|neither|nor|without|hardly|barely|cannot|unlikely|lacks?|far from|"
    r"nowhere near|anything but)\b|n't\b)"
)
_NOT_ZH = re.compile(r"(?:不|没有?|未|并非|无|勿|别|不再|不是)(?!仅|但|只|过|得不|一定|断|少|错|久|如)")


_ENGLISH = re.compile(r"[a-z]{3,}")
_STEMMER = Stemmer.Stemmer("english")


class Axis(NamedTuple):
    """Two opposite sides."""

    plus: re.Pattern[str]
    minus: re.Pattern[str]


class Lexicon(NamedTuple):
    """All axes and classes, compiled."""

    axes: dict[str, Axis]
    classes: dict[str, re.Pattern[str]]


def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese characters, for the most part."""
    return sum("\u3400" <= c <= "\u9fff" for c in text) * 4 > len(text)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that ships."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    axes = {name: Axis(_pattern(sides["plus"]), _pattern(sides["minus"])) for name, sides in data["axes"].items()}
    return Lexicon(axes, {name: _pattern(words) for name, words in data["classes"].items()})


def _pattern(words: dict[str, list[str]]) -> re.Pattern[str]:
    english = "|".join(  # nothing, where a class has words of one language only
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")
        for word in sorted(words["en"], key=len, reverse=True)
    )
    chinese = "|".join(re.escape(word) for word in sorted(words["zh"], key=len, reverse=True))
    parts = [rf"(?<!\w)(?:{english})(?![a-z])" if english else "", f"(?:{chinese})" if chinese else ""]
    return re.compile("|".join(part for part in parts if part))


def words(name: str) -> tuple[str, ...]:
    """The words of a class, Chinese and English."""
    held = json.loads(_FILE.read_text(encoding="utf-8"))["classes"][name]
    return (*held["en"], *held["zh"])


@lru_cache(maxsize=4096)
def holds(text: str, name: str) -> bool:
    """Whether a text holds a word of a class."""
    return lexicon().classes[name].search(fold_text(text)) is not None


def negated(folded: str, at: int) -> bool:
    """Whether a negation stands shortly before a place of a folded text, in the same clause; two cancel out."""
    english = _BREAK.split(folded[max(0, at - _BEFORE_EN) : at])[-1]
    chinese = _BREAK.split(folded[max(0, at - _BEFORE_ZH) : at])[-1]
    return (len(_NOT_EN.findall(english)) + len(_NOT_ZH.findall(chinese))) % 2 == 1


@lru_cache(maxsize=4096)
def sides(text: str) -> dict[str, int]:
    """Axis → +1 or −1 where a text takes one side of it, 0 where it takes both; axes not touched are left out."""
    folded = fold_text(text)
    found: dict[str, int] = {}
    for name, axis in lexicon().axes.items():
        taken = set()
        minus = [m.span() for m in axis.minus.finditer(folded)]
        for start, _ in minus:
            taken.add(1 if negated(folded, start) else -1)
        for match in axis.plus.finditer(folded):
            if any(a <= match.start() < b or a < match.end() <= b for a, b in minus):
                continue  # 不成立 is no 成立
            taken.add(-1 if negated(folded, match.start()) else 1)
        if taken:
            found[name] = taken.pop() if len(taken) == 1 else 0
    return found


@lru_cache(maxsize=4096)
def negations(text: str) -> int:
    """How many negations a text holds."""
    folded = fold_text(text)
    return len(_NOT_EN.findall(folded)) + len(_NOT_ZH.findall(folded))


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    """English stem → stems of its opposites (``opposites.en.json``: antonyms of WordNet 3.1 among common words)."""
    found: dict[str, set[str]] = {}
    for one, other in json.loads((_FILE.parent / "opposites.en.json").read_text(encoding="utf-8")):
        found.setdefault(stem(one), set()).add(stem(other))
        found.setdefault(stem(other), set()).add(stem(one))
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The stem of an English word, in lower case."""
    return _STEMMER.stemWord(word.casefold())  # type: ignore[no-any-return]


def turned_words(claim: str, text: str) -> list[tuple[str, str]]:
    """English words of a claim whose opposite stands in a text that does not hold them, both negated or neither."""
    mine, theirs = fold_text(claim), fold_text(text)
    there: dict[str, list[re.Match[str]]] = {}
    for match in _ENGLISH.finditer(theirs):
        there.setdefault(stem(match[0]), []).append(match)
    found = []
    for match in _ENGLISH.finditer(mine):
        word = stem(match[0])
        if word in there:
            continue
        for other in _opposites().get(word, frozenset()) & there.keys():
            if all(negated(theirs, m.start()) == negated(mine, match.start()) for m in there[other]):
                found.append((match[0], there[other][0][0]))
    return found
