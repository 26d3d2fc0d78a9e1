"""How the cues of a file name speakers, decided once for the whole file, and what each stretch of a cue says by that.

The shapes: voice tags (``<v Ann>``), identifiers (``1 "Ann" (123)``), ``Ann: words`` also below dashes and chevrons,
``[Ann] words``, ``(Ann) words``, a name on the first line. The shape whose labels are believed most often, over names
that repeat, alternate and look like names, is the file's; the others are words. Does not know turns.

    >>> cues = [Shown(text, (), (), ()) for text in ("Ann: Yes.", "Note: this", "Bob: No.", "Ann: Oh.")]
    >>> grammar = choose(cues, ["", "", "", ""])
    >>> [stretch.name for cue in cues for stretch in grammar.stretches(cue, "")]
    ['Ann', None, 'Bob', 'Ann']
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from corpus.readers.belief import DOUBTFUL, NEVER, SURE, Evidence, plain
from corpus.readers.cue_text import Shown
from corpus.readers.directions import is_direction
from corpus.readers.times import TIME

_DENSE = 0.8  # share of cues with a likely label from which on every cue is expected to have one
_ALL = 0.95  # the same of cues that begin as if they had one
_PREFIX = re.compile(r"[\s\u200b]*(?:(?P<chevron>(?:>|&gt;){2,4})|(?P<dash>[-–—‐−](?!-)))?[\s\u200b]*")
_SPECIAL = re.compile(r"[\n>&\u2010-\u2015\u2212-]")
_CHEVRON = re.compile(r"(?:>|&gt;){2,4}")
_DASH_WITHIN = re.compile(r"(?<=[.!?…♪\])\"”])[ \t]+(?=[-–]\s?[^\W\da-zß-ÿ_\[(]|[-–]\s?[\[(¿¡])")
_STAMP = rf"(?:[ \t]{{0,2}}[\[(]{TIME}[\])])?"
_COLON = re.compile(
    rf"(?P<name>[^\s:：\[\]【】()（）<>♪\"“”*#][^:：\n♪\"“”]{{0,59}}?){_STAMP}[ \t]?(?:：|:(?![:/]|\d\d(?!\d)))[ \t]*"
    r"(?:[-–—][ \t](?=[A-ZÀ-Þ]))?"
)
_SQUARE = re.compile(rf"[\[【［〔](?P<name>[^\[\]【】［］〔〕\n]{{1,60}})[\]】］〕]{_STAMP}[ \t]?[:：]?[ \t]*")
_ROUND = re.compile(rf"[(（](?P<name>[^()（）\n]{{1,60}})[)）]{_STAMP}[ \t]?[:：]?[ \t]*")
_LINE = re.compile(r"(?P<name>[^\n:：!?。！？,，]{1,40})")
_CAPITALS = re.compile(r"[^\Wa-zß-ÿ\d_]{2}[^a-zß-ÿ]*$")
_QUOTED = re.compile(r'^\d*\s*"(?P<name>[^"]{1,80})"\s*(?:\(\d+\))?$')
_FINAL = re.compile(r"[.!?。！？…♪\"”»)\]-]\W*$")


_Part = tuple[int, int, str]  # start, end, the marker that it begins with: "chevron", "dash" or ""


class Shape(Enum):
    """One way to say in a cue who speaks."""

    VOICE = "voice tags"
    IDENTIFIER = "names in identifiers"
    COLON = "names with a colon"
    SQUARE = "names in square brackets"
    ROUND = "names in round brackets"
    LINE = "names on a line"


_TAIL = 12  # characters at an end that say whether a sentence is finished
_FEW = 20  # cues of a file too short to say where in it names stand
_HEADING = -4.0  # log-odds that a word heading a remark names somebody
_WEAK = -1.5  # log-odds from which a name that may be one is told of
_LEAST_DENSE = -0.5  # log-odds from which a label is believed where nearly all cues have one
_PATTERNS = {Shape.COLON: _COLON, Shape.SQUARE: _SQUARE, Shape.ROUND: _ROUND, Shape.LINE: _LINE}


class Stretch(NamedTuple):
    """A part of a cue that one person says."""

    start: int  # in ``Shown.text``, behind the label
    end: int
    begins: bool  # whether somebody begins to speak here
    name: str | None  # who does; None where it is not said
    doubtful: str = ""  # what may be a label, where it is not sure


class _Candidate(NamedTuple):
    """What may be a label."""

    name: str
    words_at: int
    cue: int  # number of the cue, from 0
    first: bool  # whether it stands at the beginning of the cue
    chevron: bool  # whether it stands behind chevrons
    marked: bool  # whether they or brackets set it off
    finished: bool  # whether the words before it were a finished sentence
    alone: bool  # whether nothing else stands in the cue


class Grammar:
    """The shape of a file's labels and the names that are believed."""

    def __init__(
        self, shape: Shape | None, believed: Iterable[str] = (), doubtful: Iterable[str] = (), dense: bool = False
    ) -> None:
        self.shape, self.dense = shape, dense
        self.believed, self._doubtful = frozenset(believed), frozenset(doubtful)

    @property
    def names_speakers(self) -> bool:
        """Whether the file says who speaks."""
        return bool(self.believed) or self.shape in (Shape.VOICE, Shape.IDENTIFIER)

    def stretches(self, cue: Shown, identifier: str) -> Iterator[Stretch]:
        """The parts of a cue, in order; one that does not begin goes on with what was said before."""
        if self.shape is Shape.VOICE and cue.voices:
            yield from _voices(cue)
            return
        if self.shape is Shape.IDENTIFIER and (name := _identified(identifier)):
            yield Stretch(0, len(cue.text), True, name)
            return
        stretch: Stretch | None = None
        for start, end, marker in _parts(cue.text):
            found = _label(self.shape, cue.text, start, end) if self.shape in _PATTERNS else None
            key = plain(found[0]) if found else ""
            words_at = _behind_marker(cue.text, start)
            if found and key in self.believed:
                part = Stretch(found[1], end, True, found[0])
            elif found and key in self._doubtful:
                part = Stretch(words_at, end, True, None, found[0])
            elif marker == "chevron" or (marker == "dash" and not self.dense):
                part = Stretch(words_at, end, True, None)
            elif words_at >= end:
                continue  # a dash alone on a line is none of the words
            elif stretch is not None:
                stretch = stretch._replace(end=end)  # so that a remark may go over two lines
                continue
            else:
                part = Stretch(start, end, False, None)
            if stretch is not None:
                yield stretch
            stretch = part
        yield stretch or Stretch(0, 0, False, None)


