"""A calculator's panel, drawn from its declaration alone: inputs with unit, range and source, and the results.

Two columns of inputs: the base case, and what if. An empty what-if input is the base's. A required input without a
default starts from the debate's figure, where the declaration names one, and else from the calculator's worked example.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from assistant.calculators.declaration import Calculator, Chart, InputField
from assistant.calculators.trace import CalculationTrace
from corpus.library import Debate
from ui.web.rendering.amounts import chart_in, shown, unit_name
from ui.web.rendering.calculation import calculation, said
from ui.web.rendering.cast import Cast
from ui.web.rendering.charts import figure, span_of
from ui.web.rendering.markup import both, labelled, pick, text
from ui.web.rendering.wording import choice, cited
from ui.words import Language


class Start(NamedTuple):
    """What an input holds before anybody touched it, and where that is from."""

    typed: str
    source_zh: str = ""
    source_en: str = ""


def chooser(calculators: Mapping[str, Calculator[Any]], chosen: str) -> str:
    """All calculators as a list to pick from."""
    options = "".join(
        f'<option value="{text(c.name)}" data-zh="{text(c.title.zh)}" data-en="{text(c.title.en)}"'
        f"{' selected' if c.name == chosen else ''}>{text(c.title.zh)}</option>"
        for c in calculators.values()
    )
    return (
        f'<label class="calc-choice"><span>{both("计算器", "Calculator")}</span>'
        f'<select id="calc-name" {labelled("计算器", "Calculator")}>{options}</select></label>'
    )


def form(
    declared: Calculator[Any], starts: Mapping[str, Start], what_if: Mapping[str, str], debate: Debate, cast: Cast
) -> str:
    """The inputs of one calculator; ``starts`` and ``what_if`` hold what is typed, by input name."""
    rows = "".join(
        _row(f, starts.get(f.name, Start("")), what_if.get(f.name, ""), debate, cast) for f in declared.fields
    )
    return (
        f'<form class="calc-form" data-calculator="{text(declared.name)}" autocomplete="off">'
        f"<h2>{both(declared.title.zh, declared.title.en)}</h2>"
        f'<p class="equation"><code>{text(declared.equation)}</code></p>'
        f'<div class="scroll" tabindex="0" role="region" {labelled("输入", "Inputs")}><table class="calc-inputs"><thead><tr><th scope="col">{both("输入", "Input")}</th>'
        f'<th scope="col">{both("基准", "Base")}</th><th scope="col">{both("如果", "What if")}</th>'
        f'<th scope="col">{both("单位与范围", "Unit and range")}</th><th scope="col">{both("来源", "Where from")}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        f'<div class="calc-tools"><button type="button" data-do="calc-link">{both("复制链接", "Copy link")}</button>'
        f'<button type="button" data-do="calc-ask">{both("就此提问", "Ask about this")}</button>'
        f'<button type="button" data-do="calc-reset">{both("恢复默认", "Reset")}</button></div></form>'
    )


def results(
    base: CalculationTrace,
    other: CalculationTrace | None,
    debate: Debate,
    cast: Cast,
    language: Language,
    *,
    files: str = "",
) -> str:
    """The base case; with a what-if, both side by side and the differences; `files` as of `calculation`."""
    if other is None:
        return calculation(base, debate, cast, language, files=files)
    rows = []
    for a, b in zip(base.outputs, other.outputs, strict=True):
        difference = ""
        if _is_number(a.value) and _is_number(b.value):
            change = float(b.value) - float(a.value)  # type: ignore[arg-type]
            share = f" ({change / abs(float(a.value)):+.1%})" if a.value else ""  # type: ignore[arg-type]
            difference = f"{'+' if change > 0 else ''}{shown(change, a.unit, language)}{share}".replace("-", "−")
        css = ' class="headline"' if a.name == base.headline else ""
        rows.append(
            f'<tr{css}><th scope="row">{text(a.label[language])}</th><td>{text(shown(a.value, a.unit, language))}</td>'
            f"<td>{text(shown(b.value, b.unit, language))}</td><td>{text(difference)}</td></tr>"
        )
    heads = "".join(
        f'<th scope="col">{both(zh, en)}</th>'
        for zh, en in (("结果", "Result"), ("基准", "Base"), ("如果", "What if"), ("差", "Change"))
    )
    cases = (both("基准", "Base"), both("如果", "What if"))
    pairs = "".join(
        f'<div class="pair">{"".join(figure(c, language, _shared(a, b, language), case) for c, case in zip((a, b), cases, strict=True))}</div>'
        for a, b in zip(base.charts, other.charts, strict=False)
    )
    return (
        f'<section class="calculation versus"><p class="result"><b>{both("基准", "Base")}</b> {text(base.summary[language])}</p>'
        f'<p class="result"><b>{both("如果", "What if")}</b> {text(other.summary[language])}</p>'
        f'<div class="scroll" tabindex="0"><table class="outputs"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
        f"{pairs}</section>{calculation(other, debate, cast, language, charts=False, files=files)}"
    )


def _shared(a: Chart, b: Chart, language: Language) -> tuple[float, float] | None:
    """One value axis for both cases where they draw the same quantity."""
    a, b = chart_in(a, language), chart_in(b, language)
    known = all(any(v is not None for s in chart.series for v in s.values) for chart in (a, b))
    return span_of(a, b) if known and (a.kind, a.unit) == (b.kind, b.unit) else None


def address(trace: CalculationTrace) -> str:
    """The link that opens the calculator's panel with the inputs of a calculation."""
    given = {f"b.{a.name}": typed(a.value) for a in trace.arguments if a.origin.kind != "default"}
    return f"#{urlencode({'calc': trace.calculator, **given})}"


