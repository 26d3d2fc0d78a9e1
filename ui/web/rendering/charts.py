"""A calculator's chart as inline SVG that follows the page's colours, with its figures as a table beneath.

Knows the five kinds of ``Chart`` and how to place numbers on axes; knows no calculator. Colours are CSS classes
(``c0``, ``c1``, …), so light, dark and forced colours are the style sheet's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from assistant.calculators.declaration import Chart
from ui.web.rendering.amounts import chart_in, shown, unit_name
from ui.web.rendering.markup import both, text
from ui.web.rendering.wording import category
from ui.words import Language

WIDTH, HEIGHT = 560, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 14, 40
_HUES = 6


class _Frame(NamedTuple):
    """Where numbers stand on the drawing, in its own units."""

    low: float
    high: float
    places: int
    x: Callable[[int], float]

    def y(self, value: float) -> float:
        """Height of a value."""
        share = (value - self.low) / (self.high - self.low)
        return round(_TOP + (1 - share) * (HEIGHT - _TOP - _BOTTOM), 2)


def figure(chart: Chart, language: Language, span: tuple[float, float] | None = None, case: str = "") -> str:
    """Title, drawing, legend and table.

    Args:
        span: as in ``drawing``.
        case: markup that names which of two cases is drawn.
    """
    chart = chart_in(chart, language)
    name = "%" if chart.unit == "fraction" else unit_name(chart.unit, language)
    unit = f" ({name})" if name else ""
    tag = f"<b>{case}</b> " if case else ""
    return (
        f'<figure class="chart" data-kind="{chart.kind}"><figcaption>{tag}{text(chart.title[language])}'
        f"<small>{text(unit)}</small></figcaption>{drawing(chart, language, span)}{_legend(chart, language)}"
        f'<details class="data"><summary>{both("数据", "Data")}</summary>{_table(chart, language)}</details></figure>'
    )


def drawing(chart: Chart, language: Language, span: tuple[float, float] | None = None) -> str:
    """The SVG alone.

    Args:
        span: ends of the value axis, so that two charts can be compared by eye; the chart's own when left out.
    """
    draw = {"line": _lines, "bar": _bars, "waterfall": _waterfall, "histogram": _histogram, "fan": _fan}[chart.kind]
    count = len(chart.x)
    if not count or not any(v is not None for s in chart.series for v in s.values):
        return f'<p class="empty">{both("没有可画的数值。", "There is nothing to draw.")}</p>'
    low, high = span or span_of(chart)
    frame = _Frame(low, high, count, _placer(chart))
    body = "".join([*_grid(frame, chart, language), *draw(chart, frame, language)])
    return (
        f'<div class="drawing" tabindex="0"><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{text(chart.title[language])}">{body}</svg></div>'
    )


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers from at or below ``low`` to at or above ``high``, about ``count`` of them.

    >>> ticks(0, 23)
    [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]
    """
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 12) for n in range(first, last + 1)]


def span_of(*charts: Chart) -> tuple[float, float]:
    """Ends of a value axis that holds all of these charts, on round numbers."""
    ends = [_extent(chart) for chart in charts if any(v is not None for s in chart.series for v in s.values)]
    marks = ticks(min(low for low, _ in ends), max(high for _, high in ends))
    return marks[0], marks[-1]


def _extent(chart: Chart) -> tuple[float, float]:
    if chart.kind == "waterfall":
        values = [end for pair in _steps(chart) for end in pair]
    else:
        values = [v for s in chart.series for v in s.values if v is not None]
    low, high = min(values), max(values)
    # Bars and areas stand on zero; a line far from zero may leave it out.
    if chart.kind != "line" or (low > 0 and low < 0.5 * high):
        low, high = min(low, 0.0), max(high, 0.0)
    return low, high


