"""The reading report: what a file was taken for, who speaks how much, and what may have been read wrong.

>>> from corpus.library import open_debate
>>> report = report_of(open_debate().transcript)
>>> report.turns, report.attributed, [s.name for s in report.speakers][:2]
(36, 1.0, ['陈茜', 'Rob Li'])
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median

from pydantic import Field

from corpus.readers.belief import is_calling, plain
from corpus.readers.naming import without_titles
from corpus.types import Doubt, Frozen, Speaker, Transcript, Turn

_LONG_SHARE, _LONG_TIMES, _LONG_WORDS = 0.4, 20, 600
_THANKS = re.compile(
    r"^(?:Thank you(?: very much| so much)?|Thanks(?: a lot)?|谢谢|感谢|多谢|Merci|Danke|Gracias|Vielen Dank)"
    r"[,，、\s]{0,3}",
    re.IGNORECASE,
)
_NAME = r"[A-Z][a-zà-ÿ'’-]{2,20}"
_ADDRESSED = re.compile(
    rf"(?:^|[.!?。！？]\s{{0,2}})(?:And |So |Well, |Now,? )?(?P<name>{_NAME})(?: {_NAME})?, "
    r"(?:is|are|do|does|did|can|could|would|will|what|how|why|you|please|your|over to|tell)\b"
)


class SpeakerReport(Frozen):
    """One speaker of the report."""

    name: str
    role: str
    host: bool
    turns: int
    share: float = Field(description="Share of all words (characters of unspaced scripts), 0 to 1.")


class ReadingReport(Frozen):
    """What a file was read as."""

    form: str
    title: str
    date: str
    language: str
    speakers: tuple[SpeakerReport, ...]
    turns: int
    attributed: float = Field(description="Share of the words whose speaker is known, 0 to 1.")
    timed: float = Field(description="Share of the sentences whose time in the recording is known, 0 to 1.")
    doubts: tuple[Doubt, ...]


def count_words(text: str) -> int:
    """Words of a text: runs of other scripts, single characters of unspaced ones."""
    return len(re.findall(r"[\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff\uf900-\ufaff]+", text))


def report_of(transcript: Transcript) -> ReadingReport:
    """The report on a debate; what it doubts was noted when it was read."""
    words: Counter[str] = Counter()
    turns: Counter[str] = Counter()
    for turn in transcript.turns:
        turns[turn.speaker_id] += 1
        words[turn.speaker_id] += sum(count_words(s.text) for s in transcript.sentences_of(turn.id))
    total = sum(words.values()) or 1
    known = sum(words[s.id] for s in transcript.speakers if s.is_known)
    timed = sum(1 for sentence in transcript.sentences if sentence.seconds is not None)
    return ReadingReport(
        form=transcript.form,
        title=transcript.title,
        date=transcript.date,
        language=transcript.language,
        speakers=tuple(
            SpeakerReport(
                name=s.name, role=s.role, host=s.is_host, turns=turns[s.id], share=round(words[s.id] / total, 4)
            )
            for s in transcript.speakers
        ),
        turns=len(transcript.turns),
        attributed=round(known / total, 4),
        timed=round(timed / (len(transcript.sentences) or 1), 4),
        doubts=transcript.doubts,
    )


def doubts_of(transcript: Transcript) -> tuple[Doubt, ...]:
    """What in the turns themselves suggests that a label was missed or invented, in order of the lines."""
    made = [*_labels_within(transcript), *_thanks_to_oneself(transcript), *_silent_addressees(transcript)]
    made += [*_long_turns(transcript), *_time_goes_back(transcript), *_nobody_known(transcript)]
    return tuple(sorted(made, key=lambda doubt: doubt.line))


def _known(transcript: Transcript) -> dict[str, Speaker]:
    return {plain(s.name): s for s in transcript.speakers if s.is_known and len(s.name) > 1}


def _line_of(transcript: Transcript, offset: int, turn: Turn) -> int:
    if turn.start > offset:
        return turn.line
    first = transcript.raw.rfind("\n", 0, turn.start) + 1
    return turn.line + transcript.raw.count("\n", first, offset)


def _labels_within(transcript: Transcript) -> Iterator[Doubt]:
    names = sorted(_known(transcript), key=len, reverse=True)
    if not names:
        return
    any_name = "|".join(map(re.escape, names[:500]))
    label = re.compile(rf"(?:^|[.!?。！？]\s?)(?P<name>{any_name})\s?[:：]\s?\S", re.IGNORECASE)
    noted = {doubt.line for doubt in transcript.doubts}
    for turn in transcript.turns:
        for sentence in transcript.sentences_of(turn.id):
            match = label.search(sentence.text) if ":" in sentence.text or "：" in sentence.text else None
            line = _line_of(transcript, sentence.start, turn) if match else 0
            if match and line not in noted:
                whose = transcript.speaker(turn.speaker_id).name
                why = f"“{match['name']}:” stands within a turn of {whose}; a label may have been missed."
                yield Doubt(line=line, why=why)


def _thanks_to_oneself(transcript: Transcript) -> Iterator[Doubt]:
    for turn in transcript.turns:
        speaker = transcript.speaker(turn.speaker_id)
        said = transcript.sentences_of(turn.id)
        if not said or not speaker.is_known:
            continue
        thanks = _THANKS.match(said[0].text)
        bare = without_titles(speaker.name)
        first = bare.split()[0]
        names = {n for n in (speaker.name, bare, first, *speaker.aliases) if len(n) > 1 and not is_calling(n)}
        rest = plain(said[0].text[thanks.end() :]) if thanks else ""
        if any(rest.startswith(plain(n)) and not rest[len(plain(n)) :][:1].isalnum() for n in names if rest):
            why = f"{speaker.name} thanks {first} here, that is himself or herself; the label may be somebody else's."
            yield Doubt(line=turn.line, why=why)


def _silent_addressees(transcript: Transcript) -> Iterator[Doubt]:
    spoken = {plain(part) for s in transcript.speakers for n in (s.name, *s.aliases) for part in (n, *n.split())}
    times: Counter[str] = Counter()
    where: dict[str, int] = {}
    # "Now" and "Like" are words.
    small = {word for s in transcript.sentences for word in re.findall(r"\b[a-zà-ÿ]{2,}\b", s.text)}
    for turn in transcript.turns:
        for sentence in transcript.sentences_of(turn.id):
            for match in _ADDRESSED.finditer(sentence.text):
                if plain(match["name"]) not in spoken and match["name"].lower() not in small:
                    times[match["name"]] += 1
                    where.setdefault(match["name"], turn.line)
    for name, count in times.items():
        if count > 1:
            yield Doubt(line=where[name], why=f"{name} is addressed {count} times but never speaks under that name.")


def _long_turns(transcript: Transcript) -> Iterator[Doubt]:
    if len(transcript.turns) < 6:
        return
    sizes = {turn.id: sum(count_words(s.text) for s in transcript.sentences_of(turn.id)) for turn in transcript.turns}
    usual, total = median(sizes.values()), sum(sizes.values())
    for turn in transcript.turns:
        size = sizes[turn.id]
        if size > _LONG_WORDS and size > _LONG_TIMES * max(usual, 20) and size > _LONG_SHARE * total:
            speaker = transcript.speaker(turn.speaker_id)
            if speaker.is_known:
                share = f"{size / total:.0%} of all words"
                why = f"This turn of {speaker.name} holds {share}; labels within it may have been missed."
                yield Doubt(line=turn.line, why=why)


def _time_goes_back(transcript: Transcript) -> Iterator[Doubt]:
    """Two recordings in one file: the times begin anew, and "Speaker 1" is somebody else in the second."""
    latest = 0.0
    for turn in transcript.turns:
        if turn.seconds is None:
            continue
        name = transcript.speaker(turn.speaker_id).name
        if turn.seconds < latest - 60 and turn.seconds < 30 and re.search(r"\d$", name):
            why = f"The times begin anew here: two recordings in one file, whose “{name}” may be two people."
            yield Doubt(line=turn.line, why=why)
            latest = 0.0
        latest = max(latest, turn.seconds)


def _nobody_known(transcript: Transcript) -> Iterator[Doubt]:
    if not any(s.is_known for s in transcript.speakers) and not any(d.line == 0 for d in transcript.doubts):
        yield Doubt(line=0, why="The file does not say who speaks; its words are attributed to nobody.")