def refusal(why: str, field: str, language: Language) -> str:
    """What cannot be computed and why; the page marks the input."""
    lead = pick("无法计算:", "Cannot compute: ", language)
    return f'<p class="refusal" role="alert" data-field="{text(field)}">{text(lead)}{text(why)}</p>'


def typed(value: object) -> str:
    """A value as one would type it for an input of its kind."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={typed(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], list | tuple):
            return ", ".join(f"{giver}>{taker}={typed(size)}" for giver, taker, size in value)
        return ", ".join(typed(item) for item in value)
    return str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row(field: InputField, start: Start, what_if: str, debate: Debate, cast: Cast) -> str:
    label = both(field.label.zh, field.label.en)
    base = _entry(field, "base", start.typed, field.required)
    other = _entry(field, "what", what_if, False)
    limits = ""
    if field.kind not in ("choice", "flag"):
        named = unit_name(field.unit, "zh")
        limits = both(field.allowed.zh.replace(field.unit, named) if field.unit else field.allowed.zh, field.allowed.en)
    # A range says its unit; where any number will do, the unit stands alone.
    bare = field.unit and field.unit not in field.allowed.en and field.kind != "choice"
    unit = f"<b>{both(unit_name(field.unit, 'zh'), unit_name(field.unit, 'en'))}</b> " if bare else ""
    return (
        f'<tr data-field="{text(field.name)}"><th scope="row">{label}{" *" if field.required else ""}</th><td>{base}</td><td>{other}</td>'
        f'<td class="limits">{unit}{limits}</td><td class="origin">{_sources(field, start, debate, cast)}</td></tr>'
    )


def _entry(field: InputField, case: str, value: str, required: bool) -> str:
    which = ("基准", "base") if case == "base" else ("如果", "what if")
    name = labelled(f"{field.label.zh},{which[0]}", f"{field.label.en}, {which[1]}")
    common = f'name="{text(field.name)}" data-case="{case}" {name}'
    if field.kind in ("choice", "flag"):
        options = field.options if field.kind == "choice" else ("true", "false")
        empty = '<option value="">–</option>' if case == "what" or not required else ""
        made = "".join(_option(o, o == value) for o in options)
        return f"<select {common}>{empty}{made}</select>"
    mode = 'inputmode="decimal"' if field.kind in ("number", "integer") else ""
    return (
        f'<input type="text" {common} value="{text(value)}" {mode} maxlength="2000"{" required" if required else ""}>'
    )


def _option(option: str, selected: bool) -> str:
    zh, en = choice(option)
    return (
        f'<option value="{text(option)}" data-zh="{text(zh)}" data-en="{text(en)}"{" selected" if selected else ""}>'
        f"{text(zh)}</option>"
    )


def _sources(field: InputField, start: Start, debate: Debate, cast: Cast) -> str:
    parts = []
    if field.default is not None:
        parts.append(
            f'<span class="from default">{both(cited(field.source, "zh", short=True), cited(field.source, "en", short=True))}</span>'
        )
    elif start.source_zh:
        parts.append(f'<span class="from">{both(start.source_zh, start.source_en)}</span>')
    for quoted in field.quotes:
        about = f" {both(quoted.about.zh, quoted.about.en)}" if quoted.about else ""
        value = typed(quoted.value)
        parts.append(
            f'<span class="fill"><button type="button" data-do="calc-fill" data-value="{text(value)}" '
            f"{labelled(f'填入如果列 {value}', f'Use {value} as what-if')}>{text(value)}</button>"
            f"{said(quoted.quote, quoted.speaker, '', debate, cast, quoted.originator)}{about}</span>"
        )
    return "".join(parts)
