"""Names as people misspell them in questions → the speakers they mean.

One or two edits from a name of five letters or more, the same sounds in other characters (方林 for 方琳), a name in the
other script (周明 for Zhou Ming). Never a word that the debate itself uses, and never a word in a place where no name
stands. Pure; ``corpus.speakers`` calls it for what no alias covers.

    >>> from corpus.speakers import find_speakers, make_speakers
    >>> people = make_speakers(["Michael Burry", "Ann Lee"], {})
    >>> [s.name for s in find_speakers("what did micheal bury say?", people, fuzzy=True)]
    ['Michael Burry']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from corpus.normalize import Folded, fold_text
from corpus.readers.aliases import pinyin
from corpus.readers.lexicon import words
from corpus.readers.naming import is_han, surname_of
from corpus.types import Speaker

_TOKEN = re.compile(r"[a-z][a-z-]*[a-z]")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_SHORTEST = 5  # letters of a name that is still looked for misspelt
_SAYS = (
    r"(?:says?|said|saying|thinks?|thought|believes?|argue[sd]?|claim(?:s|ed)?|tell|told|mention(?:s|ed)?|want(?:s|ed)?|"
    r"propose[sd]?|answer(?:s|ed)?|reply|replie[sd]|asks?|asked|agrees?|agreed|disagrees?|disagreed|warn(?:s|ed)?|explain(?:s|ed)?|"
    r"expect(?:s|ed)?|respond(?:s|ed)?|mean(?:s|t)?|feels?|felt|views?|position|stance|opinion|argument|take on)\b"
)
_BEFORE_NAME = re.compile(r"(?:\b(?:did|does|do|would|has|had|according to|ask|asked|mr|mrs|ms|dr)\.?\s+)$")
_AFTER_NAME = re.compile(rf"\W{{0,3}}(?:{_SAYS})")
_NO_NAME_AFTER = re.compile(r"\b(?:the|a|an|this|that|these|those|its|his|her|their|our|your|my|more|less|any|no)\s+$")

Place = tuple[int, int, tuple[Speaker, ...]]  # start and end in the search copy, and who is meant


def stands_as_name(text: str, copy: Folded, start: int, end: int) -> bool:
    """Whether a word of a question stands where, or is written as, somebody's name would.

    Args:
        text: the question as typed.
        copy: its search copy, in which the word is ``[start, end)``.
    """
    before, after = copy.text[:start], copy.text[end:]
    if _NO_NAME_AFTER.search(before):
        return False
    if _BEFORE_NAME.search(before) or _AFTER_NAME.match(after) or _HAN.search(copy.text):
        return True
    opens = not before.strip() or before.rstrip()[-1:] in ".!?:;"
    capital = text[copy.origin[start]].isupper()
    return capital and (not opens or bool(re.match(r"['’]|\s+(?:and|or|on|vs)\b|,", text[copy.origin[end - 1] + 1 :])))


def says_after(question: str, end: int) -> bool:
    """Whether a verb of saying follows at ``end`` of a search copy, or one word later."""
    return re.match(rf"(?:\s+\w+)?\W{{0,3}}(?:{_SAYS})", question[end:]) is not None


def misspelt(
    text: str, copy: Folded, taken: Sequence[tuple[int, int]], speakers: tuple[Speaker, ...], said: str
) -> Iterator[Place]:
    """Stretches of a question that are a speaker's name but for one or two letters.

    Args:
        text: the question as typed.
        copy: its search copy.
        taken: what names somebody already.
        speakers: everybody who speaks.
        said: the words of the debate; what stands in them is no misspelling.
    """
    covered = list(taken)
    for start, end, who in (*_latin(text, copy, speakers, said), *_by_sound(copy.text, speakers, said)):
        if all(end <= a or b <= start for a, b in covered):
            covered.append((start, end))
            yield start, end, who


def closest(name: str, speakers: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
    """Whom a name, typed alone, may mean: the speakers with the fewest edits, at most two."""
    typed = " ".join(_TOKEN.findall(fold_text(name)))
    return _nearest(typed, _names(speakers).get(len(typed.split()), {})) if typed else ()


def _latin(text: str, copy: Folded, speakers: tuple[Speaker, ...], said: str) -> Iterator[Place]:
    tokens = [match.span() for match in _TOKEN.finditer(copy.text)]
    by_length = _names(speakers)
    for count in (3, 2, 1):
        if count not in by_length:
            continue
        for at in range(len(tokens) - count + 1):
            window = tokens[at : at + count]
            if any(copy.text[a:b].strip(" ") for (_, a), (b, _) in pairwise(window)):
                continue
            start, end = window[0][0], window[-1][1]
            typed = " ".join(copy.text[a:b] for a, b in window)
            who = _nearest(typed, by_length[count])
            if who and (count > 1 or (stands_as_name(text, copy, start, end) and not _is_said(typed, said))):
                yield start, end, who


def _nearest(typed: str, names: dict[str, tuple[Speaker, ...]]) -> tuple[Speaker, ...]:
    if len(typed) < _SHORTEST or typed in words("everyday"):
        return ()
    best = 3
    found: tuple[Speaker, ...] = ()
    for name, who in names.items():
        allowed = 1 if len(name) < 8 else 2
        if name[0] != typed[0] or abs(len(name) - len(typed)) > allowed:
            continue
        edits = OSA.distance(typed, name, score_cutoff=allowed)
        if 0 < edits <= allowed and edits <= best:
            found = tuple(dict.fromkeys((*found, *who))) if edits == best else who
            best = edits
    return found


@lru_cache(maxsize=64)
def _names(speakers: tuple[Speaker, ...]) -> dict[int, dict[str, tuple[Speaker, ...]]]:
    """Number of words → Latin names of so many words, folded → whose they are."""
    made: dict[int, dict[str, tuple[Speaker, ...]]] = {}
    for speaker in speakers:
        for name in (speaker.name, *speaker.aliases):
            parts = _TOKEN.findall(fold_text(name))
            whole = " ".join(parts)
            if (
                len(whole) < _SHORTEST
                or whole != fold_text(name).strip()
                or len(parts) > 3
                or whole in words("everyday")
            ):
                continue
            names = made.setdefault(len(parts), {})
            names[whole] = tuple(dict.fromkeys((*names.get(whole, ()), speaker)))
    return made


def _is_said(word: str, said: str) -> bool:
    stem = re.escape(word.removesuffix("s"))
    return bool(said) and re.search(rf"\b{stem}s?\b", said, re.IGNORECASE) is not None


def _by_sound(question: str, speakers: tuple[Speaker, ...], said: str) -> Iterator[Place]:
    """Stretches of Chinese characters that are read as a speaker's name is."""
    for run in _HAN.finditer(question):
        for size in (4, 3, 2):
            for start in range(run.start(), run.end() - size + 1):
                typed = question[start : start + size]
                who = _sounding(typed, speakers)
                if who and typed not in said:
                    yield start, start + size, who


def _sounding(typed: str, speakers: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
    if not surname_of(typed):
        return ()
    return tuple(s for s in speakers if any(_sounds_as(typed, name) for name in _readable(s)))


def _readable(speaker: Speaker) -> list[str]:
    """The names in Chinese characters; for who has none, those in Latin letters, which may be pinyin."""
    names = [fold_text(name) for name in (speaker.name, *speaker.aliases)]
    return [name for name in names if is_han(name)] or [name for name in names if " " in name and name.isascii()]


def _sounds_as(typed: str, name: str) -> bool:
    if is_han(name):
        return name != typed and (len(name), name[0]) == (len(typed), typed[0]) and pinyin(name) == pinyin(typed)
    first, _, last = name.replace("-", "").partition(" ")
    return pinyin(typed) in (first + last, last + first)
