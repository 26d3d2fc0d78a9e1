"""A chat model's prose, as it streams in, cut into sentences with the marks that say what each rests on. Pure.

    [t12.4] Old chips still run. [t14.2, t14.3] Rob doubts it.

A mark before a sentence is the form asked for: what it rests on is then known before its first word. Marks behind a
sentence, within it, in 【】 or (), ranges (t9.1–t9.3, t9.1-3) and lists are taken as well; code fences, bold and
headings are furniture. ``Reader.feed`` returns the sentences that are complete, and the one that is being written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.types import Shape
from corpus.types import Transcript

_REFERENCE = r"\^?(?:[tT]\d+(?:\.\d+)?(?:\s*(?:[-–—~至]|to)\s*[tT]?\d+(?:\.\d+)?)?|[cC]\d+)"
_MARK = re.compile(rf"[\[【(（]\s*(?P<refs>{_REFERENCE}(?:\s*[,;，；、\s]\s*{_REFERENCE})*)\s*[\]】)）]")
_OPENS = re.compile(r"[\[【(（][^\]】)）]{0,120}$")
_ONE = re.compile(_REFERENCE)
_BULLET = re.compile(r"^\s*(?:[-*•·+]|\d{1,2}[.)、])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_RULE = re.compile(r"^\s*(?:```.*|~~~.*|[-*_=]{3,}|\|?[\s:|-]*-[\s:|-]*\|?)\s*$")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,2}|_{1,2}(?!\w)|`")
_STOP = re.compile(r"[。！？!?…]+[”’」』\"')）]*|(?<![.\s])\.[”’\"')]*(?=\s|$|[\[【(（])")
_GAP = re.compile(r"\s+(?=[.,;:!?。，；：！？、](?:\s|$|[^\s\w]))")
_SHORTENED = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|vs|e\.g|i\.e|No|St|approx|cf))\.$")


class Sentence(NamedTuple):
    """A sentence of the model.

    Attributes:
        block: which line of the answer it stands in, from 0; ``part``, which sentence of that line.
        references: what its marks name, as written: "t9.1", "t9", "t9.1–t9.3", "c1".
        done: whether it is complete; one that is not grows with later calls.
    """

    block: int
    part: int
    shape: Shape
    text: str
    references: tuple[str, ...]
    done: bool


class Reader:
    """Text in pieces → sentences."""

    def __init__(self) -> None:
        self._line, self._block, self._told = "", 0, 0

    def feed(self, text: str) -> list[Sentence]:
        """What has become complete with this text, and at last the sentence that is being written, if any."""
        found: list[Sentence] = []
        *lines, rest = (self._line + text).split("\n")
        for line in lines:
            found += self._ended(line)
        self._line = rest
        made = self._sentences(rest, whole=False)
        found += [s for s in made[self._told :] if s.done]
        self._told = max(self._told, sum(s.done for s in made))
        return found + [s for s in made[self._told :] if not s.done][:1]

    def end(self) -> list[Sentence]:
        """What is left when the text has ended."""
        line, self._line = self._line, ""
        return self._ended(line)

    def _ended(self, line: str) -> list[Sentence]:
        found = self._sentences(line, whole=True)[self._told :]
        if found or self._told:
            self._block += 1
        self._told = 0
        return found

    def _sentences(self, line: str, *, whole: bool) -> list[Sentence]:
        if not line.strip() or (whole and _RULE.match(line)) or (not whole and re.fullmatch(r"[\s\W]*", line)):
            return []
        shape, body = _shape(line)
        made = [*_cut(body, whole=whole, in_one=shape in ("row", "heading"))]
        return [Sentence(self._block, n, shape, text, refs, done) for n, (text, refs, done) in enumerate(made)]


def _shape(line: str) -> tuple[Shape, str]:
    if line.lstrip().startswith("|"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        return "row", " | ".join(cells)
    if match := _HEADING.match(line):
        return "heading", line[match.end() :]
    if match := _BULLET.match(line):
        return "bullet", line[match.end() :]
    return "paragraph", line.strip("\r\ufeff ")


class _Open:
    """A sentence in the making: its words, and the marks before, within and behind it."""

    def __init__(self, text: str = "", references: tuple[str, ...] = ()) -> None:
        self.text, self.references = text, references


def _cut(line: str, *, whole: bool, in_one: bool) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """(text, references, done) of the sentences of a line.

    Where a line opens with a mark, a mark is for what follows it, up to the next; otherwise for what stands before it,
    back to the one before.
    """
    if not whole and (opened := _OPENS.search(line)):
        line = line[: opened.start()]  # half a mark, or a bracket of the text that will close
    pieces = _pieces(line)
    leading = bool(pieces) and not isinstance(pieces[0], str)
    sentences = _leading(pieces) if leading else _trailing(pieces)
    if in_one and sentences:
        joined = " ".join(s.text.strip() for s in sentences)
        sentences = [_Open(joined, tuple(dict.fromkeys(r for s in sentences for r in s.references)))]
    for number, sentence in enumerate(sentences):
        last = number == len(sentences) - 1
        # Behind the last one a mark may still come; before marks have come, whose the words are is open.
        done = whole or (not last and (leading or bool(sentence.references)))
        text = _GAP.sub("", " ".join(_EMPHASIS.sub("", sentence.text).split()))
        if text and any(c.isalnum() for c in text):
            yield text, sentence.references, done


def _pieces(line: str) -> list[str | tuple[str, ...]]:
    """Sentences (or what there is of them) and marks, in order."""
    pieces: list[str | tuple[str, ...]] = []
    at = 0
    for mark in _MARK.finditer(line):
        pieces += _split(line[at : mark.start()])
        pieces.append(tuple(m[0].lstrip("^") for m in _ONE.finditer(mark["refs"])))
        at = mark.end()
    return [*pieces, *_split(line[at:])]


def _split(text: str) -> Iterator[str]:
    at = 0
    for stop in _STOP.finditer(text):
        if not _SHORTENED.search(text[at : stop.start() + 1]):
            yield text[at : stop.end()]
            at = stop.end()
    if text[at:].strip():
        yield text[at:]


def _leading(pieces: list[str | tuple[str, ...]]) -> list[_Open]:
    made: list[_Open] = []
    current: tuple[str, ...] = ()
    open_ended = False
    for piece in pieces:
        if isinstance(piece, str):
            if not any(c.isalnum() for c in piece) and made:
                made[-1].text += piece  # a full stop behind a mark
                open_ended = False
                continue
            if open_ended:
                made[-1].text += piece
            else:
                made.append(_Open(piece, current))
            open_ended = not _ends(made[-1].text)
        elif open_ended:
            made[-1].references = tuple(dict.fromkeys((*made[-1].references, *piece)))
        elif made and made[-1].text == "":
            current = (*current, *piece)
        else:
            current = piece
    return made


def _trailing(pieces: list[str | tuple[str, ...]]) -> list[_Open]:
    made: list[_Open] = []
    waiting = 0  # sentences since the last mark
    open_ended = False
    for piece in pieces:
        if isinstance(piece, str):
            if not any(c.isalnum() for c in piece) and made:
                made[-1].text += piece
                open_ended = False
                continue
            if open_ended:
                made[-1].text += piece
            else:
                made.append(_Open(piece))
                waiting += 1
            open_ended = not _ends(made[-1].text)
        else:
            for sentence in made[len(made) - max(1, waiting) :]:
                sentence.references = tuple(dict.fromkeys((*sentence.references, *piece)))
            waiting = 0
    return made


def _ends(text: str) -> bool:
    return bool(re.search(r"[。！？!?….][”’」』\"')）]*\s*$", text)) and not _SHORTENED.search(text.rstrip())


def resolve(references: tuple[str, ...], transcript: Transcript) -> tuple[tuple[str, ...], tuple[int, ...], str]:
    """References → (sentence ids, numbers of calculations, what was meant where one cannot be resolved, or "").

    Ids that are nobody's stay as they were written, for grounding to refuse.
    """
    ids: dict[str, None] = {}
    calculations: list[int] = []
    hint = ""
    known = {s.id for s in transcript.sentences}
    turns = {t.id for t in transcript.turns}
    for reference in references:
        name = reference.lower()
        if name.startswith("c"):
            calculations.append(int(name[1:]))
            continue
        first, last = _ends_of(name)
        if "." not in first:
            own = [s.id for s in transcript.sentences_of(first)] if first in turns and first == last else []
            if 0 < len(own) <= 3:
                ids.update(dict.fromkeys(own))
            else:
                ids[first] = None
                hint = f"it cites {first}; did you mean {own[0]}–{own[-1]}?" if own else f"there is no {first}"
        elif first in known and last in known and (a := transcript.position(first)) <= (b := transcript.position(last)):
            ids.update(dict.fromkeys(s.id for s in transcript.sentences[a : b + 1]))
        else:
            ids[first] = None
            hint = f"there is no {first if first not in known else last}"
    return tuple(ids), tuple(calculations), hint


def _ends_of(name: str) -> tuple[str, str]:
    """ "t9.1-3" → ("t9.1", "t9.3"); "t9.1–t9.3" the same; "t9.1" twice."""
    parts = re.split(r"\s*(?:[-–—~至]|to)\s*", name)
    first, last = parts[0], parts[-1]
    if not last.startswith("t"):
        last = f"t{last}" if "." in last else f"{first.split('.')[0]}.{last}"
    return first, last
