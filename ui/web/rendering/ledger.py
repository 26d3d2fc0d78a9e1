"""The ledger of figures: every number said, whose it is, and where voices differ.

Figures that contradict one another stand first, together; the others stand under the topic they were said on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus.annotations import Figure
from corpus.library import Debate
from ui.ledger import conflicts
from ui.web.rendering.amounts import span
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both, keeper, labelled, text


def ledger(debate: Debate, cast: Cast) -> str:
    """Figures by quantity, those in conflict first."""
    figures = debate.notes.figures
    if not figures:
        return f'<p class="empty">{both("这份文字稿没有数字注释。", "This transcript has no notes on figures.")}</p>'
    differing = conflicts(debate)
    mark = f'<span class="differ">≠ {both("说法不一", "voices differ")}</span>'
    bodies = []
    for group in dict.fromkeys(f.group for f in figures if f.group in differing):
        rows = [f for f in figures if f.group == group]
        bodies.append(_body(f"{_title(_topic(rows, debate), debate)} {mark}", rows, debate, cast, conflict=True))
    others = [f for f in figures if f.group not in differing]
    for topic in [*(t.id for t in debate.notes.topics), ""]:
        rows = [f for f in others if _topic([f], debate) == topic]
        if rows:
            bodies.append(_body(_title(topic, debate), rows, debate, cast))
    return (
        f'<label class="only-differ"><input type="checkbox" id="only-differ"> {both("只看说法不一的", "Only where voices differ")}'
        f'</label><div class="scroll" tabindex="0" role="region" {labelled("数字账本", "Ledger of figures")}>'
        f'<table class="ledger"><thead><tr><th scope="col">{both("原话", "As said")}</th><th scope="col">{both("数值", "Value")}</th>'
        f'<th scope="col">{both("谁的数字", "Whose figure")}</th><th scope="col">{both("所指", "What it is")}</th></tr></thead>'
        f"{''.join(bodies)}</table></div>"
    )


def _topic(figures: Sequence[Figure], debate: Debate) -> str:
    """The topic under which most of these were said, "" for none."""
    filed = Counter(t for f in figures for t in debate.notes.note(f.sentence).topics)
    return filed.most_common(1)[0][0] if filed else ""


def _title(topic_id: str, debate: Debate) -> str:
    topic = next((t for t in debate.notes.topics if t.id == topic_id), None)
    return both(topic.zh, topic.en) if topic else both("其他", "Other")


def _body(title: str, rows: Sequence[Figure], debate: Debate, cast: Cast, *, conflict: bool = False) -> str:
    return (
        f'<tbody class="{"conflict" if conflict else ""}"><tr class="group"><th scope="rowgroup" colspan="4">{title}</th></tr>'
        f"{''.join(_row(f, debate, cast) for f in rows)}</tbody>"
    )


def _row(figure: Figure, debate: Debate, cast: Cast) -> str:
    sentence = debate.transcript.sentence(figure.sentence)
    speaker = debate.transcript.speaker_of(sentence.turn_id).name
    start = sentence.start + sentence.text.find(figure.text)
    relay = both(f"转述 {figure.originator}", f"relaying {figure.originator}") if figure.originator else ""
    zh, en = span(figure.low, figure.high, figure.unit, "zh"), span(figure.low, figure.high, figure.unit, "en")
    amount = text(zh) if zh == en else both(zh, en)
    return (
        f'<tr><td><a class="said {cast.css(speaker)}" href="#{sentence.turn_id}-{start}-{start + len(figure.text)}">'
        f'<q lang="{text(cast.language)}">{text(figure.text)}</q></a></td><td>{amount}</td>'
        f"<td>{cast.name(speaker)} {relay}</td><td>{both(figure.what_zh, figure.what_en)} "
        f'<span data-sentences="{text(figure.sentence)}" data-zh-label="{text(figure.what_zh)}" '
        f'data-en-label="{text(figure.what_en)}">{keeper()}</span></td></tr>'
    )
