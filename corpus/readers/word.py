"""Word and OpenDocument text → turns: transcripts of Teams, Google Docs and people, with labels or a table of speakers.

Paragraphs become lines, bold words ``**bold**``, headings ``## heading``, and the grammar of labelled text decides who
speaks; a table with columns of speakers and words is read as a table. What was deleted with changes tracked is left
out, what was inserted is read.

    >>> from io import BytesIO
    >>> document, file = docx.Document(), BytesIO()
    >>> for line in ("Ann: Is it late?", "Bob: Yes.", "Ann: Oh."):
    ...     _ = document.add_paragraph(line)
    >>> document.save(file)
    >>> reading = WordDocument().read(Source(file.getvalue(), "a.docx", None))
    >>> reading.form, [turn.name for turn in reading.turns]
    ('Word document', ['Ann', 'Bob', 'Ann'])
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document

from corpus.errors import TranscriptParseError
from corpus.readers.archive import check_archive, names_in, read_entry
from corpus.readers.reading import Reading, Source
from corpus.readers.tables import turns_in_rows
from corpus.readers.utterances import Utterance, lay
from corpus.readers.xml_text import Element, attributes, local, parse

Styles = dict[str, str]  # id → name

_ZIP = b"PK\x03\x04"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DELETED = {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}instrText", f"{_W}footnoteReference"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OTHERS = (  # what else comes as a zip, and what to do with it
    ("xl/workbook.xml", "an Excel workbook", "save the sheet as CSV"),
    ("ppt/presentation.xml", "a PowerPoint presentation", "save its text"),
    ("META-INF/container.xml", "an EPUB book", "save its text"),
)
_BOLD_EDGES = re.compile(r"\*\*(\s*)(.*?)(\s*)\*\*")


class WordDocument:
    """The reader of .docx and .odt; it also knows what is no such document although it looks like one."""

    form = "Word document"

    def claims(self, source: Source) -> float:
        """0.98 for a zip with a document in it, 0.5 for another zip, which ``read`` refuses."""
        if not source.data.startswith(_ZIP):
            return 0.0
        names = names_in(source.data)
        return 0.98 if "word/document.xml" in names or _is_open_document(source.data, names) else 0.5

    def read(self, source: Source) -> Reading:
        """Read it.

        Raises:
            TranscriptParseError: It is no text document, damaged, encrypted, a bomb, or empty.
        """
        names = names_in(source.data)
        form = "OpenDocument text" if _is_open_document(source.data, names) else self.form
        for name, what, remedy in _OTHERS:
            if name in names:
                raise TranscriptParseError(f"This is {what}, which is not read; {remedy}.")
        if "word/document.xml" not in names and form == self.form:
            raise TranscriptParseError("This is a zip archive; unpack it and give the files in it.")
        check_archive(source.data, form)
        if form != self.form:
            return _read_lines(_open_document_lines(source.data), form, "")
        try:
            document = docx.Document(BytesIO(source.data))
        except Exception as error:  # python-docx lets through whatever its parts raise for a damaged file
            raise TranscriptParseError(f"The Word document is damaged ({error}); open it and save it again.") from error
        return _read_document(document)


def _is_open_document(data: bytes, names: list[str]) -> bool:
    # The type stands uncompressed at the beginning of the file, by the standard.
    return "content.xml" in names and b"application/vnd.oasis.opendocument.text" in data[:200]


def _read_document(document: Document) -> Reading:
    lines: list[str] = []
    said: list[Utterance] = []
    before = ""  # the lines above the first table of speech
    beside = 0  # characters outside tables
    title = (document.core_properties.title or "").strip()
    # Once for the document: python-docx looks through all styles for each paragraph.
    styles = {style.style_id: style.name or "" for style in document.styles}
    for block in _blocks(document.element.body):
        if block.tag == f"{_W}p":
            lines.append(_line(block, styles))
            beside += len(lines[-1])
            continue
        rows = [[_cell(cell, styles) for cell in row.iterchildren(f"{_W}tc")] for row in block.iter(f"{_W}tr")]
        turns = turns_in_rows(rows)
        if turns:
            before = before if said else "\n\n".join(lines)
            said += turns
        lines += [_row(row) for row in rows]
    if said and sum(len(turn.words) for turn in said) > 0.5 * beside:
        return _read_table(said, before, title)
    return _read_lines(lines, WordDocument.form, title)


def _read_table(said: list[Utterance], before: str, title: str) -> Reading:
    from corpus.readers.facts import head_of

    head = head_of(before)
    first = next((line.strip("# *") for line in before.split("\n") if line.strip()), "")
    return lay(WordDocument.form, said).reading(
        title=head.title or first or title,
        date=head.date,
        recording=head.recording,
        facts=head.facts,
        roles=[(name, role) for name, role in head.people if role],
    )


def _read_lines(lines: list[str], form: str, title: str) -> Reading:
    from corpus.readers.labelled import read_text

    text = "\n\n".join(line for line in lines if line.strip())
    if not text:
        raise TranscriptParseError(f"The {form} holds no text; if it shows pictures of text, save the text itself.")
    reading = read_text(text, form)
    return reading._replace(title=reading.title or title)


def _blocks(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables of a document in order, also those within content controls."""
    for child in parent.iterchildren():
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child)


