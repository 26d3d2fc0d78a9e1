"""A finished calculation: result first, charts, inputs with where each came from, formula and remarks."""

from __future__ import annotations

from assistant.calculators.declaration import Note
from assistant.calculators.trace import Argument, CalculationTrace, Origin
from assistant.proof import locate
from corpus.library import Debate
from ui.web.rendering.amounts import shown
from ui.web.rendering.cast import Cast
from ui.web.rendering.charts import figure
from ui.web.rendering.markup import both, keeper, labelled, text
from ui.web.rendering.wording import choice, cited
from ui.words import Language


def calculation(
    trace: CalculationTrace,
    debate: Debate,
    cast: Cast,
    language: Language,
    *,
    link: str = "",
    charts: bool = True,
    files: str = "",
) -> str:
    """The whole trace as a card.

    Args:
        link: address of the calculator's panel with these inputs; "" for none.
        files: address of the calculation as a file, up to the format; "" for none.
    """
    inputs = "".join(_input(a, debate, cast, language) for a in trace.arguments)
    outputs = "".join(
        f'<tr class="{"headline" if o.name == trace.headline else ""}"><th scope="row">{text(o.label[language])}</th>'
        f"<td>{text(shown(o.value, o.unit, language))}</td></tr>"
        for o in trace.outputs
    )
    notes = "".join(_note(note, debate, cast, language) for note in trace.notes)
    drawn = "".join(figure(chart, language) for chart in trace.charts) if charts else ""
    more = f'<a class="quiet" href="{text(link)}">{both("在计算面板中调整", "Adjust in the panel")}</a>' if link else ""
    for kind, zh, en in (("xlsx", "表格 XLSX", "Spreadsheet XLSX"), ("csv", "CSV", "CSV")) if files else ():
        more += f' <a class="quiet" href="{text(files + kind)}" download>{both(zh, en)}</a>'
    return (
        f'<section class="calculation" data-calculator="{text(trace.calculator)}">'
        f"<header><h3>{both('计算', 'Calculation')} · {text(trace.title[language])}</h3>{keeper()}{more}</header>"
        f'<p class="result">{text(trace.summary[language])}</p>'
        f"{_read(trace, debate, cast, language)}"
        f'<div class="charts">{drawn}</div>'
        f"<details><summary>{both('输入与来源', 'Inputs and where they come from')}</summary>"
        f'<table class="inputs">{inputs}</table></details>'
        f"<details><summary>{both('全部结果与公式', 'All results and the formula')}</summary>"
        f'<table class="outputs">{outputs}</table><p class="equation"><code>{text(trace.equation)}</code></p></details>'
        f'<ul class="notes">{notes}</ul></section>'
    )


def _read(trace: CalculationTrace, debate: Debate, cast: Cast, language: Language) -> str:
    """What was read from the question, taken from the debate or carried over, a chip each; defaults are counted."""
    given = [a for a in trace.arguments if a.origin.kind != "default"]
    rest = len(trace.arguments) - len(given)
    chips = "".join(
        f'<li class="{a.origin.kind}"><span>{text(a.label[language])}</span> <b>{text(_value(a, language))}</b> '
        f"<small>{origin(a.origin, debate, cast, language)}</small></li>"
        for a in given
    )
    if rest:
        chips += f'<li class="default">{both(f"另有 {rest} 项用默认值", f"{rest} more by default")}</li>'
    return f'<ul class="read" {labelled("读到的输入", "What was read")}>{chips}</ul>'


def origin(source: Origin, debate: Debate, cast: Cast, language: Language) -> str:
    """Where an input came from: a quote chip, the user's words, or a labelled default with its source."""
    if source.kind == "quote":
        return said(source.quote, source.speaker, source.sentence_id, debate, cast)
    if source.kind == "default":
        return f'<span class="from default">{both("默认值", "default")}: {text(cited(source.source, language))}</span>'
    if source.kind == "carried":
        return f'<span class="from">{both("沿用上文", "carried over")} {text(source.source or source.read)}</span>'
    return f'<span class="from user">{both("您给的", "yours")}{": " + text(source.read) if source.read else ""}</span>'


def said(words: str, speaker: str, sentence_id: str, debate: Debate, cast: Cast, originator: str = "") -> str:
    """A link to the words in the transcript, with who said them; no link where they are not found."""
    found = locate(words, speaker, sentence_id, debate.transcript)
    relay = f" · {both(f'转述 {originator}', f'relaying {originator}')}" if originator else ""
    short = words if len(words) <= 42 else f"{words[:40]}…"
    label = f'{cast.shown(speaker)}{relay} <q lang="{text(cast.language)}">{text(short)}</q>'
    if found is None:
        return f'<span class="from">{label}</span>'
    turn = found.sentence_ids[0].split(".")[0]
    return f'<a class="from said {cast.css(speaker)}" href="#{turn}-{found.start}-{found.end}">{label}</a>'


def _input(argument: Argument, debate: Debate, cast: Cast, language: Language) -> str:
    return (
        f'<tr><th scope="row">{text(argument.label[language])}</th>'
        f"<td>{text(_value(argument, language))}</td>"
        f"<td>{origin(argument.origin, debate, cast, language)}</td></tr>"
    )


def _value(argument: Argument, language: Language) -> str:
    if isinstance(argument.value, str):
        return choice(argument.value)[language == "en"]
    return shown(argument.value, argument.unit, language)


def _note(note: Note, debate: Debate, cast: Cast, language: Language) -> str:
    kinds = {
        "remark": ("说明", "Note"),
        "transcript": ("辩论中说", "Said"),
        "filing": ("披露数据", "On file"),
        "warning": ("注意", "Careful"),
    }
    quoted = f" {said(note.quote, note.speaker, '', debate, cast)}" if note.quote else ""
    source = f' <span class="from">({text(cited(note.source, language))})</span>' if note.source else ""
    return f'<li class="{note.kind}"><b>{both(*kinds[note.kind])}</b> {text(note.text[language])}{quoted}{source}</li>'