def choose(cues: Sequence[Shown], identifiers: Sequence[str], listed: Iterable[str] = ()) -> Grammar:
    """The grammar of a file; its shape is None where nobody is named.

    Args:
        cues: those with words, in order.
        identifiers: of the same cues.
        listed: names that the head of the file lists.
    """
    if 2 * sum(1 for identifier in identifiers if _identified(identifier)) > len(cues):
        return Grammar(Shape.IDENTIFIER)
    evidence = Evidence((html.unescape(line) for cue in cues for line in cue.text.split("\n")), listed)
    parts = [list(_parts(cue.text)) for cue in cues]
    weighed = [_weigh(shape, cues, parts, evidence) for shape in _PATTERNS]
    voiced = sum(1 for cue in cues if any(name for _, name in cue.voices))
    weighed.append((voiced + 0.5 if voiced else 0, Grammar(Shape.VOICE)))
    score, grammar = max(weighed, key=lambda pair: pair[0])
    if score > 0:
        return grammar
    return next((grammar for _, grammar in weighed if grammar.shape is Shape.COLON), Grammar(None))


def _weigh(
    shape: Shape, cues: Sequence[Shown], parts: Sequence[Sequence[_Part]], evidence: Evidence
) -> tuple[float, Grammar]:
    """How many cues the believed names of a shape label; 0 where they do not make the file a labelled one."""
    found = [candidate for candidate in _candidates(shape, cues, parts) if not is_direction(candidate.name)]
    times = Counter(plain(candidate.name) for candidate in found)
    firsts = [candidate for candidate in found if candidate.first]
    likely = [c for c in firsts if times[plain(c.name)] > 1 or evidence.prior(c.name) >= 1.0]
    share = len(firsts) / max(1, len(cues))
    dense = shape is not Shape.LINE and (share >= _ALL or len(likely) >= _DENSE * len(cues))
    grouped: dict[str, list[_Candidate]] = {}
    for candidate in found:
        grouped.setdefault(plain(candidate.name), []).append(candidate)
    odds = {key: _odds(group, evidence, dense, share) for key, group in grouped.items()}
    if not dense:
        if shape is Shape.COLON and _is_mixed(cues):
            odds = {key: value + 2.0 * bool(_CAPITALS.match(grouped[key][0].name)) for key, value in odds.items()}
        _weigh_styles(odds, grouped, found[0] if found and found[0].cue == 0 else None, evidence)
    least = _LEAST_DENSE if dense else SURE
    often = Counter(plain(candidate.name) for candidate in firsts) if dense else Counter()
    believed = {key for key, value in odds.items() if value >= least or often[key] >= 3}
    doubtful = {key for key, value in odds.items() if key not in believed and value >= DOUBTFUL}
    labels = [candidate for candidate in found if plain(candidate.name) in believed]
    labelled = len({label.cue for label in labels})
    several = len(believed) > 1 and _are_spread(labels, times, len(cues), found[0])
    enough = dense or several or any(label.chevron for label in labels)
    if shape in (Shape.SQUARE, Shape.ROUND) and not dense:
        full = all(evidence.prior(grouped[key][0].name) >= 1.0 for key in believed)
        titles = sum(label.alone and label.name[0].isupper() for label in found if plain(label.name) not in believed)
        enough = several and (full or labelled >= 0.1 * len(cues)) and labelled > 2 * titles
    if shape is Shape.LINE:
        enough = several and 2 * labelled >= len(cues)
        doubtful = set()
    if not enough:
        return 0, Grammar(shape, (), believed | doubtful if shape is Shape.COLON else ())
    return labelled, Grammar(shape, believed, doubtful, dense)


