"""What a reader found → Transcript: sentences, numbers, people. The one place where both are made.

>>> transcript = parse_transcript("Ann:\\n\\nIs it a bubble?\\n\\nBob:\\n\\nNo. It is not.\\n", "panel")
>>> [(turn.id, transcript.speaker_of(turn.id).name) for turn in transcript.turns]
[('t1', 'Ann'), ('t2', 'Bob')]
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.errors import TranscriptParseError
from corpus.readers import labelled, read_source
from corpus.readers.hosts import with_hosts
from corpus.readers.language import language_of_text
from corpus.readers.people import identify
from corpus.readers.reading import MAX_TURNS, Layer, Piece, Reading, ReadTurn, Source
from corpus.readers.report import doubts_of
from corpus.sentences import split_sentences
from corpus.speakers import slug
from corpus.types import Section, Sentence, Span, Stretch, Transcript, Turn
from corpus.words import Notation, join_pieces, read_notation

MAX_BYTES = 32 * 1024 * 1024
MAX_SENTENCES = 250_000  # about a gigabyte of memory
MAX_SPEAKERS = 2_000


def load_transcript(path: Path, transcript_id: str | None = None) -> Transcript:
    """Read a transcript file of any form that is known.

    Raises:
        TranscriptParseError: The file is missing, too large, of no form that is known, or broken.
    """
    return parse_bytes(read_file(path), transcript_id or id_of(path), path.name)


def read_file(path: Path) -> bytes:
    """The bytes of a transcript file.

    Raises:
        TranscriptParseError: It cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # one more than allowed is enough to refuse the rest unread
    except OSError as error:
        raise TranscriptParseError(f"Cannot read {path}: {error.strerror or error}; give a transcript file.") from error
    if len(data) > MAX_BYTES:
        raise TranscriptParseError(f"The file has more than {MAX_BYTES:,} bytes; split it, or give a smaller one.")
    return data


def id_of(path: Path) -> str:
    """A short name for the debate in a file: that of the file, or of its folder where that says more."""
    return slug(path.parent.name if path.stem == "transcript" else path.stem)


def parse_bytes(data: bytes, transcript_id: str, name: str = "") -> Transcript:
    """Bytes of a transcript file → Transcript; the hash is that of the bytes.

    Args:
        data: the file.
        transcript_id: a short name for the debate.
        name: of the file; never decides how it is read.

    Raises:
        TranscriptParseError: As ``load_transcript``.
    """
    if len(data) > MAX_BYTES:
        raise TranscriptParseError(f"The file has more than {MAX_BYTES:,} bytes; split it, or give a smaller one.")
    return assemble(read_source(data, name), transcript_id, hashlib.sha256(data).hexdigest())


