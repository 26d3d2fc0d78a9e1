"""PDF → the text on its pages, without what belongs to the page: running heads, page and line numbers, broken words.

The grammar of labelled text decides who speaks. Pages of court transcripts, whose lines are numbered at the margin, are
read by the places of the words on the page; others in the order in which they were written, which keeps columns apart.
Knows nothing of pictures: a scanned page has no text.

    >>> pages = [["12", "Ann: The infor-", "mation is late."], ["13", "Bob: Yes."], ["14", "Ann: Oh."]]
    >>> text_of_pages(pages)
    'Ann: The information\\nis late.\\nBob: Yes.\\nAnn: Oh.'
"""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from corpus.errors import TranscriptParseError
from corpus.readers.reading import Reading, Source
from corpus.types import Doubt

MAX_PAGES = 3000
MAX_PAGE_BYTES = 16 * 1024 * 1024  # of drawing instructions
PAGE_SECONDS = 5.0  # processor time to read one page, which takes some hundredths of a second
_EDGE = 3  # lines at the top and at the bottom of a page among which running heads are looked for
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}:\d{2}(?::\d{2})?\s+)?(?P<number>\d{1,2})(?:\s+(?P<rest>\S.*)|\s*)$")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|seite|p\.|pág(?:ina)?\.?|第)?\s*\d{1,4}\s*(?:页|頁|ページ|(?:of|von|de|/|sur)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"^\s*[QA][.:]?\s|[?!]\W*$")
_REFERENCE = re.compile(r"\b\d{1,4}:\d{1,2}(?:[,;\s]|$)")
_BROKEN = re.compile(r"(?P<first>[^\W\d_]{2,})-\n[ \t]*(?P<second>[^\W\d_A-ZÀ-Þ][^\W\d_]*)(?P<mark>[^\s\w]*)[ \t]*\n?")
_TITLE_OF_FILE = re.compile(r"\.\w{2,4}$|^Microsoft Word|^untitled|^\W*$|^[\w-]+$", re.IGNORECASE)


class Pdf:
    """The reader of PDF."""

    form = "PDF"

    def claims(self, source: Source) -> float:
        """0.99 where the file begins as every PDF does."""
        return 0.99 if b"%PDF-" in source.data[:1024] else 0.0

    def read(self, source: Source) -> Reading:
        """Read it.

        Raises:
            TranscriptParseError: It is damaged, encrypted, a bomb, has too many pages, or no text on them.
        """
        from corpus.readers.labelled import read_text

        with _Complaints() as complaints:
            reader = _opened(source.data)
            pages = list(_pages(reader))
        text = text_of_pages(pages)
        if not re.search(r"\w", text):
            raise TranscriptParseError(
                "The PDF holds pictures of pages and no text; let a text recognition (OCR) read it first."
            )
        reading = read_text(text, self.form)
        if complaints.lost:
            why = f"The PDF is damaged in places ({complaints.lost}); words may be missing."
            reading = reading._replace(doubts=(*reading.doubts, Doubt(line=0, why=why)))
        return reading._replace(title=reading.title or _title(reader))


class _Complaints(logging.Handler):
    """pypdf repairs what it can and writes to its log what it could not read: that is the reader's to know."""

    _LOST = re.compile(r"error|skipped|exceeded|could not", re.IGNORECASE)

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lost = ""

    def __enter__(self) -> _Complaints:
        self.log = logging.getLogger("pypdf")
        self.propagated, self.log.propagate = self.log.propagate, False
        self.log.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.log.removeHandler(self)
        self.log.propagate = self.propagated

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first complaint about something that could not be read."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # some of its messages do not fit their arguments
            message = str(record.msg)
        if not self.lost and self._LOST.search(message):
            self.lost = message.split("\n")[0][:100].rstrip(". ")


