"""Values of calculations as text: short enough to read, never so short that the number is lost.

>>> format_value(1234567.891, "USD bn"), format_value(0.25, "fraction")
('1,234,567.89 USD bn', '25%')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ui.words import Language, word

_SHOWN = 8  # items of a schedule that a terminal line shows; exports show all
_BLOCKS = "▁▂▃▄▅▆▇█"


def format_value(value: object, unit: str = "", language: Language = "en", *, shown: int | None = _SHOWN) -> str:
    """One value with its unit; ``shown`` caps the items of a list or table, None shows all."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return word("true" if value else "false", language)
    if isinstance(value, int | float):
        if unit == "fraction":
            return f"{_number(100 * value)}%"
        if unit.endswith(" bn") and 0 < abs(value) < 1e-4:  # a chip's price beside a company's
            return f"{_number(round(value * 1e9, 2))} {unit.removesuffix(' bn')}"
        return _number(value, grouped="year" not in unit) + (f" {unit}" if unit else "")
    if isinstance(value, Mapping):
        items = [f"{key}: {format_value(item, '', language)}" for key, item in value.items()]
        return _joined(items, unit, shown)
    if isinstance(value, Sequence) and not isinstance(value, str):
        part = unit if unit == "fraction" else ""
        return _joined([format_value(item, part, language) for item in value], "" if part else unit, shown)
    return f"{value}" + (f" {unit}" if unit else "")


def sparkline(values: Sequence[float | None], width: int = 48) -> str:
    """A line of blocks, lowest to highest; a space where there is no value. Long series are thinned out evenly."""
    if len(values) > width:
        values = [values[round(at * (len(values) - 1) / (width - 1))] for at in range(width)]
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, spread = min(known), max(known) - min(known)
    return "".join(
        " " if value is None else _BLOCKS[round((value - low) / spread * 7) if spread else 3] for value in values
    )


def _number(value: float, grouped: bool = True) -> str:
    if isinstance(value, int):
        return f"{value:,}" if grouped else str(value)
    size = abs(value)
    if size and (size < 1e-4 or size >= 1e15):
        return f"{value:.5g}"
    digits = 2 if size >= 1000 else 4 if size >= 1 else 6
    text = f"{value:,.{digits}f}" if grouped else f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") or "0"


def _joined(items: list[str], unit: str, shown: int | None) -> str:
    text = ", ".join(items if shown is None or len(items) <= shown else [*items[: shown - 1], "…", items[-1]])
    count = f" ({len(items)})" if shown is not None and len(items) > shown else ""
    return text + count + (f" {unit}" if unit else "")
