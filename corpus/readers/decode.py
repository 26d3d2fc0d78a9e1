"""Bytes of a file → its text: byte-order marks, UTF-16 without one, strict UTF-8, then the old encodings by detection.

A file is never decoded by half: what is text but damaged is refused with the line, what is no text at all is None.

    >>> decode("Ann: Ça va?".encode("utf-16")), decode("Ann: Ça va, René?".encode("cp1252")), decode(b"PK\\x03\\x04...")
    ('Ann: Ça va?', 'Ann: Ça va, René?', None)
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from corpus.errors import TranscriptParseError
from corpus.readers.language import language_of_text

MAX_LINE = 1_000_000  # characters

_MARKS = (  # UTF-32 before UTF-16, whose mark it begins with
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = (
    b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF",
    b"OggS", b"ID3", b"fLaC", b"\x1aE\xdf\xa3", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x7fELF",
    b"\xd0\xcf\x11\xe0", b"SQLite format 3",
)  # fmt: skip
# What people's files are in; the wider sibling of an encoding reads all that the narrow one does.
_OLD = ("gb18030", "big5", "cp932", "euc_jp", "cp949", "iso8859_2", "koi8_r", *(f"cp{n}" for n in range(1250, 1258)))
_WIDER = {"big5": ("cp950", "big5hkscs")}
_LATIN = {"cp1250", "cp1252", "cp1254", "cp1257", "iso8859_2"}
# Languages whose letters stand in other pages than the Western one; their plain letters already tell them.
_PAGES = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro", "sq"), ("cp1250", "iso8859_2")),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
    "tr": ("cp1254",),
}
_SAMPLE = 64_000  # bytes of lines beyond ASCII: enough to tell encodings apart
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> str | None:
    """The text of a file, without its byte-order mark; None for what is no text (archives, pictures, PDF, noise).

    Raises:
        TranscriptParseError: It is text, but damaged (with the line), holds a NUL, or a line longer than ``MAX_LINE``.
    """
    if data.startswith(_NO_TEXT):
        return None
    text = _decoded(data)
    if text is None:
        return None
    nul = text.find("\x00")
    if nul >= 0:
        raise TranscriptParseError(
            "there is a NUL character, so this is not text; save it as UTF-8 text.", _line_at(text, nul)
        )
    if not _is_data(text):
        _check_lines(text)
    return text


def _is_data(text: str) -> bool:
    """Whether a text is JSON, HTML or XML: these are often one line, and their readers count what is in it."""
    head, end = text[:50].lstrip()[:2], text[-50:].rstrip()[-1:]
    return (head[:1] == "{" and end == "}") or (head in ("[{", '["', "[[") and end == "]") or (head[:1] + end == "<>")


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if b"\x00" in data and (wide := _wide_encoding(data)):
        return _strictly(data, wide)
    if len(_CONTROL.findall(data)) > 0.02 * len(data) and len(data) > 50:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise _damaged("UTF-8", data, error) from error
    return _by_detection(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(encoding.upper(), data, error) from error


def _damaged(encoding: str, data: bytes, error: UnicodeDecodeError) -> TranscriptParseError:
    before = data[: error.start].decode(encoding, "replace")
    return TranscriptParseError(
        f"some bytes are damaged: they are not {encoding}, as the rest of the file is; save the file as UTF-8 again.",
        _line_at(before, len(before)),
    )


def _line_at(text: str, at: int) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[:at])) + 1


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: zeros stand at every second place only, and the text makes sense."""
    zeros = [data[0::2].count(0), data[1::2].count(0)]
    if len(data) % 2 or min(zeros) > 0.02 * max(zeros):
        return None
    if sum(zeros) < 0.2 * len(data) and _is_plain_utf8(data):
        return None  # a stray NUL
    encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    sample = data[:_SAMPLE].decode(encoding, "replace")
    strange = sum(unicodedata.category(c) in ("Cc", "Cn", "Co", "So") and c not in "\r\n\t" for c in sample)
    return encoding if strange <= 0.02 * len(sample) else None


def _is_plain_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 without control characters, NUL aside."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return len(_CONTROL.findall(data)) - data.count(0) <= 0.02 * len(data)


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether nearly all characters beyond ASCII are good UTF-8, which no other encoding looks like."""
    replaced = data.decode("utf-8", "replace")
    bad = replaced.count("\ufffd") - data.count("\ufffd".encode())
    good = sum(character > "\x7f" for character in replaced) - replaced.count("\ufffd")
    return good >= 3 and bad <= 0.25 * good


def _by_detection(data: bytes) -> str | None:
    """Text in an encoding from before Unicode; None where none fits."""
    from charset_normalizer import from_bytes

    sample = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:_SAMPLE]
    matches = list(from_bytes(_whole_characters(sample), cp_isolation=list(_OLD)))
    if not matches:
        return None
    encodings = [match.encoding for match in matches]
    if encodings[0] in _LATIN:  # these texts fit several pages, with wrong letters in all but one
        pages = _PAGES.get(language_of_text(sample.decode("cp1252", "replace")), ("cp1252",))
        encodings = [*(page for page in encodings if page in pages), *pages, *encodings]
    first: UnicodeDecodeError | None = None
    for encoding in encodings:
        for wider in _WIDER.get(encoding, (encoding,)):
            try:
                return data.decode(wider)
            except UnicodeDecodeError as error:
                first = first or error
    assert first is not None
    raise _damaged(first.encoding.upper(), data, first) from first


def _whole_characters(sample: bytes) -> bytes:
    """A sample that was cut, without its last line."""
    return sample[: sample.rfind(b"\n")] if len(sample) == _SAMPLE and b"\n" in sample else sample


def _check_lines(text: str) -> None:
    if len(text) <= MAX_LINE:
        return
    number = 1
    for part in text.split("\n"):
        lines = part.removesuffix("\r").split("\r")
        for offset, line in enumerate(lines):
            if len(line) > MAX_LINE:
                raise TranscriptParseError(
                    f"the line has more than {MAX_LINE:,} characters; break it into lines, or give a smaller file.",
                    number + offset,
                )
        number += len(lines)
