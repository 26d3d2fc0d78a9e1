"""Word documents: what a reader of the document sees, with its labels; bombs and other Office files are refused."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.readers.archive import check_archive
from corpus.readers.reading import Reading, Source
from corpus.readers.word import WordDocument

CASES = Path(__file__).parents[2] / "tests" / "cases"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(data: bytes) -> Reading:
    assert WordDocument().claims(Source(data, "a", None)) >= 0.5
    return WordDocument().read(Source(data, "a", None))


def saved(document: Document) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def said(reading: Reading) -> list[tuple[str | None, str]]:
    return [
        (turn.name, "|".join(" ".join(reading.raw[p.start : p.end] for p in part) for part in turn.paragraphs))
        for turn in reading.turns
    ]


def with_body(body: str) -> bytes:
    """A document with this XML in its body."""
    data = BytesIO(saved(docx.Document()))
    made = BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry == "word/document.xml":
                content = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()
            new.writestr(entry, content)
    return made.getvalue()


def archive(**files: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


def test_teams_name_and_time_in_a_paragraph() -> None:
    reading = read((CASES / "38-teams.docx").read_bytes())
    assert said(reading) == [
        ("Hana Sato", "Welcome to the co-op's meeting on the solar field."),
        ("Leo Brandt", "The field pays back in eleven years."),
        ("Mira Costa", "The inverter has to be replaced after nine."),
        ("Hana Sato", "Leo, is the inverter in your budget?"),
        ("Leo Brandt", "No, it is not."),
    ]
    assert [turn.seconds for turn in reading.turns] == [0.0, 8.0, 21.0, 35.0, 39.0]
    assert reading.date == "2025-03-04"


def test_bold_labels_and_headings() -> None:
    document = docx.Document()
    document.add_heading("Bridge or tunnel", 0)
    for name, words in (("Ann Lee", "Is it late here?"), ("Bob Ray", "It is."), ("Ann Lee", "Oh.")):
        paragraph = document.add_paragraph()
        paragraph.add_run(name).bold = True
        paragraph.add_run(":").bold = True
        paragraph.add_run(f" {words}")
        document.add_paragraph("And more." if name == "Bob Ray" else "")
    reading = read(saved(document))
    assert said(reading) == [("Ann Lee", "Is it late here?"), ("Bob Ray", "It is.|And more."), ("Ann Lee", "Oh.")]
    assert reading.title == "Bridge or tunnel"


def test_table_with_a_column_of_speakers() -> None:
    document = docx.Document()
    document.add_paragraph("Council of Lodz")
    document.add_paragraph("Date: 4 March 2025")
    table = document.add_table(0, 3)
    for row in (("Time", "Speaker", "Words"), ("0:01", "Ann", "Is it late here?"), ("1:05", "Bob", "It is.")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    reading = read(saved(document))
    assert said(reading) == [("Ann", "Is it late here?"), ("Bob", "It is.")]
    assert [turn.seconds for turn in reading.turns] == [1.0, 65.0]
    assert (reading.title, reading.date) == ("Council of Lodz", "2025-03-04")


def test_table_of_two_columns_without_heading() -> None:
    document = docx.Document()
    table = document.add_table(0, 2)
    for row in (("Ann:", "Is it late here?"), ("Bob:", "It is, it is."), ("Ann:", "Oh, is it really?")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert [name for name, _ in said(read(saved(document)))] == ["Ann", "Bob", "Ann"]


def test_inserted_words_are_read_and_deleted_ones_are_not() -> None:
    changed = (
        "<w:p><w:r><w:t>Ann: It costs </w:t></w:r><w:del><w:r><w:delText>4</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>5</w:t></w:r></w:ins><w:r><w:t xml:space='preserve'> million.</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Bob: No.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>Ann: Yes.</w:t></w:r></w:p>"
    )
    assert said(read(with_body(changed)))[:2] == [("Ann", "It costs 5 million."), ("Bob", "No.")]


def test_open_document_text() -> None:
    text = "".join(
        f"<text:p>{line}</text:p>"
        for line in ("Ann: Is<text:s/>it <text:span>late</text:span>?", "Bob: Yes.", "Ann: Oh.")
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        f'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{text}</office:document-content>'
    )
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        new.writestr("content.xml", content)
    reading = read(made.getvalue())
    assert reading.form.startswith("OpenDocument text")
    assert said(reading) == [("Ann", "Is it late?"), ("Bob", "Yes."), ("Ann", "Oh.")]


def lying_zip() -> bytes:
    """A part of 80 MB that says of itself that it has 100 bytes."""
    data = bytearray(archive(word__document_xml=b"<a>" + b" " * 80_000_000 + b"</a>"))
    size = (80_000_007).to_bytes(4, "little")
    return bytes(data).replace(size, (100).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (archive(word__document_xml=b" " * 70_000_000), "unpacks to more than 64 MB"),
        (archive(word__document_xml=b"<a/>" * 3_500_000), "unpacks to more than 64 MB, or to millions"),
        (lying_zip(), "damaged|unpacks"),
        (archive(word__document_xml=b"<a/>"), "is damaged"),
        (saved(docx.Document())[:3000], "zip archive|damaged"),
        (saved(docx.Document()), "holds no text"),
        (archive(xl__workbook_xml=b"<a/>"), "Excel workbook, which is not read; save the sheet as CSV"),
        (archive(ppt__presentation_xml=b"<a/>"), "PowerPoint"),
        (archive(a_txt=b"Ann: Yes."), "zip archive; unpack it"),
    ],
)
def test_bombs_and_other_archives_are_refused_at_once(data: bytes, why: str) -> None:
    started = time.monotonic()
    with pytest.raises(TranscriptParseError, match=why):
        read(data)
    assert time.monotonic() - started < 5


def test_an_encrypted_entry_is_refused_in_a_sentence() -> None:
    data = bytearray(archive(word__document_xml=b"<a/>"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    with pytest.raises(TranscriptParseError, match="encrypted"):
        check_archive(bytes(data), "Word document")


NAMES = st.sampled_from(["Ann Lee", "Bob Ray"])
WORDS = st.text("ab c.?é周", min_size=1, max_size=30).map(lambda text: " ".join(f"So {text}x.".split()))


@settings(max_examples=20, deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=8), st.booleans())
def test_known_turns_read_back(words: list[str], is_bold: bool) -> None:
    document = docx.Document()
    turns = [(("Ann Lee", "Bob Ray")[at % 2], text) for at, text in enumerate(words)]
    for name, text in turns:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = is_bold
        paragraph.add_run(text)
    assert said(read(saved(document))) == turns