def _cell(cell: Element, styles: Styles) -> str:
    lines = (_line(paragraph, styles).replace("**", "").lstrip("# ") for paragraph in cell.iter(f"{_W}p"))
    return "\n".join(line for line in lines if line.strip())


def _row(row: list[str]) -> str:
    """A row of a table that holds no column of speakers; of two cells the first may be a label."""
    cells = [cell for cell in row if cell]
    if len(cells) == 2 and len(cells[0]) <= 60 and len(cells[1]) > len(cells[0]):
        return f"{cells[0].rstrip(' :：')}: {cells[1]}"
    return "  ".join(cells)


def _line(paragraph: Element, styles: Styles) -> str:
    """The words of a paragraph: bold ones in asterisks, line breaks kept, a heading marked as one."""
    parts: list[str] = []
    for run in paragraph.iter(f"{_W}r"):
        text = _run_text(run, paragraph)
        if text:
            parts.append(
                "\n".join(f"**{line}**" if line.strip() and _is_bold(run) else line for line in text.split("\n"))
            )
    text = "".join(parts).replace("****", "").replace("\u00a0", " ")
    text = _BOLD_EDGES.sub(lambda m: f"{m[1]}**{m[2]}**{m[3]}" if m[2] else m[1] + m[3], text).strip()
    given = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style = styles.get(given.get(f"{_W}val"), "") if given is not None else ""
    is_heading = style.startswith(("Heading", "Title")) and text and "\n" not in text
    return f"{'#' if style == 'Title' else '##'} {text.replace('**', '')}" if is_heading else text


def _run_text(run: Element, paragraph: Element) -> str:
    """What a run shows; nothing where it was deleted, stands in a text box, or repeats one for older programs."""
    for parent in run.iterancestors():
        if parent is paragraph:
            break
        if parent.tag in _DELETED or parent.tag == _FALLBACK:
            return ""
    shown = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    return "".join(part.text or "" if part.tag == f"{_W}t" else shown.get(part.tag, "") for part in run.iterchildren())


def _is_bold(run: Element) -> bool:
    bold = run.find(f"{_W}rPr/{_W}b")
    return bold is not None and bold.get(f"{_W}val", "1") not in ("0", "false", "off")


def _open_document_lines(data: bytes) -> list[str]:
    """The paragraphs of OpenDocument text; bold is told by the automatic style of a span."""
    root = parse(read_entry(data, "content.xml"))
    bold = {
        attributes(style).get("name")
        for style in root.iter("{*}style")
        if any(attributes(e).get("font-weight") == "bold" for e in style)
    }
    return [
        _open_document_line(element, bold) for element in root.iter("{*}p", "{*}h") if "text:1.0" in str(element.tag)
    ]


def _open_document_line(paragraph: Element, bold: set[str | None]) -> str:
    parts = [paragraph.text or ""]
    for child in paragraph.iter("{*}*"):
        if child is paragraph:
            continue
        name = local(child)
        text = {"tab": "\t", "linebreak": "\n", "s": " "}.get(name, child.text or "")
        is_bold = name == "span" and attributes(child).get("style-name") in bold and text.strip()
        parts += [f"**{text.strip()}** " if is_bold else text, child.tail or ""]
    text = "".join(parts).strip()
    return f"## {text}" if local(paragraph) == "h" and text else text


READERS = (WordDocument(),)
