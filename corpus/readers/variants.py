"""Which names of a debate may be one person's: a typing error, an initial, a surname alone. Pure; it only proposes.

>>> from corpus.types import Speaker
>>> people = [Speaker(id=name, name=name) for name in ("Thomas Weil", "Tomas Weil", "Ann Lee", "Ann Ray")]
>>> [(a.name, b.name) for a, b in may_be_same(people, {"Thomas Weil": 4, "Tomas Weil": 1})]
[('Tomas Weil', 'Thomas Weil')]
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance import OSA

from corpus.normalize import fold_text
from corpus.readers.aliases import pinyin
from corpus.readers.naming import is_han, names_nobody, titles_of, without_titles
from corpus.readers.roles import ways
from corpus.types import Speaker

_MOST = 400  # speakers compared pair by pair; a file with more is a roll call


class _Form(NamedTuple):
    """What is compared of a name."""

    speaker: Speaker
    parts: list[str]  # its words, folded, without forms of address
    numbers: list[str]
    sex: str  # by the form of address: "male", "female", or "" where it does not tell


def may_be_same(speakers: Sequence[Speaker], spoken: Mapping[str, int]) -> Iterator[tuple[Speaker, Speaker]]:
    """Pairs that may be one person, the one with fewer turns first; a name that fits two others fits neither.

    Args:
        speakers: in order of first appearance.
        spoken: speaker id → number of turns.
    """
    forms = [_form(s) for s in speakers[:_MOST] if not names_nobody(s.name)]
    pairs = [pair for pair in combinations(forms, 2) if _alike(*pair) or _slip(*pair, spoken)]
    partners: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        shorter, longer = sorted(pair, key=lambda form: len(form.parts))
        partners[shorter.speaker.id].add(longer.speaker.id)
    for one, other in pairs:
        shorter = min(one, other, key=lambda form: len(form.parts))
        if len(partners[shorter.speaker.id]) == 1:
            a, b = one.speaker, other.speaker
            yield (a, b) if spoken.get(a.id, 0) <= spoken.get(b.id, 0) else (b, a)


def _form(speaker: Speaker) -> _Form:
    titles = set(titles_of(speaker.name).split())
    sex = next((sex for sex in ("male", "female") if titles & set(ways("honorifics")[sex])), "")
    parts = re.findall(r"[^\W\d_]+", fold_text(without_titles(speaker.name)))
    return _Form(speaker, parts, re.findall(r"\d+", speaker.name), sex)


def _alike(a: _Form, b: _Form) -> bool:
    if not a.parts or not b.parts or a.numbers != b.numbers or {a.sex, b.sex} == {"male", "female"}:
        return False
    if is_han(a.speaker.name) and is_han(b.speaker.name):
        return _same_sound(a.speaker.name, b.speaker.name)
    if a.parts == b.parts:
        return True
    mine, other = (a.parts, b.parts) if len(a.parts) <= len(b.parts) else (b.parts, a.parts)
    return _is_part(mine, other) or _misspelt(mine, other)


def _slip(a: _Form, b: _Form, spoken: Mapping[str, int]) -> bool:
    """Whether a Chinese name that speaks once differs in one character from one that speaks often: a typist's slip."""
    one, other = a.speaker.name, b.speaker.name
    if not (is_han(one) and is_han(other) and len(one) == len(other) > 2 and one[0] == other[0]):
        return False
    few, many = sorted((spoken.get(a.speaker.id, 0), spoken.get(b.speaker.id, 0)))
    return few == 1 and many > 2 and sum(x != y for x, y in zip(one, other, strict=True)) == 1


def _same_sound(a: str, b: str) -> bool:
    return fold_text(a) == fold_text(b) or (len(a) == len(b) and a[0] == b[0] and pinyin(a) == pinyin(b))


def _is_part(short: Sequence[str], whole: Sequence[str]) -> bool:
    """ "Hale" of "Robert Hale", "J Smith" of "John Smith", "Ann" of "Ann Lee"."""
    if len(short) == 1:
        return len(whole) > 1 and short[0] in (whole[0], whole[-1]) and len(short[0]) > 1
    if short[-1] != whole[-1]:
        return False
    if short[0] == whole[0]:
        return len(short) < len(whole)
    return min(len(short[0]), len(whole[0])) == 1 and short[0][0] == whole[0][0]


def _misspelt(mine: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one word differs, by a letter or two of many."""
    if len(mine) != len(other):
        return False
    unlike = [(a, b) for a, b in zip(mine, other, strict=True) if a != b]
    if len(unlike) != 1:
        return False
    a, b = unlike[0]
    shortest = min(len(a), len(b))
    return shortest >= 4 and OSA.distance(a, b) <= (1 if shortest < 8 else 2)
