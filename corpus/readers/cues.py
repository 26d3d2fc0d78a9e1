"""Subtitles and timed lines → turns: WebVTT, SRT, SBV, and text whose lines begin with a time.

Cues of one speaker are one turn, with one piece a line, so that sentences are whole across cues. A name holds until the
next one, unless the file names the speaker in (nearly) every cue: then a cue without a name is nobody's. A dash or
chevrons without a name begin to be nobody's, too. Pieces point into the decoded file.

    >>> text = "WEBVTT\\n\\n00:01.000 --> 00:02.000\\n<v Ann>Is it\\n\\n00:02.000 --> 00:03.000\\n<v Ann>late?\\n"
    >>> turn, = READERS[0].read(Source(text.encode(), "a.vtt", text)).turns
    >>> turn.name, turn.seconds, [text[a:b] for a, b, _ in turn.paragraphs[0]]
    ('Ann', 1.0, ['Is it', 'late?'])
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

from corpus.errors import TranscriptParseError
from corpus.readers.belief import plain
from corpus.readers.choice import choose as choose_labels
from corpus.readers.cue_blocks import Cue, arrow_cues, comma_cues, is_arrow, is_comma, plain_cues, plain_times
from corpus.readers.cue_labels import Grammar, Stretch, choose
from corpus.readers.cue_text import Shown, show, spoken
from corpus.readers.facts import head_of
from corpus.readers.lines import split_lines
from corpus.readers.reading import MAX_TURNS, Piece, Reading, ReadTurn, Source
from corpus.readers.utterances import label
from corpus.types import Doubt
from corpus.words import Notation

_SAMPLE = 20_000  # characters by which a form is recognised
_FINAL = re.compile(r"[.!?。！？…][\"'”’」』）)\]»]*$")
_MARKUP = re.compile(r"&(?:#\d+|#x[\da-f]+|[a-z]+\d*);|<[^<>]*>", re.IGNORECASE)
_PAUSE, _LONG_PAUSE = 2.0, 5.0  # seconds between cues that end a paragraph: after a full stop, after anything
_LONG, _RUN_ON = 800, 300  # characters from which a full stop ends a paragraph; the end of a cue, where there are none
_DOUBTS = 20  # of one kind that are told one by one


class CueReader:
    """One form of timed text."""

    def __init__(self, form: str, cues: Callable[[str], list[Cue]], claim: Callable[[str], float], remedy: str) -> None:
        self.form, self._cues, self._claim, self._remedy = form, cues, claim, remedy

    def claims(self, source: Source) -> float:
        """How surely a text has this form."""
        return self._claim(source.text) if source.text else 0.0

    def read(self, source: Source) -> Reading:
        """Read it.

        Raises:
            TranscriptParseError: There are no cues with words, or too many turns.
        """
        raw = source.text or ""
        cues = [(cue, show(cue.lines)) for cue in self._cues(raw)]
        spoken_cues = [(cue, shown) for cue, shown in cues if spoken(shown, 0, len(shown.text))]
        if not spoken_cues:
            raise TranscriptParseError(f"This looks like {self.form}, but no cue has words; {self._remedy}.")
        head = head_of(raw[: spoken_cues[0][1].runs[0].origin])
        listed = [name for name, _ in head.people]
        grammar = choose([shown for _, shown in spoken_cues], [cue.identifier for cue, _ in spoken_cues], listed)
        turns, doubts = _Builder(raw, spoken_cues, grammar).build()
        return Reading(
            form=f"{self.form}: {grammar.shape.value}" if grammar.shape and grammar.names_speakers else self.form,
            raw=raw,
            turns=turns,
            notation=_notation(raw, turns),
            title=head.title,
            date=head.date,
            recording=head.recording,
            facts=head.facts,
            roles=tuple((name, role) for name, role in head.people if role),
            names=head.abbreviations,
            doubts=(*_broken_times([cue for cue, _ in spoken_cues]), *doubts),
        )


class _Builder:
    """One pass over the cues of one file."""

    def __init__(self, raw: str, cues: Sequence[tuple[Cue, Shown]], grammar: Grammar) -> None:
        self.raw, self.cues, self.grammar = raw, cues, grammar
        self.stretches = [list(grammar.stretches(shown, cue.identifier)) for cue, shown in cues]
        self.every_cue = self._names_every_cue()
        self.punctuated = _is_punctuated([shown.text for _, shown in cues])
        self.turns: list[ReadTurn] = []
        self.doubts: list[Doubt] = []
        self.nameless: list[int] = []  # lines of cues without a name where the others have one
        self.turn: ReadTurn | None = None  # the one that goes on, its paragraphs in the next field
        self.paragraphs: list[list[Piece]] = []
        self.length = 0  # of the last paragraph, in characters
        self.before: Cue | None = None  # the cue that the last words stand in

    def build(self) -> tuple[tuple[ReadTurn, ...], list[Doubt]]:
        for (cue, shown), stretches in zip(self.cues, self.stretches, strict=True):
            for number, stretch in enumerate(stretches):
                self._stretch(cue, shown, stretch, number == 0)
        self._close()
        if not self.grammar.names_speakers:
            self.doubts.append(Doubt(line=0, why="No cue surely names a speaker, so it is not known who spoke."))
        if self.nameless:
            count = "1 cue names" if len(self.nameless) == 1 else f"{len(self.nameless):,} cues name"
            why = f"From here on {count} no speaker, though the others do; it is not known who says their words."
            self.doubts.append(Doubt(line=self.nameless[0], why=why))
        return tuple(self.turns), self.doubts

    def _names_every_cue(self) -> bool:
        """Whether names are given in every cue, not only where another person begins to speak."""
        again = without = 0
        known = ""
        for stretches in self.stretches:
            first = stretches[0]
            if first.name:
                again += plain(first.name) == known
            elif known and not first.begins:
                without += 1
            known = next((plain(stretch.name or "") for stretch in reversed(stretches) if stretch.begins), known)
        return again > 0 and (again >= without or self.grammar.dense)

    def _stretch(self, cue: Cue, shown: Shown, stretch: Stretch, first: bool) -> None:
        spans = spoken(shown, stretch.start, stretch.end)
        line = shown.lines[bisect_right(shown.lines, stretch.start, key=lambda line: line[0]) - 1][1]
        if stretch.begins:
            name = label(stretch.name)
            if name is None or self.turn is None or plain(name) != plain(self.turn.name or ""):
                self._open(name, line, cue)
            if stretch.doubtful and len(self.doubts) < _DOUBTS:
                why = f"{stretch.doubtful!r} may name a speaker or be a part of the words; they are given to nobody."
                self.doubts.append(Doubt(line=line, why=why))
        elif first and spans and self.every_cue and self.turn is not None:
            self.nameless.append(line)
            if self.turn.name is not None:
                self._open(None, line, cue)
        if self.turn is None:
            self._open(None, line, cue)
        if spans:
            self._say(cue, spans)

    def _open(self, name: str | None, line: int, cue: Cue) -> None:
        self._close()
        self.turn, self.paragraphs = ReadTurn(name, line, (), cue.seconds), []

    def _close(self) -> None:
        if self.turn is None or not self.paragraphs:
            return
        if len(self.turns) >= MAX_TURNS:
            raise TranscriptParseError(f"There are more than {MAX_TURNS:,} turns; split the file.", self.turn.line)
        self.turns.append(self.turn._replace(paragraphs=tuple(map(tuple, self.paragraphs))))

    def _say(self, cue: Cue, spans: Sequence[tuple[int, int]]) -> None:
        if not self.paragraphs or (cue is not self.before and self._paragraph_ends(cue)):
            self.paragraphs.append([])
            self.length = 0
        self.length += sum(end - start for start, end in spans)
        self.paragraphs[-1] += [Piece(start, end, cue.seconds) for start, end in spans]
        self.before = cue

    def _paragraph_ends(self, cue: Cue) -> bool:
        """Whether a paragraph ends before a cue: at a pause, or when it is long, and where a sentence may end."""
        last = self.paragraphs[-1][-1]
        until = self.before.until if self.before is not None else None
        pause = cue.seconds - until if cue.seconds is not None and until is not None else 0.0
        if _FINAL.search(self.raw[max(last.start, last.end - 12) : last.end]):
            return pause >= _PAUSE or self.length >= _LONG
        return pause >= _LONG_PAUSE or (not self.punctuated and self.length >= (_RUN_ON / 3 if pause >= 1 else _RUN_ON))


def _is_punctuated(texts: Sequence[str]) -> bool:
    """Whether a text has full stops; captions made by machines often have none."""
    marks = sum(1 for text in texts for _ in re.finditer(r"[.!?。！？…](?:\W|$)", text))
    return 400 * marks >= sum(map(len, texts))


def _notation(raw: str, turns: Sequence[ReadTurn]) -> Notation:
    pieces = (piece for turn in turns for paragraph in turn.paragraphs for piece in paragraph)
    return "html" if any(_MARKUP.search(raw, piece.start, piece.end) for piece in pieces) else "plain"


def _broken_times(cues: Sequence[Cue]) -> list[Doubt]:
    broken = [cue.line for cue in cues if cue.seconds is None]
    why = "The time of this cue cannot be read; its words are kept without one."
    return [Doubt(line=line, why=why) for line in broken[:_DOUBTS]]


# Claims


def _is_webvtt(text: str) -> float:
    return 1.0 if re.match(r"\ufeff?\s*WEBVTT(?:\s|$)", text) else 0.0


def _is_srt(text: str) -> float:
    return _share(text, lambda line: is_arrow(line) and not line.startswith("["))


def _is_sbv(text: str) -> float:
    return _share(text, is_comma)


def _share(text: str, is_time: Callable[[str], bool]) -> float:
    """Sure where every eighth line with text is a time."""
    lines = [line.text for line in split_lines(text[:_SAMPLE]) if line.text]
    times = sum(map(is_time, lines))
    return 0.95 if times and 8 * times >= len(lines) else 0.0


def _is_plain(text: str) -> float:
    """Lines that begin with times in order; text with labels beside them is the labelled text's."""
    lines = [line for line in split_lines(text[:_SAMPLE]) if line.text]
    times = plain_times(lines)
    in_order = sum(a <= b for a, b in pairwise(times))
    if len(times) < 3 or 10 * len(times) < 3 * len(lines) or 10 * in_order < 9 * (len(times) - 1):
        return 0.0
    return 0.6 if choose_labels(lines) is None else 0.05


_TIMES = "write each cue as `00:00:01.000 --> 00:00:04.000` with the words below it"
READERS: tuple[CueReader, ...] = (
    CueReader("WebVTT", arrow_cues, _is_webvtt, _TIMES),
    CueReader("SRT", arrow_cues, _is_srt, _TIMES.replace(".000", ",000")),
    CueReader("SBV", comma_cues, _is_sbv, "write each cue as `0:00:01.000,0:00:04.000` with the words below it"),
    CueReader("timed lines", plain_cues, _is_plain, "write each line as `0:01 words`"),
)
