"""CalculationTrace → lines for a terminal: result first, then inputs with where each came from, equation, remarks."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.calculators.declaration import Chart
from assistant.calculators.sources import citation
from assistant.calculators.trace import SOLVED, CalculationTrace, Origin
from ui.layout import Line, Piece, line, visible
from ui.numbers import format_value, sparkline
from ui.web.rendering.wording import cited
from ui.words import Language, word

_DIM = "dim"


def origin_text(origin: Origin, language: Language) -> str:
    """Where an input came from, in words; a quoted input's words stand in curly quotes with speaker and id."""
    if origin.kind == "quote":
        who = " · ".join(part for part in (origin.speaker, origin.sentence_id) if part)
        return f"“{origin.quote}” {who}".strip()
    if origin.kind == "default":
        return word("default", language, source=cited(origin.source, language))
    if origin.kind == "carried" and origin.source == SOLVED:
        return word("solved", language)
    if origin.kind == "carried":
        detail = origin.source or origin.read
        return word("carried", language, detail=f" ({detail})" if detail else "")
    return word("user_read", language, read=origin.read) if origin.read else word("user", language)


def calculation_lines(trace: CalculationTrace, language: Language) -> Iterator[Line]:
    """The whole trace; every input and output is there."""
    yield line(Piece(visible(f"{word('calculation', language)}: {trace.title[language]}"), "bold"))
    yield line(Piece(visible(trace.summary[language]), "bold"), prefix=["  "])
    yield line(Piece(word("inputs", language), _DIM), prefix=["  "])
    for argument in trace.arguments:
        value = format_value(argument.value, argument.unit, language)
        yield line(
            visible(f"{argument.label[language]} = {value}"),
            Piece(visible(f"  ← {origin_text(argument.origin, language)}"), _DIM),
            prefix=["    "],
        )
    yield line(Piece(word("result", language), _DIM), prefix=["  "])
    for result in trace.outputs:
        style = "bold" if result.name == trace.headline else ""
        value = format_value(result.value, result.unit, language)
        yield line(Piece(visible(f"{result.label[language]} = {value}"), style), prefix=["    "])
    yield line(Piece(word("equation", language) + "  ", _DIM), visible(trace.equation), prefix=["  "])
    for note in trace.notes:
        said = f" “{note.quote}”" if note.quote else ""
        by = " · ".join(part for part in (note.speaker, note.source and citation(note.source)) if part)
        yield line(
            Piece(word(f"note_{note.kind}", language) + "  ", "bold" if note.kind == "warning" else _DIM),
            visible(f"{note.text[language]}{said}" + (f" ({by})" if by else "")),
            prefix=["  "],
        )
    for chart in trace.charts:
        yield from _chart_lines(chart, language)


def _chart_lines(chart: Chart, language: Language) -> Iterator[Line]:
    ends = f"{chart.x[0]} … {chart.x[-1]}" if chart.x else ""
    yield line(Piece(visible(f"{chart.title[language]}  ({chart.x_label[language]} {ends})"), _DIM), prefix=["  "])
    for series in chart.series:
        known = [value for value in series.values if value is not None]
        if known:
            low, high = format_value(min(known)), format_value(max(known), chart.unit, language)
            yield line(
                Piece(sparkline(series.values), "cyan"),
                visible(f"  {series.name[language]}: {low} – {high}"),
                prefix=["    "],
            )
