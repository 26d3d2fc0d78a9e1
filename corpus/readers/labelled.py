"""Labelled text → turns: articles, minutes, chats and exports in which each turn begins with a name.

Pieces point into the text itself. Who speaks is decided by ``choice``; here lines become paragraphs: captions, headings
and notes are told from words, lines that were only wrapped are joined, times within a turn are kept.

    >>> reading = read_text("Ann:\\n\\nIs it a bubble?\\n\\nBob:\\n\\nNo. It is not.\\n")
    >>> [(turn.name, turn.line) for turn in reading.turns]
    [('Ann', 1), ('Bob', 5)]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from corpus.errors import TranscriptParseError
from corpus.readers.belief import Evidence
from corpus.readers.choice import Choice, choose, joined_labels, split_run_on
from corpus.readers.directions import spoken_spans
from corpus.readers.facts import Head, head_of
from corpus.readers.grammars import Label
from corpus.readers.lines import BULLET, CAPTION, FINAL, IMAGE, RULE, Line, split_lines
from corpus.readers.metadata import abbreviates, key_of
from corpus.readers.reading import Piece, Reading, ReadSection, ReadTurn, Source
from corpus.readers.times import TIME, seconds_of
from corpus.readers.unsaid import is_running_title, is_system_line, is_trailer, without_unsaid
from corpus.types import Doubt, Editorial, EditorialKind, Span
from corpus.words import Notation

_NUMBERED = re.compile(r"^\d{1,2}$")
_BOXED = re.compile(r"【[^【】]{1,20}】")
_HEADING = re.compile(r"^#{1,6}\s+(?P<title>\S.*)$")
_ROLE = re.compile(r"\s{0,8}[,，、|]|\s[-–—]\s")  # between a name and a role
_STAMP = re.compile(rf"^\\?[\[(（]\s?(?P<time>{TIME})\s?\\?[\])）]:?\s*|^(?P<bare>{TIME})$")
_PAIR = re.compile(r"(?P<key>[^\W\d_][^:：\n]{1,40}?)\s?[:：]\s{0,3}(?P<value>\S.*)")
_PROSE = 40  # words from which a paragraph below a heading may be somebody's
_UNLABELLED = "No label stands between the heading and this paragraph, so it is not known whose words these are."
_SAMPLE = 4_000  # characters by which a chat is recognised
_CHAT = re.compile(rf"\s{{0,3}}\[?{TIME}\]?\s{{1,3}}<[\s@+%&~]?[^<>\n]{{1,40}}>\s")
_DATED = re.compile(rf"\[?\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}},?\s{{1,2}}{TIME}")
_SHORT = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Z][A-Za-z]{1,3}")
_BEHIND = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w.'’-]{1,30}(?:\s[\w.'’-]{1,30}){0,4})\s?[(（](?P<short>[A-Z][A-Za-z]{1,3})[)）]"
)
_ESCAPED = re.compile(r"\\[\[\]()*_#.!~>`-]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_DETAILS = re.compile(r"<details\b.*?</details>", re.DOTALL | re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b.*?</summary>", re.DOTALL | re.IGNORECASE)


_BARE_NAMES = "name and role on a line"  # labels there have no colon, so that a short line with one is a heading
_TITLED = re.compile(r"[A-Z][\w&’'-]*(?: [\w&’'-]{1,20}){0,4}:")
MAX_LINES = 150_000  # a working day of talk has a tenth of that


class LabelledText:
    """The reader of last resort: any text."""

    form = "labelled text"

    def claims(self, source: Source) -> float:
        """Any text may be one; a chat surely is."""
        text = source.text or ""
        lines = [line for line in text[:_SAMPLE].split("\n") if line.strip()]
        if sum(1 for line in lines if _CHAT.match(line)) > 0.5 * len(lines):
            return 0.8
        return 0.1 if text.strip() else 0.0

    def read(self, source: Source) -> Reading:
        """Read it."""
        assert source.text is not None
        return read_text(source.text)


def read_text(raw: str, form: str = "labelled text") -> Reading:
    """Text with labels → turns; without any label all of it is one turn of nobody known, and a doubt says so.

    Args:
        raw: the text; pieces are code points of exactly this string.
        form: what the file is called in the report.

    Raises:
        TranscriptParseError: There are more lines than any transcript has.
    """
    if raw.count("\n") + raw.count("\r") > 2 * MAX_LINES:  # CRLF counts twice
        raise TranscriptParseError(f"The text has more than {MAX_LINES:,} lines; split the file.", MAX_LINES + 1)
    head = head_of(raw)
    details = [match.span() for match in _DETAILS.finditer(raw)] if "<details" in raw.casefold() else []
    said = [line for line in split_lines(raw) if line.start >= head.end and not _within(line, details)]
    lines, notes = without_unsaid(joined_labels(said))
    listed = [name for name, _ in head.people] + [key for pair in head.abbreviations for key in pair]
    bullets = (BULLET.sub("", line.text) for line in lines if BULLET.match(line.text))
    listed += [_ROLE.split(text, maxsplit=1)[0].strip("* ") for text in bullets]
    choice = choose(lines, listed)
    run_on = split_run_on(lines, choice) if choice else lines
    if len(run_on) > len(lines):
        lines, choice = run_on, _with_cuts(run_on, choose(run_on, listed))
    if choice is None:
        choice = _unlabelled(lines)
        form = f"{form} without labels"
    else:
        form = f"{form}: {choice.form}" if form == LabelledText.form else form
    return _Builder(raw, head, lines, choice, notes).read(form, _glosses(raw, details))


def _with_cuts(lines: Sequence[Line], choice: Choice | None) -> Choice | None:
    """The choice, with a doubt for each line that holds several labels."""
    if choice is None:
        return None
    cut = {b.number for a, b in pairwise(lines) if a.number == b.number}
    why = "Several labels stand on this line; each was read as a turn of its own."
    return choice._replace(doubts=(*choice.doubts, *(Doubt(line=number, why=why) for number in sorted(cut)[:20])))


def _within(line: Line, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= line.start < end for start, end in spans)


def _unlabelled(lines: Sequence[Line]) -> Choice:
    first = next((i for i, line in enumerate(lines) if line.text and not _HEADING.match(line.text)), None)
    if first is None:
        return Choice("", {}, ())
    why = "No speaker labels were found, so it is not known who spoke; write each turn as `Name: what was said`."
    return Choice("", {first: Label("", "", None, 0, False)}, (Doubt(line=0, why=why),))


def _glosses(raw: str, details: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    """Where a folded part stands and what it holds: the original or a translation of the turn above it."""
    made = []
    for start, end in details:
        text = _TAG.sub(" ", _SUMMARY.sub(" ", raw[start:end]))
        text = re.sub(r"^\s*(?:>>\s*)?[^:：\n]{1,40}[:：]\s*", "", text)
        made.append((start, " ".join(text.split())))
    return made


class _Builder:
    """One pass over the lines of one file."""

    def __init__(self, raw: str, head: Head, lines: Sequence[Line], choice: Choice, notes: Sequence[Span]) -> None:
        self.raw, self.head, self.lines, self.choice, self.notes = raw, head, lines, choice, notes
        self.names = {label.name for label in choice.labels.values() if label.name}
        self.roles: dict[str, str] = dict(head.people)
        self.editorials: list[Editorial] = []
        self.sections: list[ReadSection] = []
        self.turns: list[ReadTurn] = []
        self.label: Label | None = None
        self.label_line = 0
        self.title = head.title
        self.paragraphs: list[list[Piece]] = []
        self.last: Line | None = None  # of the current paragraph, where the next line may go on with it
        self.doubts = list(choice.doubts)
        self.seconds: float | None = None  # a time given on a line of its own
        self.width = _wrap_width(lines, choice)

    def read(self, form: str, glosses: Sequence[tuple[int, str]]) -> Reading:
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            label = self.choice.labels.get(index)
            if label is not None:
                self._close_turn()
                self.label, self.label_line = label, line.number
                self._words(line, line.start + label.words_at)
            elif not line.text:
                self.last = None
            else:
                index = self._other_line(index, line)
            index += 1
        self._close_turn()
        starts = [turn.paragraphs[0][0].start if turn.paragraphs else -1 for turn in self.turns]
        placed = [(sum(1 for s in starts if -1 < s < at) - 1, gloss) for at, gloss in glosses]
        return Reading(
            form, self.raw, tuple(self.turns), _notation(self.raw), self.title, self.head.date, self.head.recording,
            self.head.facts, tuple(self.roles.items()), _abbreviations(self.raw, self.head, self.names),
            tuple(self.sections),
            tuple(self._all_editorials()), tuple((n, gloss) for n, gloss in placed if n >= 0), tuple(self.doubts),
        )  # fmt: skip

    def _all_editorials(self) -> list[Editorial]:
        """With the stage directions, in the order of the file."""
        raw = self.raw
        made = [
            Editorial(id="", kind="caption", start=s.start, end=s.end, text=raw[s.start : s.end]) for s in self.notes
        ]
        ordered = sorted([*self.editorials, *made], key=lambda editorial: editorial.start)
        return [editorial.model_copy(update={"id": f"e{n}"}) for n, editorial in enumerate(ordered, start=1)]

    def _words(self, line: Line, start: int) -> None:
        """Spoken words from ``start`` to the end of a line: a paragraph, or more of the one before."""
        text = self.raw[start : line.end]
        stamp = _STAMP.match(text)
        seconds = None
        if stamp:
            seconds = seconds_of(stamp["time"] or stamp["bare"])
            start += stamp.end()
        pieces = [Piece(a, b) for a, b in spoken_spans(self.raw, start, line.end)]
        if not pieces:
            self.seconds = seconds if seconds is not None else self.seconds
            return
        seconds = seconds if seconds is not None else self.seconds
        if seconds is not None:
            pieces[0], self.seconds = pieces[0]._replace(seconds=seconds), None
        if self.paragraphs and self.last is not None and not stamp and self._goes_on(self.last, line):
            self.paragraphs[-1].extend(pieces)
        else:
            self.paragraphs.append(pieces)
        self.last = line

    def _goes_on(self, before: Line, line: Line) -> bool:
        """Whether a line only wraps the one before it."""
        if self.width and line.indent <= before.indent + 1:
            return len(before.text) >= 0.5 * self.width or line.text[:1].islower()
        return not FINAL.search(before.text) and line.text[:1].islower()

    def _other_line(self, index: int, line: Line) -> int:
        """Sort one unlabelled line; returns the index of the last line it used."""
        heading = self._heading_at(index)
        if heading is not None:
            self._close_turn()
            title = self.lines[heading]
            start = title.end - len(_HEADING.sub(r"\g<title>", title.text))
            self.sections.append(ReadSection(start, title.end))
            self._editorial("heading", start, title.end)
            return heading
        kind = self._editorial_kind(index, line)
        if kind == "lead" and self.turns and len(line.text.split()) > _PROSE and FINAL.search(line.text):
            # Long prose below a heading: somebody goes on, or the editor sums up.
            self.label, self.label_line = Label("", "", None, 0, False), line.number
            self.doubts.append(Doubt(line=line.number, why=_UNLABELLED))
            kind = None
        if kind is None:
            if not RULE.match(line.text):
                self._words(line, line.start)
            return index
        start = line.start
        if kind == "title":
            start = line.end - len(_HEADING.sub(r"\g<title>", line.text))
            self.title = self.raw[start : line.end].strip("*_ ")
        self._editorial(kind, start, line.end)
        return index

    def _heading_at(self, index: int) -> int | None:
        """Index of the title line when a section begins at ``index``: `01` and its title, or a Markdown heading."""
        text = self.lines[index].text
        if _BOXED.fullmatch(text) or (self.choice.form == _BARE_NAMES and _TITLED.fullmatch(text)):
            return index
        if _HEADING.match(text):
            is_title = not self.title and not self.turns and self.label is None and text.startswith("# ")
            return None if is_title else index
        if not _NUMBERED.match(text) or int(text) != len(self.sections) + 1:
            return None
        for at in range(index + 1, min(index + 4, len(self.lines))):
            if self.lines[at].text:
                return None if at in self.choice.labels else at
        return None

    def _editorial_kind(self, index: int, line: Line) -> EditorialKind | None:
        """What kind of editorial text a line is; None for spoken words."""
        text = line.text
        if IMAGE.search(text):
            return "image"
        is_caption = CAPTION.search(text) and not FINAL.search(text)
        if is_system_line(text) or is_trailer(self.lines, index) or self._is_dated(text):
            return "page"
        if not is_caption and self._is_fact(index, text):
            return "page"
        if self.label is not None:
            if is_running_title(self.lines, index):
                return "heading"
            return "caption" if is_caption or self._is_portrait(line) else None
        bullet = BULLET.match(text)
        named = self._role_on(text[bullet.end() :] if bullet else text)
        if named:
            self.roles.setdefault(*named)
            return "guest"
        if bullet:
            return "highlight"
        if " > " in text or RULE.match(text):
            return "page"
        unfinished = text.endswith((":", "："))
        if not self.title and not self.turns and not unfinished:
            return "title"
        return "lead" if FINAL.search(text) or unfinished else "heading"

    def _is_dated(self, text: str) -> bool:
        """Whether a line of a chat bears a date as its messages do, but names nobody: a program's own."""
        return self.choice.form == "time and name" and bool(_DATED.match(text))

    def _is_fact(self, index: int, text: str) -> bool:
        """Whether a short line between empty ones tells about the file: "Duration: 49 minutes"."""
        pair = _PAIR.match(text)
        if pair is None or len(text) > 120 or FINAL.search(text):
            return False
        if key_of(pair["key"]) is None and not Evidence.is_heading(pair["key"]):
            return False
        return all(not (0 <= i < len(self.lines)) or not self.lines[i].text for i in (index - 1, index + 1))

    def _role_on(self, text: str) -> tuple[str, str] | None:
        """Name and role when the line is of the shape "Rob Li,纽约Amont Partners管理合伙人"."""
        if FINAL.search(text):
            return None
        for match in _ROLE.finditer(text, 0, 60):  # a name has 60 characters at most
            name, role = text[: match.start()].strip(" *_"), text[match.end() :].strip(" *_")
            if name in self.names and role:
                return name, role
        return None

    def _is_portrait(self, line: Line) -> bool:
        """Whether a line within a turn stands under a picture of the person it names, or repeats a known role.

        Anything else of that shape ("Rob,你怎么看") was said.
        """
        named = self._role_on(line.text)
        if named is None:
            return False
        before = self.editorials[-1] if self.editorials else None
        under = before is not None and before.kind == "image" and not self.raw[before.end : line.start].strip()
        if under:
            self.roles.setdefault(*named)
        return under or self.roles.get(named[0]) == named[1]

    def _editorial(self, kind: EditorialKind, start: int, end: int) -> None:
        identifier = f"e{len(self.editorials) + 1}"
        self.editorials.append(Editorial(id=identifier, kind=kind, start=start, end=end, text=self.raw[start:end]))
        self.last = None

    def _close_turn(self) -> None:
        if self.label is None:
            return
        paragraphs = tuple(tuple(paragraph) for paragraph in self.paragraphs)
        name, role, seconds, *_ = self.label
        if seconds is None and paragraphs:
            seconds = paragraphs[0][0].seconds
        self.turns.append(ReadTurn(name or None, self.label_line, paragraphs, seconds, role, len(self.sections)))
        self.label, self.paragraphs, self.last, self.seconds = None, [], None, None


