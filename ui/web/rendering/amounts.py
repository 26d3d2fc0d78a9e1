"""Values with their units in the reader's language: money in 亿 or in bn, "6 年" or "6 years", "2.69 倍" or "2.69×".

Knows the units that calculators and notes declare; a unit it does not know stands as it is. For reading only: what is
typed and what is exported keep the declared units.

    >>> shown(30.0, "USD bn", "zh"), shown(30.0, "USD bn", "en")
    ('300亿美元', '$30bn')
    >>> shown(6.0, "years", "zh"), shown(0.25, "fraction", "zh")
    ('6 年', '25%')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.calculators.declaration import Chart
from ui.numbers import format_value
from ui.words import Language

_ZH = {
    "USD bn": "十亿美元",
    "USD": "美元",
    "USD/h": "美元/小时",
    "USD/kWh": "美元/千瓦时",
    "USD/kW": "美元/千瓦",
    "USD/MWh": "美元/兆瓦时",
    "USD/MMBtu": "美元/百万英热",
    "USD/bbl": "美元/桶",
    "USD bn/GW": "十亿美元/GW",
    "USD bn/GW-year": "十亿美元/GW·年",
    "kW": "千瓦",
    "MMBtu/MWh": "百万英热/兆瓦时",
    "mb/d": "百万桶/日",
    "rigs": "台钻机",
    "draws": "次抽样",
    "shares bn": "十亿股",
    "years": "年",
    "year": "年",
    "calendar year": "年",
    "multiple": "倍",
    "x": "倍",
    "fraction": "比例",
    "number": "",
    "share": "",
    "companies": "家公司",
    "TWh": "太瓦时",
    "unspecified currency": "(未说币种)",
}
_EN = {"multiple": "×", "x": "×", "fraction": "fraction", "number": "", "share": "", "calendar year": ""}
_CLOSE = ("%", "×", "")  # these follow a number without a space


def unit_name(unit: str, language: Language) -> str:
    """A unit in the reader's language."""
    return (_ZH if language == "zh" else _EN).get(unit, unit)


def shown(value: object, unit: str, language: Language) -> str:
    """One value, a list or a table as a reader sees it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if unit in ("USD bn", "USD"):
            return money(float(value) * (1e9 if unit == "USD bn" else 1.0), language)
        if unit == "share":
            return f"{100 * value:.3g}%"
        value = _rounded(value) if unit == "fraction" else value
        plain = format_value(value, "fraction" if unit == "fraction" else "year" if "year" in unit else "", language)
        plain = plain.removesuffix(" year")
        name = "" if unit == "fraction" else unit_name(unit, language)
        if language == "en" and unit == "years" and value == 1:
            name = "year"
        return f"{plain}{'' if name in _CLOSE else ' '}{name}"
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        name = unit_name(unit, language)
        plain = format_value(_rounded(value), "fraction" if unit == "fraction" else "", language)
        return plain if unit == "fraction" else f"{plain} {name}".strip()
    return format_value(value, unit_name(unit, language) if isinstance(value, str) else "", language)


def _rounded(value: object) -> object:
    """The numbers of a list or a table to four digits; what has more stands in the chart's data and in the export."""
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_rounded(item) for item in value)
    return float(f"{value:.4g}") if isinstance(value, float) and abs(value) < 1000 else value


def money(dollars: float, language: Language) -> str:
    """US dollars at the size at which they are spoken of."""
    sign, size = ("−" if dollars < 0 else ""), abs(dollars)
    steps: tuple[tuple[float, str], ...] = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
    if language == "zh":
        steps = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
    scale, word = next(((s, w) for s, w in steps if size >= s * 0.99999), (1.0, ""))
    number = f"{size / scale:,.{2 if size / scale >= 10 else 4}f}".rstrip("0").rstrip(".")
    if scale == 1.0:
        number = format_value(size)
    return f"{sign}{number}{word}美元" if language == "zh" else f"{sign}${number}{word}"


def span(low: float | None, high: float | None, unit: str, language: Language) -> str:
    """A figure's range, "4–5 年"; a dash for none."""
    ends = [end for end in dict.fromkeys((low, high)) if end is not None]
    if not ends:
        return "–"
    written = [shown(end, unit, language) for end in ends]
    tail = _tail(written)
    return f"{'–'.join([*(w.removesuffix(tail) for w in written[:-1]), written[-1]])}"


def _tail(written: Sequence[str]) -> str:
    """What all of these end with and is no part of a number: the unit, said once."""
    shortest = min(written, key=len)
    at = len(shortest)
    while at and all(w.endswith(shortest[at - 1 :]) for w in written) and not shortest[at - 1].isdigit():
        at -= 1
    return shortest[at:] if len(written) > 1 else ""


def chart_in(chart: Chart, language: Language) -> Chart:
    """A chart with its values and unit as the language counts: in Chinese, money in 亿."""
    if language != "zh" or chart.unit != "USD bn":
        return chart
    series: tuple[Any, ...] = tuple(
        s.model_copy(update={"values": tuple(None if v is None else 10 * v for v in s.values)}) for s in chart.series
    )
    return chart.model_copy(update={"series": series, "unit": "亿美元"})
