"""Which of the labels that a grammar finds are people: evidence over the whole file, as log-odds.

    >>> evidence = Evidence(["Ann Lee: Good evening.", "Bob: Thank you, Ann.", "Note: slides below.", "Ann Lee: Bye."])
    >>> [round(evidence.of(name, times)) for name, times in (("Ann Lee", 2), ("Note", 1))]
    [5, -4]
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from corpus.readers.lexicon import words
from corpus.words import unspaced

SURE, DOUBTFUL = 2.0, 0.5  # believed from the first on; from the second on the words are nobody's, below it is speech
NEVER = -9.0

_PARTICLES = frozenset("of the de la le las los van von der den di da do dos del el al bin ibn y e und and et & for zu ten ter af av".split())
_TITLE = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sen|Senator|Rep|Representative|Gov|Governor|President|Pres|Chair|Chairman|Chairwoman|"
    r"Chairperson|Speaker|Secretary|Justice|Judge|Hon|Lord|Lady|Sir|Dame|Baroness|Minister|Councillor|Commissioner|Director|"
    r"M|Mme|Mlle|Herr|Frau|Sr|Sra|Señor|Señora|Signor|Signora|The)\b\.?\s",
    re.IGNORECASE,
)  # fmt: skip
_SENTENCE = re.compile(r"[。！？!?…“”\"；;`=]|[^\W\d_]{6,}\.\s|\.\s?[a-zà-ÿ]|https?$")
_FUNCTION = re.compile(r"[的了吗呢吧么是这那哪怎所]|如下|以下|包括|因为|一个|我们|他们|你们")
_NUMBERED = re.compile(r"[^\W\d_]+[\s_-]?\d{1,3}|\d{1,3}番")
_WORD = re.compile(r"[^\W\d_]+")


class Evidence:
    """What the words of a file say for and against somebody being called so."""

    def __init__(self, lines: Iterable[str], listed: Iterable[str] = ()) -> None:
        """Count the words of the file.

        Args:
            lines: all its lines.
            listed: names that the file itself lists (participants, front matter, tables).
        """
        self._words: Counter[str] = Counter()
        for line in lines:
            self._words.update(_WORD.findall(line))
        self._listed = {part for name in listed for part in (plain(name), *plain(name).split()) if len(part) > 1}

    def of(self, name: str, times: int, *, marked: bool = False, titled: bool = False) -> float:
        """Log-odds that labels of a name are a person's.

        Args:
            name: as labelled.
            times: how many labels bear it.
            marked: whether the grammar itself is the mark of a label (bold, a time, brackets).
            titled: whether only a title or capitals make such a line a label at all.
        """
        prior = self.prior(name, marked=marked)
        if prior <= NEVER:
            return NEVER
        if titled:
            signs = bool(_TITLE.match(name)) + _capital_surname(name)
            prior += (-4.0, 0.0, 1.5)[signs]
        odds = prior + (3.0 if times > 2 else 2.0 if times > 1 else 0.0) + (1.0 if marked else 0.0)
        if plain(name) in self._listed:
            odds += 3.0
        elif self._mentioned(name, times):
            odds += 1.5
        return odds

    def prior(self, name: str, *, marked: bool = False) -> float:
        """What the form of a name says by itself."""
        name, _, role = name.partition(",")
        tokens = name.split()
        if not tokens or len(tokens) > 8 or _SENTENCE.search(name) or not any(c.isalpha() for c in name):
            return NEVER
        if role and not role.strip()[:1].isupper() and not unspaced(role.strip()[:1] or "a"):
            return NEVER
        latin = [t for t in tokens if t[0].isascii() or "LATIN" in unicodedata.name(t[0], "")]
        if not latin:
            return self._unspaced_prior(name)
        small = [t for t in latin if t[0].islower() and t.casefold() not in _PARTICLES]
        if small:
            return -0.5 if marked and len(tokens) <= 2 else NEVER
        if self._is_heading(name):
            return -4.0
        odds = 2.0 if self._is_calling(name) else 0.0
        everyday = not name.isupper() and all(self._words[t.casefold()] for t in _WORD.findall(name))
        if odds or everyday:
            return odds or -2.0  # "note", "syntax error" are everyday words of this file
        if len([t for t in latin if t[0].isupper()]) >= 2 or _TITLE.match(name) or _NUMBERED.fullmatch(name):
            odds += 1.5
        return odds

    def _unspaced_prior(self, name: str) -> float:
        if _FUNCTION.search(name) or len(name) > 14:
            return NEVER
        if self._is_heading(name):
            return -4.0
        if _NUMBERED.fullmatch(name.replace(" ", "")) or self._is_calling(name):
            return 2.0
        return 0.5 if len(name) <= 4 else 0.0

    def _is_calling(self, name: str) -> bool:
        found = [w.casefold() for w in _WORD.findall(name)]
        return bool(found) and (found[-1] in words("callings") or found[0] in words("callings"))

    def _is_heading(self, name: str) -> bool:
        found = [w.casefold() for w in _WORD.findall(name)]
        return any(w in words("headings") for w in found) and all(w in words("headings") | _PARTICLES for w in found)

    def _mentioned(self, name: str, times: int) -> bool:
        """Whether the words, apart from the labels themselves, name this person or a part of the name."""
        parts = [p for p in _WORD.findall(name) if len(p) > 1 and p.casefold() not in _PARTICLES and p[0].isupper()]
        forms = (sum(self._words[form] for form in {p, p.capitalize()}) for p in parts)
        return any(count > times for count in forms)


def plain(name: str) -> str:
    """A name without what makes nobody else of it: capitals, invisible characters, kinds of white space, final marks."""
    shown = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return " ".join(shown.casefold().split()).strip(" .,:*_")


def _capital_surname(name: str) -> bool:
    return any(len(token) > 1 and token.isupper() for token in _WORD.findall(name))