def _placer(chart: Chart) -> Callable[[int], float]:
    inner, count = WIDTH - _LEFT - _RIGHT, len(chart.x)
    numbers = [x for x in chart.x if isinstance(x, int | float)]
    if chart.kind in ("line", "fan") and len(numbers) == count and count > 1 and numbers[-1] > numbers[0]:
        first, spread = numbers[0], numbers[-1] - numbers[0]
        return lambda at: round(_LEFT + inner * (numbers[at] - first) / spread, 2)
    if chart.kind in ("line", "fan") and count > 1:
        return lambda at: round(_LEFT + inner * at / (count - 1), 2)
    return lambda at: round(_LEFT + inner * (at + 0.5) / count, 2)


def _grid(frame: _Frame, chart: Chart, language: Language) -> Iterator[str]:
    for value in ticks(frame.low, frame.high):
        if not frame.low - 1e-9 <= value <= frame.high + 1e-9:
            continue
        y = frame.y(value)
        css = "zero" if value == 0 else "grid"
        yield f'<line class="{css}" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        yield f'<text class="tick" x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{text(_short(value, chart.unit))}</text>'
    room = max((len(category(x, language)) for x in chart.x), default=1)
    shown = max(1, min(frame.places, int((WIDTH - _LEFT) / (14 + 8 * min(room, 12)))))
    step = math.ceil(frame.places / shown)
    for at in range(0, frame.places, step):
        yield (
            f'<text class="tick place" x="{frame.x(at)}" y="{HEIGHT - _BOTTOM + 16}" text-anchor="middle">'
            f"{text(_clipped(category(chart.x[at], language)))}</text>"
        )
    unit = f" ({unit_name(chart.x_unit, language)})" if chart.x_unit else ""
    yield (
        f'<text class="axis" x="{(WIDTH + _LEFT - _RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{text(chart.x_label[language])}{text(unit)}</text>"
    )


def _lines(chart: Chart, frame: _Frame, language: Language) -> Iterator[str]:
    for n, series in enumerate(chart.series):
        yield f'<path class="line c{n % _HUES}" d="{_path(series.values, frame)}"/>'
        if frame.places <= 40:
            for at, value in enumerate(series.values):
                if value is not None:
                    yield (
                        f'<circle class="dot c{n % _HUES}" cx="{frame.x(at)}" cy="{frame.y(value)}" r="3">'
                        f"{_hover(chart, series.name[language], at, value, language)}</circle>"
                    )


def _bars(chart: Chart, frame: _Frame, language: Language) -> Iterator[str]:
    slot = (WIDTH - _LEFT - _RIGHT) / frame.places
    width = max(1.0, slot * 0.8 / max(1, len(chart.series)))
    for n, series in enumerate(chart.series):
        for at, value in enumerate(series.values):
            if value is not None:
                x = frame.x(at) - slot * 0.4 + n * width
                yield _bar(x, width, 0.0, value, frame, f"c{n % _HUES}",
                           _hover(chart, series.name[language], at, value, language))  # fmt: skip


def _histogram(chart: Chart, frame: _Frame, language: Language) -> Iterator[str]:
    slot = (WIDTH - _LEFT - _RIGHT) / frame.places
    for n, series in enumerate(chart.series):
        for at, value in enumerate(series.values):
            if value:
                yield _bar(frame.x(at) - slot / 2 + 0.5, max(0.5, slot - 1), 0.0, value, frame, f"c{n % _HUES}",
                           _hover(chart, series.name[language], at, value, language))  # fmt: skip


def _steps(chart: Chart) -> list[tuple[float, float]]:
    """From where to where each bar of a waterfall reaches; the last, the total, stands on zero."""
    values = [v or 0.0 for v in chart.series[0].values]
    reached, made = 0.0, []
    for at, value in enumerate(values):
        made.append((0.0, value) if at == len(values) - 1 else (reached, reached + value))
        reached += value
    return made


