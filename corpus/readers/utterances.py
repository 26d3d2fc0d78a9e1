"""Records of speech, as containers have them → the turns of a ``Layer``.

Decides what is the same for JSON, tables, HTML and XML: which records of one speaker are one turn, how word-sized
records become sentences, what labels such as "0" and "UNKNOWN" say. Who has no name stays nobody.

    >>> words = [Utterance(word, "Ann", at) for at, word in enumerate(["Is", "it", "late", "?"])]
    >>> lay("JSON", words).reading().raw
    '[0:00] Ann:\\nIs it late?\\n\\n'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Literal, NamedTuple

from corpus.readers.directions import spoken_spans
from corpus.readers.fields import Moment
from corpus.readers.reading import Layer
from corpus.words import joint, unspaced

_FINAL = re.compile(r"[.!?。！？…][\"'”’」』）)\]]*$")
_CLOSING = re.compile(r"^[.,!?;:…%)\]”»。，、！？；：）」』]+$")
_ALNUM = re.compile(r"[^\W_]")
_SOUND = re.compile(r"\{[a-z]{2,20}\}")  # {vocalsound}, {disfmarker} of the AMI and ICSI meetings
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")
_NOBODY = re.compile(
    r"^(?:\W*|(?:unknown|unidentified|undefined|null|none|nan|n/?a|uu|未知|不明|unbekannt|inconnu|desconocido|sconosciuto)"
    r"(?:[ _]?(?:speaker|sprecher|说话人|発言者))?|(?:speaker|spk)[ _-]?(?:unknown|null|none))$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\u2e80-\u9fff\uff00-\uffef]+")
_SAMPLE = 5000  # characters of a long text that are counted
_DAY = 86_400.0  # seconds
_TIME_OF_DAY = 6 * 3600.0  # a first time later than this is a time of the day, not of a recording
_LONG = 800  # characters after which a paragraph ends with the next finished sentence
_RUN_ON = 300  # characters after which words without any full stop are cut between two records


Join = Literal["segments", "paragraphs", "never"]


class Utterance(NamedTuple):
    """What one record holds."""

    words: str
    name: str | None = None
    seconds: float | None = None
    role: str = ""
    section: str = ""  # title of the part it stands in
    record: int = -1  # number of the turn-sized record it belongs to, where the file has such; -1: it is one itself
    glued: int = (
        -1
    )  # number of the list in which words bring their own blanks along ("Good", " evening"); -1: they do not
    note: bool = False  # nobody's words: a heading, a note of the clerk


def lay(form: str, utterances: Iterable[Utterance], join: Join = "segments") -> Layer:
    """Write utterances into a layer, in order.

    Args:
        form: name of the form, for the report.
        utterances: in order of the file.
        join: what becomes of records of one speaker that follow one another. ``segments``: they are joined where they
            are cut by time or in mid-sentence; ``paragraphs``: they are one turn, each a paragraph; ``never``: each is
            a turn (messages of a chat).
    """
    spoken = [utterance._replace(name=label(utterance.name)) for utterance in utterances]
    said = [utterance for utterance in spoken if not utterance.note]
    small = join == "segments" and _are_words(said)
    joined = join == "paragraphs" or small or (join == "segments" and _are_segments(said))
    writer = _Writer(Layer(form), joined, paragraphs=join == "paragraphs")
    return writer.write(_sentences(spoken) if small else spoken)


def label(name: object) -> str | None:
    """A speaker's label as shown: 0 → "Speaker 0", "A" → "Speaker A", "unknown" → None."""
    text = " ".join(str(name).split()).rstrip(":：").strip() if name is not None else ""
    if _NOBODY.match(text):
        return None
    bare = re.fullmatch(r"\d{1,4}|[A-Z]", text)
    return f"Speaker {text}" if bare else text


def units(text: str) -> float:
    """How many words a text has, roughly; two characters of a script without blanks count as one."""
    sample = text[:_SAMPLE]
    dense = sum(1 for character in sample if unspaced(character)) if not sample.isascii() else 0
    return (dense / 2 + len(_WORD.findall(sample))) * len(text) / (len(sample) or 1)


def _are_words(utterances: Sequence[Utterance]) -> bool:
    """Whether the records are word-sized, and not short sentences."""
    some = utterances[:2000]
    finished = sum(1 for utterance in some if _FINAL.search(utterance.words.strip()))
    small = sum(units(utterance.words) for utterance in some) < 2.2 * len(some)
    return len(some) > 3 and small and finished < 0.5 * len(some)


def _are_segments(utterances: Sequence[Utterance]) -> bool:
    """Whether the records are pieces of turns: cut by time, or in mid-sentence."""
    if not utterances:
        return False
    if sum(utterance.seconds is not None for utterance in utterances) > 0.5 * len(utterances):
        return True
    pairs = [(one, two) for one, two in pairwise(utterances) if one.name == two.name]
    cut = sum(1 for one, two in pairs if not _FINAL.search(one.words.strip()) and two.words.strip()[:1].islower())
    return bool(pairs) and cut > 0.4 * len(pairs)


