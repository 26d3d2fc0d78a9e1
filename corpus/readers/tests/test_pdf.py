"""PDF: what belongs to the page is nobody's words, and what is no page of text is refused at once."""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from corpus.errors import TranscriptParseError
from corpus.readers import pdf
from corpus.readers.pdf import Pdf, text_of_pages
from corpus.readers.reading import Reading, Source

Placed = tuple[float, float, str]  # x and y in points from the lower left corner, words


def shown(words: Sequence[Placed]) -> bytes:
    lines = []
    for x, y, text in words:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        lines.append(f"BT /F1 10 Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET")
    return "\n".join(lines).encode("cp1252")


def written(contents: Sequence[bytes], forms: Sequence[bytes] = ()) -> bytes:
    """A PDF with these streams as its pages, in Courier; ``forms`` are objects that a page may draw as /X0, /X1 …"""
    first_form = 4 + 2 * len(contents)
    drawn = " ".join(f"/X{n} {first_form + n} 0 R" for n in range(len(forms)))
    resources = f"/Resources << /Font << /F1 3 0 R >> /XObject << {drawn} >> >>"
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(contents):
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {resources} /Contents {5 + 2 * number} 0 R >>"
        packed = zlib.compress(content, 9)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects += [page.encode(), head + packed + b"\nendstream"]
    for form in forms:
        start = f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources} /Length {len(form)} >>\nstream\n"
        objects.append(start.encode() + form + b"\nendstream")
    file = BytesIO(b"%PDF-1.4\n")
    file.seek(0, 2)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(file.tell())
        file.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
    table = file.tell()
    file.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    file.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    file.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF".encode())
    return file.getvalue()


def pages_of(pages: Sequence[Sequence[str]]) -> bytes:
    return written([shown([(72, 740 - 14 * at, line) for at, line in enumerate(lines)]) for lines in pages])


def read(data: bytes) -> Reading:
    assert Pdf().claims(Source(data, "a", None)) > 0.9
    return Pdf().read(Source(data, "a", None))


def said(reading: Reading) -> list[tuple[str | None, str]]:
    return [
        (turn.name, " ".join(reading.raw[p.start : p.end] for part in turn.paragraphs for p in part))
        for turn in reading.turns
    ]


def test_running_heads_page_numbers_and_broken_words() -> None:
    reading = read(
        pages_of(
            [
                [
                    "Council of Lodz",
                    "4 March 2025",
                    "Ann Lee: The ferry is late, and the infor-",
                    "mation is later. We vote",
                ],
                [
                    "Council of Lodz",
                    "on it today.",
                    "Bob Ray: It is a ten-year plan, and it costs",
                    "4 million.",
                    "Page 2 of 4",
                ],
                ["Council of Lodz", "Ann Lee: A ten-", "year plan?", "Page 3 of 4"],
                ["Council of Lodz", "Bob Ray: Yes.", "Page 4 of 4"],
            ]
        )
    )
    assert said(reading) == [
        ("Ann Lee", "The ferry is late, and the information is later. We vote on it today."),
        ("Bob Ray", "It is a ten-year plan, and it costs 4 million."),
        ("Ann Lee", "A ten-year plan?"),
        ("Bob Ray", "Yes."),
    ]
    assert reading.form == "PDF"


def test_line_numbers_at_the_margin_that_were_written_apart() -> None:
    lines = [
        "Q.  Where were you when",
        "the crane fell?",
        "A.  Outside, with Mr. Dunn.",
        "MS. LEE:  Objection.",
        "A.  I was there.",
    ]
    pages = []
    for page in range(3):
        numbers = [(40.0, 700.0 - 20 * at, f"{at + 1}") for at in range(25)]
        words = [(90.0, 700.0 - 20 * at, lines[at % 5]) for at in range(25)]
        pages.append(shown([*numbers, *words, (300.0, 60.0, str(page + 1))]))
    index = shown([(90.0, 700.0 - 20 * at, f"crane {at + 1}:4 2:{at + 1}") for at in range(25)])
    reading = read(written([*pages, index]))
    assert [name for name, _ in said(reading)][:4] == ["Q", "A", "MS. LEE", "A"]
    assert said(reading)[0][1] == "Where were you when the crane fell?"
    assert len(reading.turns) == 60
    assert not any("2:" in words or "crane 1" in words for _, words in said(reading))