def _opened(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise TranscriptParseError("The PDF is encrypted; save it without a password.")
        # The declared number first: to count them, all pages would have to be read.
        root: Any = reader.trailer["/Root"]
        count = max(int(root["/Pages"].get("/Count", 0)), 0)
        if count > MAX_PAGES or len(reader.pages) > MAX_PAGES:
            raise TranscriptParseError(f"The PDF has more than {MAX_PAGES:,} pages; split it.")
        return reader
    except TranscriptParseError:
        raise
    except (DependencyError, FileNotDecryptedError) as error:
        raise TranscriptParseError("The PDF is encrypted; save it without a password.") from error
    except Exception as error:  # pypdf lets through whatever its parts raise for a damaged file
        raise TranscriptParseError(f"The PDF is damaged ({_short(error)}); open it and save it again.") from error


def _short(error: Exception) -> str:
    return str(error).split("\n")[0][:100].rstrip(". ") or type(error).__name__


class _TooLongError(Exception):
    """A page takes longer to read than any page of text does."""


def _pages(reader: PdfReader) -> Iterator[list[str]]:
    """The lines of each page, by place where the lines are numbered."""
    ends = time.thread_time() + 2 * PAGE_SECONDS + 0.5 * len(reader.pages)
    by_place: bool | None = None
    for number, page in enumerate(reader.pages, start=1):
        try:
            lines = _lines(_written(page, min(ends, time.thread_time() + PAGE_SECONDS)))
            if _line_numbers(lines) and by_place is not False:
                placed = _lines(page.extract_text(extraction_mode="layout"))
                by_place = bool(_line_numbers(placed))
                lines = placed if by_place else lines
        except _TooLongError:
            raise TranscriptParseError(
                f"Page {number} of the PDF takes longer to read than a page of text can; print the text alone to PDF."
            ) from None
        except RecursionError:
            raise TranscriptParseError(
                f"Page {number} of the PDF is nested too deeply; print it to PDF again."
            ) from None
        except Exception as error:  # as above
            raise TranscriptParseError(
                f"Page {number} of the PDF is damaged ({_short(error)}); open it and save it again."
            ) from error
        yield lines


def _written(page: PageObject, ends: float) -> str:
    def watch(*_: object) -> None:
        if time.thread_time() > ends:
            raise _TooLongError

    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > MAX_PAGE_BYTES:
        raise _TooLongError
    return page.extract_text(visitor_operand_before=watch)


def _lines(text: str) -> list[str]:
    lines = re.split(r"\r\n|[\r\n\f\v\x85\u2028]", text.replace("\u00a0", " "))
    return [line.rstrip() for line in lines if line.strip()]


def _title(reader: PdfReader) -> str:
    try:
        title = str((reader.metadata.title if reader.metadata else "") or "").strip()
    except PyPdfError:
        return ""
    return "" if _TITLE_OF_FILE.search(title) else title[:300]


def text_of_pages(pages: Sequence[Sequence[str]]) -> str:
    """The lines of all pages without what belongs to the page, as one text."""
    numbered = [_line_numbers(lines) for lines in pages]
    if sum(map(bool, numbered)) > 0.5 * len(pages):
        kept = [_without_line_numbers(lines, found) for lines, found in zip(pages, numbered, strict=True)]
        while kept and _is_index(kept[-1]):
            kept.pop()
    else:
        kept = [list(lines) for lines in pages]
    return _rejoined([line for lines in _without_heads(kept) for line in lines])


def _line_numbers(lines: Sequence[str]) -> dict[int, str]:
    """Place of each numbered line → what stands behind its number; empty where lines are not numbered from 1."""
    found: dict[int, str] = {}
    expected = 1
    for place, line in enumerate(lines):
        match = _NUMBERED.match(line)
        if match and int(match["number"]) == expected:
            found[place] = _indent_of(line, match) + (match["rest"] or "")
            expected += 1
    return found if len(found) >= 10 and len(found) >= 0.3 * len(lines) else {}


def _indent_of(line: str, match: re.Match[str]) -> str:
    """The white space between number and words: a new paragraph or a label stands further right."""
    return " " * max(match.start("rest") - match.end("number") - 1, 0) if match["rest"] else ""


def _without_line_numbers(lines: Sequence[str], found: dict[int, str]) -> list[str]:
    return [rest for place, line in enumerate(lines) if (rest := found.get(place, line)).strip()]


def _is_index(lines: Sequence[str]) -> bool:
    """Whether a page is of the index of words at the end of a court transcript: "abide 12:4 15:7"."""
    return bool(lines) and sum(1 for line in lines if _REFERENCE.search(line)) > 0.6 * len(lines)


def _without_heads(pages: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Pages without page numbers, and without the lines that stand at the edge of many pages."""
    tops = Counter(shape for lines in pages for shape in set(map(_shape, lines[:_EDGE])))
    feet = Counter(shape for lines in pages for shape in set(map(_shape, lines[-_EDGE:])))
    # Left and right pages may have heads of their own: each on nearly half of the pages.
    often = max(3, 0.4 * len(pages))
    for lines in pages:
        start, end = 0, len(lines)
        while start < min(_EDGE, end) and _is_edge(lines[start], tops, often):
            start += 1
        while end > max(start, len(lines) - _EDGE) and _is_edge(lines[end - 1], feet, often):
            end -= 1
        yield list(lines[start:end])


def _is_edge(line: str, times: Counter[str], often: float) -> bool:
    shape = _shape(line)
    return bool(_PAGE_NUMBER.match(line)) or bool(shape and times[shape] >= often)


def _shape(line: str) -> str:
    """What is the same of a running head on all pages; nothing for a question or an answer."""
    return "" if _SPOKEN.search(line) else re.sub(r"\d+", "#", " ".join(line.split())).casefold()


def _rejoined(lines: Sequence[str]) -> str:
    """The text with words that were broken at the end of a line made whole; hyphened where they are so elsewhere."""
    text = "\n".join(lines).replace("\u00ad\n", "-\n").replace("\u00ad", "")
    known = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))

    def whole(match: re.Match[str]) -> str:
        first, second = match["first"], match["second"]
        plain, hyphened = f"{first}{second}", f"{first}-{second}"
        keeps = known[hyphened.casefold()] > known[plain.casefold()]
        return f"{hyphened if keeps else plain}{match['mark']}\n"

    broken = re.compile(
        r"(?P<first>[^\W\d_]{2,})-\n[ \t]*(?P<second>[^\W\d_A-ZÀ-Þ][^\W\d_]*)(?P<mark>[^\s\w]*)[ \t]*\n?"
    )
    return broken.sub(whole, text).strip("\n")


READERS = (Pdf(),)
