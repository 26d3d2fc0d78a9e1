"""A calculation as a file to take away: the workbook or its CSV, with sources spelled out and quotes found."""

from __future__ import annotations

from functools import partial
from typing import Literal, NamedTuple

from assistant.calculators.sheet import CSV, XLSX, Hooks, csv_text, sheets, xlsx
from assistant.calculators.trace import CalculationTrace
from assistant.proof import locate
from corpus.library import Debate
from ui.citation import sentence_range
from ui.web.rendering.amounts import unit_name
from ui.web.rendering.wording import cited
from ui.words import Language

SheetFormat = Literal["xlsx", "csv"]


class File(NamedTuple):
    """A file to download."""

    name: str
    media_type: str
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """What makes a browser save it under its name, and nobody keep it."""
        return {"Content-Disposition": f'attachment; filename="{self.name}"', "Cache-Control": "no-store"}


def sheet_file(trace: CalculationTrace, file_format: SheetFormat, language: Language, debate: Debate) -> File:
    """A calculation as a workbook or as CSV, in the language.

    Raises:
        CalculatorInputError: The calculation cannot be made again with today's calculators.
    """

    def place(words: str, speaker: str) -> str:
        found = locate(words, speaker, "", debate.transcript)
        return "" if found is None else sentence_range(found.sentence_ids)

    hooks = Hooks(cite=partial(cited, language=language), unit=partial(unit_name, language=language), place=place)
    made = sheets(trace, language, hooks)
    if file_format == "csv":
        return File(f"{trace.calculator}.csv", CSV, csv_text(made).encode())
    return File(f"{trace.calculator}.xlsx", XLSX, xlsx(made))
