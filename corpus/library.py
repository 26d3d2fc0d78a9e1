"""Which debates there are: the one that ships, or a file of the user's, each with the notes beside it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from corpus.annotations import Annotations, load_annotations
from corpus.parse import load_transcript
from corpus.types import Transcript

DATA = Path(__file__).parent / "data"
DEFAULT = DATA / "ai-bubble-2025-11-15" / "transcript.txt"


class Debate(NamedTuple):
    """A transcript and the notes on it."""

    transcript: Transcript
    notes: Annotations
    source: Path | None = None


def open_debate(path: Path | None = None) -> Debate:
    """The debate in a file (ours when left out), with ``<name>.annotations.json`` or ``annotations.json`` beside it.

    Raises:
        TranscriptParseError: The file cannot be read as a transcript.
        AnnotationError: The notes beside it do not fit.
    """
    path = path or DEFAULT
    transcript = load_transcript(path)
    notes = Annotations()
    beside = [path.with_name(f"{path.stem}.annotations.json")]
    if path.stem == "transcript":
        beside.append(path.with_name("annotations.json"))
    for candidate in beside:
        if candidate.is_file():
            notes = load_annotations(candidate, transcript)
            break
    return Debate(with_aliases(transcript, notes), notes, path)


def with_aliases(transcript: Transcript, notes: Annotations) -> Transcript:
    """The transcript with the spellings of names that the notes add (such as pinyin)."""
    if not notes.speaker_aliases:
        return transcript
    speakers = tuple(
        s.model_copy(update={"aliases": tuple(dict.fromkeys((*s.aliases, *notes.speaker_aliases.get(s.name, ()))))})
        for s in transcript.speakers
    )
    # Built from its fields: model_copy would keep look-up tables that were cached with the old speakers.
    fields = {name: getattr(transcript, name) for name in Transcript.model_fields}
    return Transcript.model_construct(**(fields | {"speakers": speakers}))
