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
    if size >= 1e-4:
        return Bilingual(zh=f"{sign}{size * 1e5:.4g}万美元", en=f"{sign}${size * 1e3:.4g}mn")
    dollars = f"{size * 1e9:,.2f}".removesuffix(".00")
    return Bilingual(zh=f"{sign}{dollars}美元", en=f"{sign}${dollars}")


def percent(fraction: float, digits: int = 1) -> str:
    """A fraction as a percentage: 0.1667 → "16.7%"."""
    return f"{100 * fraction:.{digits}f}%"


_SIGNS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$"}
_NAMES = {"USD": "美元", "CNY": "元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元"}
# unit → (how Chinese writes it, how English writes it)
_WRITTEN = {
    "GW": ("吉瓦", "GW"),
    "MW": ("兆瓦", "MW"), "kW": ("千瓦", "kW"), "TWh": ("太瓦时", "TWh"), "GWh": ("吉瓦时", "GWh"),
    "MWh": ("兆瓦时", "MWh"), "kWh": ("度", "kWh"), "years": ("年", "years"), "months": ("个月", "months"),
    "quarters": ("个季度", "quarters"), "multiple": ("倍", "×"), "rigs": ("台钻机", "rigs"), "%": ("%", "%"),
    "mb/d": ("百万桶/日", "mb/d"), "shares": ("股", "shares"), "hours": ("小时", "hours"), "": ("", ""),
    "number": ("", ""),
}  # fmt: skip


def stated(value: object, unit: str) -> Bilingual:
    """A value with its unit as a sentence states it, money in its currency; what is no number stands as it is."""
    if isinstance(value, list | tuple):
        parts = [stated(item, unit) for item in value]
        return Bilingual(zh="、".join(p.zh for p in parts), en=", ".join(p.en for p in parts))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Bilingual(zh=str(value), en=str(value))
    if unit == "fraction":
        text = f"{100 * value:.4g}%" if abs(value) < 1e4 else f"{100 * value:,.0f}%"
        return Bilingual(zh=text, en=text)
    currency, _, rest = unit.partition(" ")
    if rest == "bn" and currency in _SIGNS:
        text_ = money(value)
        return Bilingual(zh=text_.zh.replace("美元", _NAMES[currency]), en=text_.en.replace("$", _SIGNS[currency]))
    return _in_words(float(value), unit)


def _in_words(value: float, unit: str) -> Bilingual:
    size = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    currency = unit[:3]
    if currency in _SIGNS:
        per = unit[3:].replace(" bn", "bn", 1)
        sign, amount = ("−" if value < 0 else ""), size.lstrip("-")
        return Bilingual(zh=f"{sign}{amount}{_NAMES[currency]}{per}", en=f"{sign}{_SIGNS[currency]}{amount}{per}")
    zh, en = _WRITTEN.get(unit, (unit, unit))
    joined = "" if en in ("×", "%", "") else " "
    return Bilingual(zh=f"{size}{'' if zh in ('倍', '%', '') else ' '}{zh}", en=f"{size}{joined}{en}")