def test_short_answers_at_the_edges_of_pages_are_no_running_heads() -> None:
    pages = [
        ["A. Yes.", f"Q. Is it {n}?", "A. No.", f"Q. Or {n + 1}?"] if n % 4 else ["A. No.", "Q. Why?"]
        for n in range(12)
    ]
    kept = text_of_pages(pages)
    assert kept.count("Q. Is it") == 9
    pages = [[f"Q. Is it {n}?", "A. Yes.", "Q. Sure?"] for n in range(3)] + [
        ["Q. Where?", "A. There."] for _ in range(7)
    ]
    assert text_of_pages(pages).count("A. Yes.") == 3


def test_numbered_points_of_a_speech_stay() -> None:
    lines = ["Ann: I have points.", *(f"{n} point of mine" for n in range(1, 9)), *("and so on" for _ in range(9))]
    assert "3 point of mine" in text_of_pages([lines, lines])


def test_words_that_a_damaged_part_has_lost_are_a_doubt() -> None:
    data = bytearray(pages_of([["Ann: Yes.", "Bob: No."], ["Ann: Oh.", "Bob: Well, that is how it is."]]))
    at = data.rindex(b"stream\nx\xda") + 9
    data[at : at + 8] = b"\xff" * 8
    assert any("words may be missing" in doubt.why for doubt in read(bytes(data)).doubts)


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pages_of([["Ann: Yes.", "Bob: No."]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pages_of([["Ann: Yes.", "Bob: No.", "Ann: Oh."]]))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    assert [name for name, _ in said(read(file.getvalue()))] == ["Ann", "Bob", "Ann"]


@pytest.mark.parametrize(
    "data",
    [written([b"(ab) Tj 9 0 0 9 1 1 cm\n" * 50_000]), written([b"/X0 Do " * 3000], [b"/X1 Do " * 100, b"(ha) Tj"])],
)
@pytest.mark.slow
def test_a_page_that_takes_too_long_is_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PAGE_SECONDS", 0.1)
    with pytest.raises(TranscriptParseError, match=r"Page 1 of the PDF takes longer"):
        read(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (encrypted(), "is encrypted; save it without a password"),
        (written([b""] * 3001), "more than 3,000 pages"),
        (pages_of([["Ann: Yes."]]).replace(b"/Count 1", b"/Count 999999999"), "more than 3,000 pages"),
        (written([b"0 0 m 9 9 l S"]), "pictures of pages and no text"),
        (b"%PDF-1.7\nnothing", "is damaged"),
        (written([b"BT /F1 9 Tf (ab) Tj ET\n" * 3_000_000]), "Page 1 of the PDF"),
    ],
)
def test_bombs_and_what_is_no_text_are_refused_at_once(data: bytes, why: str) -> None:
    started = time.thread_time()
    with pytest.raises(TranscriptParseError, match=why):
        read(data)
    assert time.thread_time() - started < 12


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("ab c.?é", min_size=1, max_size=40), min_size=3, max_size=9), st.integers(2, 4))
def test_known_turns_read_back(words: list[str], per_page: int) -> None:
    turns = [
        (("Ann Lee", "Bob Ray")[at % 2], " ".join(f"So {'abcdefghi'[at]} {text}x.".split()))
        for at, text in enumerate(words)
    ]
    lines = [f"{name}: {text}" for name, text in turns]
    pages = [["Council of Lodz", *lines[at : at + per_page], f"- {at} -"] for at in range(0, len(lines), per_page)]
    if len(pages) < 3:
        pages = [page[1:] for page in pages]
    assert said(read(pages_of(pages))) == turns
