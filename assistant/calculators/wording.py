"""Numbers as a sentence states them, in both languages, and typed access to a calculator's outputs.

>>> money(1_400.0).zh, money(133.9).en, percent(0.1667)
('1.4万亿美元', '$133.9bn', '16.7%')
"""

from __future__ import annotations

from assistant.calculators.declaration import Bilingual, Outputs


def number(outputs: Outputs, name: str) -> float:
    """One numeric output.

    Raises:
        TypeError: the output is no number (None included); ask `given` first.
    """
    value = outputs[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"output {name!r} is {value!r}, not a number")
    return float(value)


def numbers(outputs: Outputs, name: str) -> tuple[float, ...]:
    """One list-valued output.

    Raises:
        TypeError: the output is no list of numbers.
    """
    value = outputs[name]
    if not isinstance(value, list | tuple):
        raise TypeError(f"output {name!r} is {value!r}, not a list")
    return tuple(number({name: item}, name) for item in value)


def given(outputs: Outputs, name: str) -> bool:
    """Whether an output that needs optional inputs could be computed."""
    return outputs[name] is not None


def money(usd_bn: float) -> Bilingual:
    """An amount in billions of US dollars; Chinese counts in 亿 (10⁸) and 万亿 (10¹²)."""
    size = abs(usd_bn)
    sign = "−" if usd_bn < 0 else ""
    if size >= 1000.0:
        return Bilingual(zh=f"{sign}{size / 1000:.4g}万亿美元", en=f"{sign}${size / 1000:.4g}tn")
    if size >= 0.1 or size == 0.0:
        return Bilingual(zh=f"{sign}{size * 10:.5g}亿美元", en=f"{sign}${size:.4g}bn")
    return Bilingual(zh=f"{sign}{size * 1e5:.4g}万美元", en=f"{sign}${size * 1e3:.4g}mn")


def percent(fraction: float, digits: int = 1) -> str:
    """A fraction as a percentage: 0.1667 → "16.7%"."""
    return f"{100 * fraction:.{digits}f}%"