def _sentences(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Word-sized records joined to whole sentences; each begins at the time of its first word."""
    made: list[Utterance] = []
    parts: list[str] = []
    first: Utterance | None = None

    def close() -> None:
        nonlocal first
        if first is not None and "".join(parts).strip():
            made.append(first._replace(words="".join(parts)))
        first = None
        parts.clear()

    for utterance in utterances:
        if utterance.note:
            close()
            made.append(utterance)
            continue
        words = utterance.words.strip()
        closing = not words or bool(_CLOSING.match(words))
        if first is not None and not closing and _breaks(first, "".join(parts).rstrip(), utterance):
            close()
        if first is None:
            first = utterance if words else None
            parts.append(utterance.words if words else "")
        elif utterance.glued >= 0 and utterance.glued == first.glued:
            parts.append(utterance.words)
        else:
            before = "".join(parts).rstrip()
            parts[:] = [before, words if closing else joint(before, words) + words]
            first = first._replace(glued=utterance.glued)
    close()
    return made


def _breaks(first: Utterance, said: str, word: Utterance) -> bool:
    """Whether a word begins another sentence than the one begun."""
    same = (first.name, first.section) == (word.name, word.section)
    return not same or bool(_FINAL.search(said)) or len(said) > _RUN_ON


def _spoken(utterance: Utterance, one_line: bool) -> list[str]:
    """The words of a record without notes on sounds, rules of dashes and the speaker's own label."""
    words = _BLANKS.sub(" ", _SOUND.sub(" ", utterance.words)).strip()
    name = utterance.name
    if name and words.startswith(name):
        # "Mr. HALE. I rise.": with a full stop only where the name is written as labels are.
        label_end = re.match(
            r"\s?[:：]\s*" if not re.search(r"[A-Z]{3}", name) else r"\s?[:：.]\s+", words[len(name) :]
        )
        words = words[len(name) + label_end.end() :] if label_end else words
    lines = [line for line in re.split(r"\r\n|\r|\n", words) if _ALNUM.search(line)]
    words = " ".join(" ".join(lines).split()) if one_line else "\n".join(lines)
    parts = (words[start:end] for start, end in spoken_spans(words, 0, len(words)))
    return [part for part in parts if _ALNUM.search(part)]


def in_seconds(moments: Sequence[Moment | None], words: Iterable[str]) -> tuple[list[float | None], str]:
    """Moments of a file as seconds from its beginning, and the day of the first where it says one.

    Whole numbers that would leave twenty seconds to each word are milliseconds. Times of the day, and since 1970, count
    from the first one; over more than a day (a chat) they are no places in a recording, and left out.
    """
    given = [moment for moment in moments if moment is not None]
    if not given:
        return [None] * len(moments), ""
    absolute = sum(moment.is_absolute for moment in given) > 0.5 * len(given)
    given = [moment for moment in given if moment.is_absolute == absolute]
    first, last = min(given).seconds, max(given).seconds
    day = datetime.fromtimestamp(first, UTC).date().isoformat() if absolute else ""
    if absolute and last - first > _DAY:
        return [None] * len(moments), day
    thousandths = all(moment.seconds == int(moment.seconds) for moment in given) and not absolute
    scale = 1000 if thousandths and last > 1000 and sum(map(units, words)) < 0.05 * (last - first) else 1
    origin = first if absolute or (scale == 1 and first >= _TIME_OF_DAY) else 0.0
    return [
        round((moment.seconds - origin) / scale, 3) if moment and moment.is_absolute == absolute else None
        for moment in moments
    ], day


class _Writer:
    """Writes utterances into a layer, one turn after the other."""

    def __init__(self, layer: Layer, joined: bool, *, paragraphs: bool) -> None:
        self.layer, self.joined, self.paragraphs = layer, joined, paragraphs
        self.last: Utterance | None = None
        self.length = 0  # characters of the current paragraph
        self.unfinished = 0  # characters since the last full stop

    def write(self, utterances: Iterable[Utterance]) -> Layer:
        section = ""
        for utterance in utterances:
            if utterance.section and utterance.section != section:
                section = utterance.section
                self.layer.section(section)
                self.last = None
            if utterance.note:
                if _spoken(utterance, True):
                    self.layer.editorial(utterance.words, "lead")
                    self.last = None
            else:
                self._say(utterance)
        return self.layer

    def _say(self, utterance: Utterance) -> None:
        parts = _spoken(utterance, self.joined and not self.paragraphs)
        if not parts:
            return
        if not self._goes_on(utterance):
            self.layer.turn(utterance.name, utterance.seconds, utterance.role)
            self.length = self.unfinished = 0
        elif self.paragraphs or self._paragraph_ends():
            self.layer.paragraph()
            self.length = self.unfinished = 0
        self.last = utterance
        for part in parts:
            self.layer.say(part, utterance.seconds)
            self.length += len(part)
            self.unfinished = 0 if _FINAL.search(part) else self.unfinished + len(part)

    def _goes_on(self, utterance: Utterance) -> bool:
        last = self.last
        if last is None or last.name != utterance.name:
            return False
        return self.joined or (utterance.record >= 0 and utterance.record == last.record)

    def _paragraph_ends(self) -> bool:
        return self.unfinished > _RUN_ON or (self.length > _LONG and not self.unfinished)