def _are_spread(labels: Sequence[_Candidate], times: Counter[str], cues: int, first: _Candidate) -> bool:
    """Whether labels stand all over a file: people alternate, or it begins with one of them.

    Names once each within the words are steps and parts; names at the beginning only are those of a motto.
    """
    if cues >= _FEW and labels[-1].cue < 0.25 * cues:
        return False
    repeated = sum(times[plain(label.name)] > 1 for label in labels)
    opens = first in labels and first.cue == 0
    return opens or (2 * repeated >= len(labels) and len(labels) >= 0.02 * cues)


def _odds(group: Sequence[_Candidate], evidence: Evidence, dense: bool, share: float) -> float:
    """Log-odds that a name is somebody's who speaks."""
    first, times = group[0], len(group)
    if all(candidate.alone for candidate in group):
        return NEVER  # the name of a sound, or a title card
    small = [token for token in first.name.split() if token[0].islower()]
    if not dense and ((first.marked and first.name[0].islower()) or any(token[0] > "\u024f" for token in small)):
        return NEVER  # remarks; and small letters of other scripts than the Latin one
    marked = dense or first.marked
    prior, odds = evidence.prior(first.name, marked=marked), evidence.of(first.name, times, marked=marked)
    if NEVER < prior <= _HEADING:
        odds = min(odds, _HEADING)  # "Note: …" is said often
    elif _WEAK <= odds < DOUBTFUL and prior >= 0 and times < 3 and first.finished:
        odds = DOUBTFUL  # no everyday word of the file: it may be somebody, and nobody may lose words to a neighbour
    if first.chevron and odds > DOUBTFUL:
        odds += 1.5  # chevrons, a name and a colon are hardly anything else
    if share < _ALL:
        odds -= 2.0 * sum(not candidate.finished for candidate in group) / times
    return odds


def _weigh_styles(
    odds: dict[str, float], grouped: dict[str, list[_Candidate]], opener: _Candidate | None, evidence: Evidence
) -> None:
    """Names of one file look alike: all in capitals, all of two words; and a labelled file begins with a label."""
    if opener is not None and evidence.prior(opener.name) >= 1.0:
        for key, group in grouped.items():
            if evidence.prior(group[0].name) >= 1.0:
                odds[key] += 1.0
    sure = [group for key, group in grouped.items() if odds[key] >= SURE]
    labels = [candidate.name for group in sure for candidate in group]
    if len(sure) < 2:
        return
    capitals = sum(name.isupper() for name in labels) > 0.8 * len(labels)
    single = sum(" " not in name for name in labels) > 0.8 * len(labels)
    parts = {part for name in labels for part in plain(name).split()}
    for key, group in grouped.items():
        name = group[0].name
        if capitals and not name.isupper() and any(c.islower() for c in name):
            odds[key] -= 3.0
        elif name.isupper() and not capitals and len(group) < 3:
            odds[key] -= 1.0
        elif " " not in name and key in parts and len(group) < 3:
            odds[key] = max(odds[key], SURE)
        elif len(group) < 3 and " " not in name:
            odds[key] = odds[key] + 1.0 if single else max(odds[key] - 1.0, min(odds[key], DOUBTFUL))


