"""The other ways to name somebody that a name supports: given name, surname, initials, pinyin.

Pure. A way that fits two people is a way to name both; the weak ones (a middle name, initials) are given only where
they fit one. Roles and forms of address ("the CFO", "Mr Weil", 周总) are recognised in a question by ``corpus.called``
and are not listed here.

    >>> aliases_of([Person("Renske de Wit"), Person("周明")])
    [('Renske', 'de Wit', 'Wit', 'RW'), ('Zhou Ming', 'Ming Zhou', 'Zhou')]
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.normalize import fold_text
from corpus.readers.lexicon import words
from corpus.readers.naming import is_han, names_nobody, owner_of, surname_of, without_titles
from corpus.readers.roles import is_role, ways

_OF_A_PLACE = re.compile(r"\s+(?:of|from)\s+[A-Z].*$")  # "Ms. BERG of Ohio"


class Person(NamedTuple):
    """A name with what the file says beside it."""

    name: str
    also: tuple[str, ...] = ()  # abbreviations, other spellings
    labels: tuple[str, ...] = ()  # as the file has them


class _Ways(NamedTuple):
    strong: list[str]
    weak: list[str]  # given only where they fit nobody else
    read: list[str]  # surnames in pinyin: given where nobody is so called in Latin letters


def aliases_of(
    people: Sequence[Person], *, japanese: bool = False, seen: Collection[str] = (), initials: bool = True
) -> list[tuple[str, ...]]:
    """For each person the other ways to name them, best known first, without the name itself.

    Args:
        people: everybody who speaks.
        japanese: whether names in Chinese characters are Japanese; then they have no pinyin.
        seen: small words and acronyms of the debate, as they stand there; what is one of them names nobody by itself.
        initials: whether initials may name people.
    """
    found = [_ways_of(person, japanese) for person in people]
    strong = Counter(fold_text(way) for ways_ in found for way in {*ways_.strong})
    weak = Counter(fold_text(way) for ways_ in found for way in {*ways_.weak})
    made = []
    for person, (certain, likely, read) in zip(people, found, strict=True):
        fits_one = [way for way in likely if weak[fold_text(way)] == 1 and fold_text(way) not in strong]
        if not initials:
            fits_one = [way for way in fits_one if not way.isupper()]
        fits_one += [way for way in read if fold_text(way) not in strong]
        kept = (way for way in (*certain, *fits_one) if way in person.also or not _is_word(way, seen))
        every = dict.fromkeys((*kept, *person.labels))
        made.append(tuple(way for way in every if way and way != person.name))
    return made


def _is_word(way: str, seen: Collection[str]) -> bool:
    """Whether a way to name somebody is a word of the debate that would be taken for the person."""
    if " " in way or not way.isascii():
        return False
    if way.isupper() and len(way) <= 3:
        return way in seen or way.lower() in words("everyday")
    return way.lower() in seen and way.lower() not in words("everyday")


def _ways_of(person: Person, japanese: bool) -> _Ways:
    found = _Ways(list(person.also), [], [])
    for name in (person.name, *(way for way in person.also if len(way) > 3 and not way.isupper())):
        if names_nobody(name) or owner_of(name) or any(mark in name for mark in "|/@("):
            continue
        if is_han(name) or "々" in name:
            (_japanese if japanese else _chinese)(name, found)
        else:
            _spaced(name, found)
    return found


def _spaced(name: str, found: _Ways) -> None:
    """Names written with blanks: given name, surname with and without its particles, double surnames, initials."""
    bare = _OF_A_PLACE.sub("", without_titles(name))
    if bare != name:
        found.strong.append(_shown(bare))
    tokens = [token for token in bare.split() if fold_text(token).strip(".,") not in ways("honorifics")["suffix"]]
    tokens = [_shown(token.strip(",")) for token in tokens]
    if len(tokens) < 2:
        return
    particles = ways("honorifics")["particle"]
    is_particle = [fold_text(token) in particles and 0 < at < len(tokens) - 1 for at, token in enumerate(tokens)]
    first, last = tokens[0], tokens[-1]
    if _is_word_like(first):
        found.strong.append(first)
    if _is_word_like(last):
        start = len(tokens) - 1
        while is_particle[start - 1]:
            start -= 1
        if start < len(tokens) - 1:
            found.strong.append(" ".join(tokens[start:]))
        found.strong.append(last)
        if start == len(tokens) - 1 and len(tokens) > 2 and _is_word_like(tokens[-2]):
            found.strong.append(f"{tokens[-2]} {last}")
    found.weak.extend(token for token in tokens[1:-1] if _is_word_like(token) and fold_text(token) not in particles)
    for whole in (first, last):
        found.weak.extend(part for part in whole.split("-") if part != whole and len(part) > 2)
    letters = "".join(token[0] for token, small in zip(tokens, is_particle, strict=True) if not small)
    found.weak.extend(dict.fromkeys(c for c in (letters, letters[0] + letters[-1]) if re.fullmatch(r"[A-Z]{2,3}", c)))


def _is_word_like(token: str) -> bool:
    return len(token) > 1 and token[0].isalpha() and not token.endswith(".") and not is_role(token)


def _shown(name: str) -> str:
    """A name as one writes it where the file shouts."""
    return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), name) if name.isupper() and len(name) > 3 else name


def _chinese(name: str, found: _Ways) -> None:
    base = name
    for mark in sorted(ways("honorifics")["after"], key=len, reverse=True):
        if name.endswith(mark) and len(name) > len(mark):
            base = name[: -len(mark)]
            break
    surname = surname_of(base)
    if not surname and base != name and len(base) > 1 and surname_of(base[-1]):
        found.strong.append(name[len(base) - 1 :])  # 韩婶 of 近海韩婶
        found.read.append(_capital(_reading(base[-1])))
        return
    if len(base) > 1 and base != name:
        found.strong.append(base)
    if not 1 <= len(base) <= 4:
        return
    given = base[len(surname) :]
    if surname and len(given) == 2:
        found.strong.append(given)
    if surname:
        family = _capital(_reading(surname))
        if given:
            called = _capital("".join(_syllables(given)))
            found.strong.extend((f"{family} {called}", f"{called} {family}"))
            if len(given) > 1:
                found.strong.append(called)
        found.read.append(family)
    elif len(base) > 1:
        found.strong.append(_capital("".join(_syllables(base))))


def _japanese(name: str, found: _Ways) -> None:
    """A surname has two characters as a rule; a given name that is as long, too."""
    for mark in sorted(ways("honorifics")["after"], key=len, reverse=True):
        if fold_text(name).endswith(mark) and len(name) > len(mark) + 1:
            found.strong.append(name[: -len(mark)])
            return
    if len(name) >= 4:
        found.strong.append(name[:2])
    if len(name) >= 3:
        found.weak.extend((name[:2], name[-2:]))


def _reading(surname: str) -> str:
    for word in words("surnames"):
        character, mark, read = word.partition("=")
        if mark and character == surname:
            return read
    return "".join(_syllables(surname))


@lru_cache(maxsize=1)
def surnames_read() -> dict[str, tuple[str, ...]]:
    """Pinyin → the Chinese surnames that are read so."""
    found: dict[str, list[str]] = {}
    for surname in sorted({word.partition("=")[0] for word in words("surnames")}):
        found.setdefault(_reading(surname), []).append(surname)
    return {reading: tuple(surnames) for reading, surnames in found.items()}


@lru_cache(maxsize=4096)
def _syllables(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(syllable.replace("ü", "v") for syllable in lazy_pinyin(text))


def pinyin(text: str) -> str:
    """How Chinese characters are read, without tones or blanks; other characters stay as they are."""
    return "".join(_syllables(text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small_words(text: str) -> frozenset[str]:
    """What stands in a text in small letters, and its acronyms of two or three capitals."""
    return frozenset(re.findall(r"\b[a-zà-ÿ]{2,}\b", text)) | frozenset(re.findall(r"\b[A-Z]{2,3}\b", text))
