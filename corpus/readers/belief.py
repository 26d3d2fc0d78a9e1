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
from functools import lru_cache

from corpus.normalize import fold_text
from corpus.readers.lexicon import words
from corpus.readers.roles import begins_with_role, concepts, ways
from corpus.words import unspaced

SURE, DOUBTFUL = 2.0, 0.5  # believed from the first on; from the second on the words are nobody's, below it is speech
NEVER = -9.0

_PARTICLES = frozenset(
    re.findall(
        r"\S+",
        "of the de la le las los van von der den di da do dos del el al bin ibn y e und and et & for zu ten ter af av",
    )
)
_TITLE = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sen|Senator|Rep|Representative|Gov|Governor|President|Pres|Chair|Chairman|Chairwoman|"
    r"Chairperson|Speaker|Secretary|Justice|Judge|Hon|Lord|Lady|Sir|Dame|Baroness|Minister|Councillor|Commissioner|Director|"
    r"M|Mme|Mlle|Herr|Frau|Sr|Sra|Señor|Señora|Signor|Signora|The)\b\.?\s",
    re.IGNORECASE,
)  # fmt: skip
_SENTENCE = re.compile(r"[。！？!?…“”\"；;`=]|[^\W\d_]{6,}\.\s|(?<!\b[A-Z])\.\s?[a-zà-ÿ]|https?$")
_FUNCTION = re.compile(r"[的了吗呢吧么是这那哪怎我你他她它很]|所[以有谓]|如下|以下|包括|因为|一个")
_PHONE = re.compile(r"\+?\d[\d\s()-]{5,20}")
# A label does not begin with these; a line of the text does.
_OPENERS = frozenset(
    re.findall(r"\w+", "by from re to at in on for if when but and because so as with via see cc fwd subject")
)
_MAIL = frozenset(re.findall(r"\w+", "from to re cc bcc subject fwd via"))  # what heads a mail that is read out
_FORMAL = re.compile(r"(?:M|MM|Mme|Mr|Mrs|Ms)\b\.?\s")  # "Mme la ministre des ponts"
_ARTICLE = re.compile(r"^(?:the|le|la|el|der|die|il|o|a)\s")
_SHORTENED = re.compile(r"\b(?:Mr|Mrs|Ms|Mme|Dr|Prof|[Hh]on|St|Sr|Sra|Jr|Parl|Ing|Sen|Rep|Gen|Lt|Col|Capt|[A-Z])\.")
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
        self._priors: dict[tuple[str, bool, bool], float] = {}
        for line in lines:
            self._words.update(_WORD.findall(line))
        self._listed = {part for name in listed for part in (plain(name), *plain(name).split()) if len(part) > 1}

    def of(self, name: str, times: int, *, marked: bool = False, titled: bool = False, lowered: bool = False) -> float:
        """Log-odds that labels of a name are a person's.

        Args:
            name: as labelled.
            times: how many labels bear it.
            marked: whether the grammar itself is the mark of a label (bold, a time, brackets).
            titled: whether only a title or capitals make such a line a label at all.
            lowered: whether the labels of the file are nicknames in small letters.
        """
        prior = self.prior(name, marked=marked, lowered=lowered)
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

    def prior(self, name: str, *, marked: bool = False, lowered: bool = False) -> float:
        """What the form of a name says by itself.

        Args:
            name: as labelled.
            marked: as for ``of``.
            lowered: whether the labels of the file are nicknames in small letters.
        """
        key = (name, marked, lowered)
        if key not in self._priors:
            self._priors[key] = self._prior(name, marked, lowered)
        return self._priors[key]

    def _prior(self, whole: str, marked: bool, lowered: bool) -> float:
        name, _, role = whole.partition(",")
        tokens = name.split()
        offices = 2 * sum(1 for t in tokens if len(t) > 1 and t.isupper()) >= len(tokens) or is_calling(name)
        if not tokens or len(tokens) > (16 if offices else 8):
            return NEVER
        if _SENTENCE.search(_SHORTENED.sub("", name)):
            return NEVER
        if not any(c.isalpha() for c in name):
            return 1.5 if _PHONE.fullmatch(name) else NEVER
        if re.search(r"\d{4}", name):
            return NEVER  # a year
        if _is_clause(role) or tokens[0].casefold() in (_OPENERS if len(tokens) > 1 else _MAIL):
            return NEVER
        latin = [t for t in tokens if t[0].isascii() or "LATIN" in unicodedata.name(t[0], "")]
        if not latin:
            return self._unspaced_prior(name)
        calling = is_calling(whole)
        small = [t for t in latin if t[0].islower() and t.casefold() not in _lower_words()]
        if small and not (calling and _name_an_office(whole, small)):
            return (0.0 if lowered else -0.5 if marked else NEVER) if len(tokens) <= 2 - lowered else NEVER
        if self.is_heading(name):
            return -4.0
        odds = 2.0 if calling else 0.0
        everyday = (
            not lowered and not _capital_surname(name) and all(self._words[t.casefold()] for t in _WORD.findall(name))
        )
        if odds or everyday:
            return odds or -2.0  # "note", "syntax error" are everyday words of this file
        if len([t for t in latin if t[0].isupper()]) >= 2 or _TITLE.match(name) or _NUMBERED.fullmatch(name):
            odds += 1.5
        return odds

    def _unspaced_prior(self, name: str) -> float:
        if _FUNCTION.search(name) or len(name) > 14:
            return NEVER
        if self.is_heading(name):
            return -4.0
        if _NUMBERED.fullmatch(name.replace(" ", "")) or is_calling(name):
            return 2.0
        return 0.5 if len(name) <= 4 else 0.0

    @staticmethod
    def is_heading(name: str) -> bool:
        """Whether a label is nothing but words for remarks, lists and parts: "Note", "Chapter 2"."""
        found = [w.casefold() for w in _WORD.findall(name)]
        return any(w in words("headings") for w in found) and all(w in words("headings") | _PARTICLES for w in found)

    def _mentioned(self, name: str, times: int) -> bool:
        """Whether the words, apart from the labels themselves, name this person or a part of the name."""
        parts = [p for p in _WORD.findall(name) if len(p) > 1 and p.casefold() not in _PARTICLES and p[0].isupper()]
        forms = (sum(self._words[form] for form in {p, p.capitalize()}) for p in parts)
        return any(count > times for count in forms)


