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

from rapidfuzz.distance import OSA

from corpus.normalize import fold_text
from corpus.readers.aliases import pinyin
from corpus.readers.naming import is_generic, is_han, titles_of, without_titles
from corpus.readers.roles import is_role, ways
from corpus.types import Speaker

_MOST = 400  # speakers compared pair by pair; a file with more is a roll call


def may_be_same(speakers: Sequence[Speaker], spoken: Mapping[str, int]) -> Iterator[tuple[Speaker, Speaker]]:
    """Pairs that may be one person, the one with fewer turns first; a name that fits two others fits neither.

    Args:
        speakers: in order of first appearance.
        spoken: speaker id → number of turns.
    """
    named = [s for s in speakers if not is_generic(s.name) and not is_role(s.name)][:_MOST]
    pairs = [(a, b) for a, b in combinations(named, 2) if _alike(a, b)]
    partners: defaultdict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        partners[_shorter(a, b).id].add(b.id if _shorter(a, b) is a else a.id)
    for a, b in pairs:
        if len(partners[_shorter(a, b).id]) == 1:
            yield (a, b) if spoken.get(a.id, 0) <= spoken.get(b.id, 0) else (b, a)


def _shorter(a: Speaker, b: Speaker) -> Speaker:
    return min((b, a), key=lambda s: len(_parts(s.name)))


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", fold_text(without_titles(name)))


def _alike(a: Speaker, b: Speaker) -> bool:
    if _contradict(a, b):
        return False
    if is_han(a.name) and is_han(b.name):
        return _same_sound(a.name, b.name)
    mine, other = _parts(a.name), _parts(b.name)
    if not mine or not other:
        return False
    if mine == other:
        return True
    if len(mine) > len(other):
        mine, other = other, mine
    return _is_part(mine, other) or _misspelt(mine, other)


def _contradict(a: Speaker, b: Speaker) -> bool:
    """Whether forms of address tell a man from a woman, or roles one from another."""
    mine, other = set(titles_of(a.name).split()), set(titles_of(b.name).split())
    male, female = set(ways("honorifics")["male"]), set(ways("honorifics")["female"])
    numbers = [re.findall(r"\d+", who.name) for who in (a, b)]
    return bool((mine & male and other & female) or (mine & female and other & male)) or numbers[0] != numbers[1]


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
