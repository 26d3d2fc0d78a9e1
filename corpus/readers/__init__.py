"""Bytes of a file → what was said by whom: one small reader a form, the form found by content.

>>> read_source(b"WEBVTT\\n\\n00:01.000 --> 00:02.000\\n<v Ann>Hello.\\n").form
'WebVTT: voice tags'
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from corpus.errors import TranscriptParseError
from corpus.readers.decode import decode
from corpus.readers.reading import Reader, Reading, Source

# Modules of readers, those of the plainest content last; imported when a file comes, never before, and those of binary
# files, whose libraries are heavy, only when a file begins like theirs.
_MODULES = ("word", "pdf", "json_forms", "xml_forms", "html_page", "cues", "tables", "labelled")
_BEGINS = {"word": b"PK\x03\x04", "pdf": b"%PDF-"}
# First bytes of what people give by mistake, and what to do about it.
_FOREIGN = (
    (b"\x89PNG", "a picture", "give its text"),
    (b"\xff\xd8\xff", "a picture", "give its text"),
    (b"GIF8", "a picture", "give its text"),
    (b"ID3", "an MP3 recording", "transcribe it first"),
    (b"OggS", "a recording", "transcribe it first"),
    (b"fLaC", "a recording", "transcribe it first"),
    (b"RIFF", "a WAV or AVI recording", "transcribe it first"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM recording", "transcribe it first"),
    (b"{\\rtf", "a rich text (RTF) document", "save it as Word (.docx) or plain text"),
    (b"\xd0\xcf\x11\xe0", "an old Word (.doc) or Excel (.xls) document", "save it as .docx or plain text"),
    (b"SQLite format 3", "a database", "export the transcript from it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
)


def readers_for(data: bytes) -> Iterator[Reader]:
    """The readers that a file may be one for."""
    for name in _MODULES:
        if name not in _BEGINS or _BEGINS[name] in data[:1024]:
            yield from import_module(f"corpus.readers.{name}").READERS


def read_source(data: bytes, name: str = "") -> Reading:
    """Read a file by the reader that claims it most surely.

    Raises:
        TranscriptParseError: No reader knows the form, or the file is broken; says what it looks like and what to do.
    """
    for mark, what, remedy in _FOREIGN:
        if data.startswith(mark):
            raise TranscriptParseError(f"The file is {what}, not a transcript; {remedy}.")
    if data[4:8] == b"ftyp":
        raise TranscriptParseError("The file is an MP4 or M4A recording, not a transcript; transcribe it first.")
    source = Source(data, name, decode(data))
    claims = [(reader.claims(source), at, reader) for at, reader in enumerate(readers_for(data))]
    claim, _, reader = max(claims, key=lambda c: (c[0], -c[1]), default=(0.0, 0, None))
    if reader is None or claim <= 0:
        what = "is empty" if not data.strip() else "is neither text nor any document we know"
        raise TranscriptParseError(
            f"The file {what}; give a transcript as text, Markdown, WebVTT, SRT, JSON, CSV, HTML, XML, Word or PDF."
        )
    return reader.read(source)
