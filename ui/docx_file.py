"""Our Markdown as a Word file, and the quotations of such a file back as the Markdown that ``ui.verify`` reads.

Only what our own writers produce is understood: headings, paragraphs, tables, lists and quotations of three rows.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from ui.export import escape, unescape

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BAR = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"(?<!\\)\[([^\]]*)\]\([^)]*\)")
_MARK = re.compile(r"(?<!\\)(?:\*\*|[*`])")
_TIME = re.compile(r" · \d+(?::\d\d)+$")
_RULE = re.compile(r"^\|[\s|:-]+$")


def docx_of(markdown: str) -> bytes:
    """A Word file that says what the Markdown says, in the same order."""
    from docx import Document
    from docx.shared import Pt, RGBColor

    document = Document()
    style = document.styles["Normal"]
    style.font.size = Pt(11)
    table: list[list[str]] = []
    for row in [*markdown.split("\n"), ""]:
        if row.startswith("|"):
            if not _RULE.match(row):
                table.append([_plain(cell.strip()) for cell in _BAR.split(row.strip().strip("|"))])
            continue
        if table:
            _add_table(document, table)
            table = []
        if row.startswith("#"):
            marks, _, words = row.partition(" ")
            document.add_heading(_plain(words), level=min(len(marks) - 1, 3))
        elif row.startswith(">"):
            words = row[1:].removeprefix(" ")
            if words:
                run = document.add_paragraph(style="Quote").add_run(_plain(words))
                if words.startswith("`["):
                    run.font.size, run.font.color.rgb = Pt(7), RGBColor(0x70, 0x70, 0x70)
        elif row.startswith("- "):
            document.add_paragraph(_plain(row[2:]), style="List Bullet")
        elif row.strip():
            document.add_paragraph(_plain(row))
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def quotations_of(data: bytes) -> str:
    """The quotations and the words between them of a Word file, as Markdown; "" where it is no Word file."""
    from docx import Document

    try:
        document = Document(io.BytesIO(data))
    except (ValueError, KeyError, OSError):  # what python-docx says of a damaged or another file
        return ""
    return "\n".join(_rows(document))


def _rows(document: Any) -> Iterator[str]:
    quoted: list[str] = []
    for paragraph in [*document.paragraphs, None]:
        if paragraph is not None and paragraph.style.name == "Quote":
            quoted.append(paragraph.text)
            if paragraph.text.startswith("["):  # the reference ends a quotation
                yield from _quotation(quoted)
                quoted = []
            continue
        if quoted:
            yield from _quotation(quoted)
            quoted = []
        if paragraph is not None and paragraph.text.strip():
            yield from (escape(paragraph.text), "")


def _quotation(rows: list[str]) -> Iterator[str]:
    """One quotation as an export has it; the time is left out, which the verifier allows."""
    *words, credit, reference = rows if len(rows) > 2 else [*rows, "", ""][:3]
    yield from (f"> {escape(row)}" for row in words)
    yield from (">", f"> {escape(_TIME.sub('', credit))}", ">", f"> `{reference}`", "")


def _add_table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=max(map(len, rows)), style="Light Grid Accent 1")
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=False):
            cell.text = words


def _plain(words: str) -> str:
    """Markdown as one reads it."""
    return unescape(_MARK.sub("", _LINK.sub(r"\1", words)))