def _waterfall(chart: Chart, frame: _Frame, language: Language) -> Iterator[str]:
    slot = (WIDTH - _LEFT - _RIGHT) / frame.places
    values = chart.series[0].values
    for at, (start, stop) in enumerate(_steps(chart)):
        css = "total" if at == frame.places - 1 else "gain" if stop >= start else "loss"
        hover = _hover(chart, chart.series[0].name[language], at, values[at] or 0.0, language)
        yield _bar(frame.x(at) - slot * 0.35, slot * 0.7, start, stop, frame, css, hover)


def _fan(chart: Chart, frame: _Frame, language: Language) -> Iterator[str]:
    edges = chart.series
    for at in range(len(edges) // 2):
        low, high = edges[at].values, edges[-1 - at].values
        known = [n for n in range(frame.places) if low[n] is not None and high[n] is not None]
        upper = [f"{frame.x(n)},{frame.y(high[n] or 0.0)}" for n in known]
        lower = [f"{frame.x(n)},{frame.y(low[n] or 0.0)}" for n in reversed(known)]
        yield f'<polygon class="band band{at}" points="{" ".join(upper + lower)}"/>'
    if len(edges) % 2:
        middle = edges[len(edges) // 2]
        yield f'<path class="line c0" d="{_path(middle.values, frame)}"/>'
        for at, value in enumerate(middle.values):
            if value is not None and frame.places <= 40:
                yield (
                    f'<circle class="dot c0" cx="{frame.x(at)}" cy="{frame.y(value)}" r="2.5">'
                    f"{_hover(chart, middle.name[language], at, value, language)}</circle>"
                )


def _bar(x: float, width: float, start: float, stop: float, frame: _Frame, css: str, hover: str) -> str:
    top, bottom = frame.y(max(start, stop)), frame.y(min(start, stop))
    return (
        f'<rect class="col {css}" x="{x:.2f}" y="{top}" width="{width:.2f}" height="{max(0.6, bottom - top):.2f}" rx="1.5">'
        f"{hover}</rect>"
    )


def _path(values: Sequence[float | None], frame: _Frame) -> str:
    made, pen = [], "M"
    for at, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        made.append(f"{pen}{frame.x(at)} {frame.y(value)}")
        pen = "L"
    return " ".join(made)


def _hover(chart: Chart, name: str, at: int, value: float, language: Language) -> str:
    where = category(chart.x[at], language)
    return f"<title>{text(f'{where} · {name}: {shown(value, chart.unit, language)}')}</title>"


def _legend(chart: Chart, language: Language) -> str:
    if chart.kind in ("waterfall", "histogram") or len(chart.series) < 2:
        return ""
    middle = len(chart.series) // 2
    rows = []
    for n, series in enumerate(chart.series):
        css = (
            f"c{n % _HUES}"
            if chart.kind != "fan"
            else "c0"
            if n == middle
            else f"band{min(n, len(chart.series) - 1 - n)}"
        )
        rows.append(f'<li class="{css}"><i aria-hidden="true"></i>{text(series.name[language])}</li>')
    return f'<ul class="legend">{"".join(rows)}</ul>'


def _table(chart: Chart, language: Language) -> str:
    head = "".join(f'<th scope="col">{text(s.name[language])}</th>' for s in chart.series)
    rows = []
    for at, x in enumerate(chart.x):
        cells = "".join(f"<td>{text(shown(s.values[at], chart.unit, language))}</td>" for s in chart.series)
        rows.append(f'<tr><th scope="row">{text(category(x, language))}</th>{cells}</tr>')
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">{text(chart.x_label[language])}</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _clipped(label: str) -> str:
    return label if len(label) <= 14 else f"{label[:13]}…"


def _short(value: float, unit: str) -> str:
    """An axis label: "1.2k", "40%", "−3"."""
    if unit == "fraction":
        return f"{100 * value:.4g}%".replace("-", "−")
    size = abs(value)
    for limit, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if size >= limit:
            scale = 1e3 if letter == "k" else limit
            return f"{value / scale:.4g}{letter}".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")