def parse_transcript(raw: str, transcript_id: str, sha256: str | None = None) -> Transcript:
    """Labelled text → Transcript.

    Args:
        raw: The decoded file. Spans of the result are code points of exactly this string.
        transcript_id: A short name for the debate.
        sha256: Hash of the file's bytes; of ``raw`` in UTF-8 when left out.

    Raises:
        TranscriptParseError: There are no words, or too many turns.
    """
    return assemble(
        labelled.LabelledText().read(Source(b"", "", raw)),
        transcript_id,
        sha256 or hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def transcript_from_turns(turns: Iterable[tuple[str, str]], transcript_id: str, title: str = "") -> Transcript:
    """Turns that come as data → Transcript, one turn each, in order; ``raw`` is their plain rendering.

    Args:
        turns: (speaker name, words) pairs; empty words make a turn without sentences.
        transcript_id: A short name for the debate.
        title: Its title; the short name when left out.

    Raises:
        TranscriptParseError: There are no turns, too many of them, or a speaker has no name.
    """
    layer = Layer("turns as data")
    for number, (name, words) in enumerate(turns, start=1):
        if not name.strip():
            raise TranscriptParseError(f"Turn {number} has no speaker; give every turn one.")
        layer.turn(name.strip())
        layer.say(words)
    if not layer.spoken:
        raise TranscriptParseError("The debate has no turns; give at least one.")
    reading = layer.reading(title=title)
    sha256 = hashlib.sha256(reading.raw.encode("utf-8", "surrogatepass")).hexdigest()
    return assemble(reading, transcript_id, sha256, keep_empty=True)


def assemble(reading: Reading, transcript_id: str, sha256: str, *, keep_empty: bool = False) -> Transcript:
    """A reading → Transcript: people are told apart, sentences cut and everything is numbered.

    Args:
        reading: what a reader found.
        transcript_id: a short name for the debate.
        sha256: hash of the file's bytes.
        keep_empty: keep turns without words; labels that nothing follows are dropped otherwise.

    Raises:
        TranscriptParseError: Nobody says anything, or there are too many turns, sentences or speakers.
    """
    spoken = [turn for turn in reading.turns if turn.paragraphs or keep_empty]
    if not spoken:
        raise TranscriptParseError(
            f"The file was read as {reading.form}, but nobody says anything in it; give a transcript."
        )
    if len(spoken) > MAX_TURNS:
        raise TranscriptParseError(f"There are more than {MAX_TURNS:,} turns; split the file.", spoken[MAX_TURNS].line)
    names = {turn.name for turn in spoken}
    if len(names) > MAX_SPEAKERS:
        raise TranscriptParseError(
            f"There are more than {MAX_SPEAKERS:,} names of speakers; is this a transcript? If so, split the file."
        )
    reading = reading._replace(turns=tuple(spoken))
    cast = identify(reading)
    turns: list[Turn] = []
    sentences: list[Sentence] = []
    for number, read in enumerate(spoken, start=1):
        turn, said = _turn(read, number, cast.of_turn[number - 1], reading.raw, reading.notation)
        turns.append(turn)
        sentences.extend(said)
        if len(sentences) > MAX_SENTENCES:
            raise TranscriptParseError(f"There are more than {MAX_SENTENCES:,} sentences; split the file.", read.line)
    transcript = Transcript(
        id=transcript_id,
        title=reading.title or transcript_id,
        raw=reading.raw,
        form=reading.form,
        notation=reading.notation,
        date=reading.date,
        language=language_of_text(" ".join(s.text for s in sentences[:400])),
        recording=reading.recording,
        facts=reading.facts,
        doubts=(*reading.doubts, *cast.doubts),
        sha256=sha256,
        speakers=cast.speakers,
        sections=tuple(
            Section(number=n, title=reading.raw[s.start : s.end], start=s.start, end=s.end)
            for n, s in enumerate(reading.sections, start=1)
        ),
        turns=tuple(turns),
        sentences=tuple(sentences),
        editorials=reading.editorials,
    )
    transcript = with_hosts(transcript)
    return transcript.with_doubts(doubts_of(transcript))


def _turn(read: ReadTurn, number: int, speaker_id: str, raw: str, notation: Notation) -> tuple[Turn, list[Sentence]]:
    identifier = f"t{number}"
    sentences: list[Sentence] = []
    for paragraph in read.paragraphs:
        sentences.extend(_sentences(raw, identifier, paragraph, len(sentences), notation))
    paragraphs = tuple(_stretch(paragraph) for paragraph in read.paragraphs)
    place = paragraphs[0].start if paragraphs else _line_start(raw, read.line)
    turn = Turn(
        id=identifier,
        number=number,
        speaker_id=speaker_id,
        section=read.section,
        start=place,
        end=paragraphs[-1].end if paragraphs else place,
        line=read.line,
        paragraphs=paragraphs,
        seconds=read.seconds,
    )
    if sentences and sentences[0].seconds is None and read.seconds is not None:
        sentences[0] = sentences[0].model_copy(update={"seconds": read.seconds})
    return turn, sentences


def _line_start(raw: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = raw.find("\n", at) + 1
    return at


def _stretch(paragraph: Sequence[Piece]) -> Stretch:
    pieces = tuple(Span(start=piece.start, end=piece.end) for piece in paragraph)
    return Stretch(start=pieces[0].start, end=pieces[-1].end, pieces=pieces if len(pieces) > 1 else ())


def _sentences(raw: str, turn_id: str, paragraph: Sequence[Piece], before: int, notation: Notation) -> list[Sentence]:
    """The sentences of one paragraph, numbered after ``before`` others of its turn."""
    text, starts = join_pieces([raw[piece.start : piece.end] for piece in paragraph])
    made: list[Sentence] = []
    for a, b in split_sentences(text):
        first, last = bisect_right(starts, a) - 1, bisect_right(starts, b - 1) - 1
        spans = []
        for at in range(first, last + 1):
            piece = paragraph[at]
            start = piece.start + max(0, a - starts[at])
            end = min(piece.end, piece.start + b - starts[at])
            spans.append(Span(start=start, end=end))
        number = before + len(made) + 1
        made.append(
            Sentence(
                id=f"{turn_id}.{number}",
                turn_id=turn_id,
                number=number,
                start=spans[0].start,
                end=spans[-1].end,
                pieces=tuple(spans) if len(spans) > 1 else (),
                text=read_notation(text[a:b], notation),
                seconds=paragraph[first].seconds,
            )
        )
    return made
