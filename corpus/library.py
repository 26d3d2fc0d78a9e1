"""Which debates there are: the one that ships, or a file of the user's, each with the notes beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from corpus import pins
from corpus.annotations import Annotations, load_annotations
from corpus.errors import StoreError
from corpus.overlay import Overlay, apply
from corpus.parse import id_of, parse_bytes, read_file
from corpus.readers.dates import date_of
from corpus.store import Store
from corpus.types import Transcript

DATA = Path(__file__).parent / "data"
DEFAULT = DATA / "ai-bubble-2025-11-15" / "transcript.txt"


class Debate(NamedTuple):
    """A transcript and the notes on it."""

    transcript: Transcript  # with the aliases of the notes and the corrections of its reader
    notes: Annotations
    source: Path | None = None
    read: Transcript | None = None  # as the file was read, nothing corrected
    data: bytes | None = None  # of the file


def open_debate(path: Path | None = None, store: Store | None = None) -> Debate:
    """The debate in a file (ours when left out), with ``<name>.annotations.json`` or ``annotations.json`` beside it.

    Args:
        path: the file.
        store: where a debate that was read before is taken from, with the corrections of who speaks in it.

    Raises:
        TranscriptParseError: The file cannot be read as a transcript.
        AnnotationError: The notes beside it do not fit.
        PinError: The notes that ship were altered.
        StoreError: The record of it is damaged.
    """
    path = path or DEFAULT
    data = read_file(path)
    sha256 = hashlib.sha256(data).hexdigest()
    read = store.transcript(sha256) if store is not None else None
    read = read or parse_bytes(data, id_of(path), path.name)
    notes = _notes_beside(path, read)
    correction = store.overlay(sha256) if store is not None else None
    transcript = with_aliases(read, notes)
    if correction:
        transcript = apply(transcript, Overlay.model_validate_json(correction))
    return Debate(transcript, notes, path, read, data)


def debate_of_bytes(data: bytes, name: str, store: Store | None = None) -> Debate:
    """The debate in bytes that somebody sent, under a file name; nothing lies beside it.

    Raises:
        TranscriptParseError: They cannot be read as a transcript.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    read = store.transcript(sha256) if store is not None else None
    read = read or parse_bytes(data, id_of(Path(name)), name)
    return Debate(read, Annotations(), None, read, data)


def debate_on_record(store: Store, sha256: str) -> Debate:
    """A debate from the record alone, its file may be gone; read anew from its bytes where the readers changed.

    Raises:
        StoreError: It is not on record, or damaged.
    """
    identifier, data, noted = store.source_of(sha256)
    read = store.transcript(sha256)
    if read is None:
        if data is None:
            raise StoreError(f"The words of the debate {sha256[:12]} are damaged; import its file again.")
        read = parse_bytes(data, identifier)
    notes = Annotations.model_validate_json(noted) if noted else Annotations()
    correction = store.overlay(sha256)
    transcript = with_aliases(read, notes)
    if correction:
        transcript = apply(transcript, Overlay.model_validate_json(correction))
    return Debate(transcript, notes, None, read, data)


def date_of_debate(debate: Debate, name: str) -> str:
    """When a debate took place, as YYYY-MM-DD: by its file, else by the name of the file; empty where neither says."""
    return debate.transcript.date or date_of(name.replace("_", " "))


def _notes_beside(path: Path, transcript: Transcript) -> Annotations:
    beside = [path.with_name(f"{path.stem}.annotations.json")]
    if path.stem == "transcript":
        beside.append(path.with_name("annotations.json"))
    for candidate in beside:
        if candidate.is_file():
            pins.check(candidate)
            return load_annotations(candidate, transcript)
    return Annotations()


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