def _abbreviations(raw: str, head: Head, names: set[str]) -> tuple[tuple[str, str], ...]:
    """Labels that abbreviate a name and stand in brackets behind it: "Maren Falk (MFK)"."""
    listed = dict(head.abbreviations)
    short = {name for name in names if _SHORT.fullmatch(name)} - set(listed)
    if short:
        for match in _BEHIND.finditer(raw):
            words = match["name"].split()
            found = (" ".join(words[at:]) for at in range(len(words)) if words[at][0].isupper())
            if match["short"] in short:
                name = next((name for name in found if abbreviates(match["short"].upper(), name)), None)
                if name:
                    listed.setdefault(match["short"], name)
    return tuple(listed.items())


def _notation(raw: str) -> Notation:
    """Markdown where its escapes are in use: a backslash before a bracket, mostly."""
    return "markdown" if _ESCAPED.search(raw) else "plain"


def _wrap_width(lines: Sequence[Line], choice: Choice) -> int:
    """The width at which the lines of a file were wrapped; 0 when each line is a paragraph."""
    pairs = [
        (before, after)
        for index, (before, after) in enumerate(pairwise(lines))
        if before.text and after.text and index + 1 not in choice.labels and not BULLET.match(after.text)
    ]
    if not pairs:
        return 0
    cut = [before for before, after in pairs if not FINAL.search(before.text)]
    going_on = sum(1 for before, after in pairs if not FINAL.search(before.text) and after.text[:1].islower())
    widths = sorted(len(before.text) for before in cut)
    if len(cut) < 0.4 * len(pairs) or going_on < 0.25 * len(pairs) or not widths or widths[-1] > 200:
        return 0
    return int(median(widths))


READERS = (LabelledText(),)