def _is_mixed(cues: Sequence[Shown]) -> bool:
    """Whether the words are not in capitals themselves, so that capitals say something."""
    text = "".join(cue.text for cue in cues[:500])
    return sum(map(str.islower, text)) > sum(map(str.isupper, text))


def _candidates(shape: Shape, cues: Sequence[Shown], parts: Sequence[Sequence[_Part]]) -> Iterator[_Candidate]:
    """Every label there would be in a shape, with what speaks for and against it."""
    ended = sum(_FINAL.search(cue.text[-_TAIL:]) is not None for cue in cues)
    unpunctuated, finished = ended < 0.1 * len(cues), True
    for number, cue in enumerate(cues):
        for start, end, marker in parts[number]:
            found = _label(shape, cue.text, start, end)
            if found:
                chevron = marker == "chevron"
                marked = chevron or shape in (Shape.SQUARE, Shape.ROUND)
                alone = not cue.text[found[1] :].strip() and shape is not Shape.COLON
                done = finished or unpunctuated or marker != ""
                yield _Candidate(found[0], found[1], number, start == 0, chevron, marked, done, alone)
            if cue.text[start:end].strip():
                finished = _FINAL.search(cue.text[max(start, end - _TAIL) : end]) is not None


def _parts(text: str) -> Iterator[_Part]:
    """Lines, cut where chevrons or a dash behind a finished sentence begin another speaker; and that marker."""
    if not _SPECIAL.search(text):
        yield 0, len(text), ""
        return
    at = 0
    for line in text.split("\n"):
        cuts = [match.start() for match in _CHEVRON.finditer(line) if match.start() > 0]
        cuts += [match.end() for match in _DASH_WITHIN.finditer(line)]
        bounds = [0, *sorted(cuts), len(line)]
        for a, b in pairwise(bounds):
            yield at + a, at + b, _marker(text, at + a, at + b)
        at += len(line) + 1


def _marker(text: str, start: int, end: int) -> str:
    match = _PREFIX.match(text, start, end)
    assert match is not None
    if match["chevron"]:
        return "chevron"
    goes_on = match.end() < end and (text[match.end()].islower() or text[match.end()].isdigit())
    return "dash" if match["dash"] and not goes_on else ""


def _behind_marker(text: str, start: int) -> int:
    match = _PREFIX.match(text, start)
    assert match is not None
    return match.end()


def _label(shape: Shape, text: str, start: int, end: int) -> tuple[str, int] | None:
    """The name that a part of a cue begins with in a shape, and where the words behind it begin."""
    at = min(end, _behind_marker(text, start))
    if shape is Shape.LINE:
        if start > 0 or not text[end:].strip():
            return None
        match = _LINE.fullmatch(text, at, end)
    else:
        match = _PATTERNS[shape].match(text, at, end)
    if match is None:
        return None
    name = " ".join(html.unescape(match["name"]).split())
    digits_only = not any(character.isalpha() for character in name)
    if digits_only and sum(character.isdigit() for character in name) < 6:  # less than the number of a telephone
        return None
    return name, match.end()


def _voices(cue: Shown) -> Iterator[Stretch]:
    """The voice spans of a cue, and what stands outside them."""
    bounds = [(0, None), *cue.voices, (len(cue.text), None)]
    for (start, name), (end, _) in pairwise(bounds):
        if not cue.text[start:end].strip():
            continue
        match = _COLON.match(cue.text, start, end)
        if name and match and plain(match["name"]) == plain(name):
            start = match.end()
        yield Stretch(start, end, True, name)


def _identified(identifier: str) -> str | None:
    match = _QUOTED.match(identifier)
    return match["name"] if match else None
