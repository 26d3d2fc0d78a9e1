"""The ledger of figures: every number said, whose it is, and where voices differ."""

from __future__ import annotations

from corpus.annotations import Figure
from corpus.library import Debate
from ui.ledger import conflicts
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both, labelled, text


def ledger(debate: Debate, cast: Cast) -> str:
    """Figures by quantity, those in conflict first."""
    figures = debate.notes.figures
    if not figures:
        return f'<p class="empty">{both("这份文字稿没有数字注释。", "This transcript has no notes on figures.")}</p>'
    differing = conflicts(debate)
    groups = sorted(dict.fromkeys(f.group for f in figures), key=lambda g: (g not in differing, not g))
    bodies = []
    for group in groups:
        rows = [f for f in figures if f.group == group]
        mark = f'<span class="differ">≠ {both("说法不一", "voices differ")}</span>' if group in differing else ""
        name = text(group.replace("_", " ")) if group else both("其他", "Other")
        bodies.append(
            f'<tbody data-group="{text(group)}" class="{"conflict" if group in differing else ""}">'
            f'<tr class="group"><th scope="rowgroup" colspan="4">{name} {mark}</th></tr>'
            f"{''.join(_row(f, debate, cast) for f in rows)}</tbody>"
        )
    return (
        f'<label class="only-differ"><input type="checkbox" id="only-differ"> {both("只看说法不一的", "Only where voices differ")}'
        f'</label><div class="scroll" tabindex="0" role="region" {labelled("数字账本", "Ledger of figures")}>'
        f'<table class="ledger"><thead><tr><th scope="col">{both("原话", "As said")}</th><th scope="col">{both("数值", "Value")}</th>'
        f'<th scope="col">{both("谁的数字", "Whose figure")}</th><th scope="col">{both("所指", "What it is")}</th></tr></thead>'
        f"{''.join(bodies)}</table></div>"
    )


def _row(figure: Figure, debate: Debate, cast: Cast) -> str:
    sentence = debate.transcript.sentence(figure.sentence)
    speaker = debate.transcript.speaker_of(sentence.turn_id).name
    start = sentence.start + sentence.text.find(figure.text)
    relay = both(f"转述 {figure.originator}", f"relaying {figure.originator}") if figure.originator else ""
    return (
        f'<tr><td><a class="said {cast.css(speaker)}" href="#{sentence.turn_id}-{start}-{start + len(figure.text)}">'
        f'<q lang="zh">{text(figure.text)}</q></a></td><td>{text(_amount(figure))}</td>'
        f"<td>{cast.name(speaker)} {relay}</td><td>{both(figure.what_zh, figure.what_en)}</td></tr>"
    )


def _amount(figure: Figure) -> str:
    if figure.low is None and figure.high is None:
        return "–"
    grouped = "," if "year" not in figure.unit else ""
    ends = [f"{end:{grouped}.10g}" for end in dict.fromkeys((figure.low, figure.high)) if end is not None]
    return f"{'–'.join(ends)} {figure.unit}".strip()