def _is_clause(role: str) -> bool:
    """Whether what follows a comma in a label is more of a sentence and no role."""
    first = role.strip()[:1]
    if not first or first.isupper() or unspaced(first):
        return False
    return not begins_with_role(role.strip())


@lru_cache(maxsize=1)
def _lower_words() -> frozenset[str]:
    """Words of names that are written small: particles and forms of address."""
    titles = (word for head in ("before", "rank") for way in ways("honorifics")[head] for word in way.split())
    particles = ways("honorifics")["particle"]
    return _PARTICLES.union((word.strip(".") for word in titles), particles, ("señor", "señora", "pro", "tempore"))


@lru_cache(maxsize=1)
def _callings() -> tuple[frozenset[str], frozenset[str]]:
    """Ways to name an office, and kinds of speaker; folded."""
    offices = frozenset(way for concept in concepts() for way in concept.ways)
    return offices, frozenset(ways("labels")["generic"])


@lru_cache(maxsize=1)
def _calling_words() -> frozenset[str]:
    return frozenset(word for ways_ in _callings() for way in ways_ for word in way.split())


def _name_an_office(label: str, small: Iterable[str]) -> bool:
    """Whether the small words of a label are of offices too: "vice president", never "president said"."""
    offices, kinds = _callings()
    bare = _ARTICLE.sub("", fold_text(label).strip())
    if bare in offices or bare in kinds or _FORMAL.match(label):
        return True
    known = _calling_words()
    return all(fold_text(word).strip(".") in known for word in small)


def is_calling(name: str) -> bool:
    """Whether a label names an office or a kind of person: "Operator", "Speaker 2", "Miembro del público"."""
    offices, kinds = _callings()
    bare = _ARTICLE.sub("", fold_text(name).strip())
    parts = re.findall(r"[^\W_]+", bare)
    if not parts or bare in offices or bare in kinds or parts[0] in offices or parts[-1] in offices:
        return bool(parts)
    if len(parts) == 1:
        return parts[0].rstrip("0123456789") in kinds and len(parts[0]) > 1
    numbered = parts[1][0].isdigit() or parts[1] in _PARTICLES
    return (len(parts[-1]) > 1 and parts[-1] in kinds) or (numbered and parts[0] in kinds)


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """A name without what makes nobody else of it: capitals, invisible characters, white space, final marks."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return " ".join(name.casefold().split()).strip(" .,:*_")


def _capital_surname(name: str) -> bool:
    return any(len(token) > 1 and token.isupper() for token in _WORD.findall(name))
