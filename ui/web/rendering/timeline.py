"""Who spoke when and how much: the debate as a strip, and topics by speaker. Lengths are characters of speech."""

from __future__ import annotations

from collections import Counter

from corpus.library import Debate
from corpus.readers.times import clock
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both, labelled, text

WIDTH, _LEFT, _ROW, _TOP = 960, 96, 26, 30


def timeline(debate: Debate, cast: Cast) -> str:
    """The strip; every block leads to its turn."""
    transcript = debate.transcript
    lengths = [sum(len(transcript.words(p)) for p in turn.paragraphs) for turn in transcript.turns]
    scale = (WIDTH - _LEFT - 8) / max(1, sum(lengths))
    rows = {name: at for at, name in enumerate(cast.members)}
    height = _TOP + _ROW * len(rows) + 8
    parts, at, section = [], float(_LEFT), -1
    for name, row in rows.items():
        y = _TOP + row * _ROW
        parts.append(
            f'<text class="tick" x="{_LEFT - 8}" y="{y + 16}" text-anchor="end">{cast.shown(name).replace("span", "tspan")}</text>'
        )
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - 8}" y1="{y + 22}" y2="{y + 22}"/>')
    for turn, length in zip(transcript.turns, lengths, strict=True):
        speaker = transcript.speaker_of(turn.id)
        if turn.section != section:
            section = turn.section
            parts.append(f'<line class="edge" x1="{at:.1f}" x2="{at:.1f}" y1="12" y2="{height - 6}"/>')
            if section:
                parts.append(f'<text class="axis" x="{at + 4:.1f}" y="20">{section:02d}</text>')
        width = max(1.5, length * scale - 0.6)
        y = _TOP + rows[speaker.name] * _ROW
        begins = f" · {clock(turn.seconds)}" if turn.seconds is not None else ""
        hover = text(f"{speaker.name} · #{turn.number}{begins} · {length}")
        parts.append(
            f'<a href="#{turn.id}" aria-label="{hover}"><rect class="spoken {cast.css(speaker.name)}" x="{at:.1f}" y="{y + 2}" '
            f'width="{width:.1f}" height="18" rx="3"><title>{hover}</title></rect></a>'
        )
        at += length * scale
    sections = "".join(f"<li><b>{s.number:02d}</b> {cast.label(s.title)}</li>" for s in transcript.sections if s.number)
    return (
        f'<figure class="chart strip"><figcaption>{both("谁在何时说了多少(字数)", "Who spoke when and how much (characters)")}'
        f'</figcaption><div class="scroll" tabindex="0" role="region" {labelled("发言时间线", "Timeline")}>'
        f'<svg viewBox="0 0 {WIDTH} {height}" role="group" {labelled("发言时间线", "Timeline")}>{"".join(parts)}</svg></div>'
        f'<ol class="sections">{sections}</ol></figure>{_by_topic(debate, cast)}'
    )


def _by_topic(debate: Debate, cast: Cast) -> str:
    """Topic × speaker: characters of the sentences filed under the topic; a sentence may stand under several."""
    if not debate.notes.topics:
        return ""
    counts: Counter[tuple[str, str]] = Counter()
    for sentence in debate.transcript.sentences:
        name = debate.transcript.speaker_of(sentence.turn_id).name
        for filed in debate.notes.note(sentence.id).topics:
            counts[filed, name] += len(sentence.text)
    most = max(counts.values(), default=1)
    head = "".join(f'<th scope="col">{cast.name(name)}</th>' for name in cast.members)
    rows = []
    for topic in debate.notes.topics:
        cells = []
        for name in cast.members:
            count = counts[topic.id, name]
            size = round(100 * (count / most) ** 0.5) if count else 0
            bar = f'<i class="amount {cast.css(name)} w{size // 5 * 5}" aria-hidden="true"></i>' if count else ""
            cells.append(f"<td>{bar}<span>{count or '–'}</span></td>")
        rows.append(f'<tr><th scope="row">{both(topic.zh, topic.en)}</th>{"".join(cells)}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" {labelled("按话题的字数", "Characters by topic")}><table class="matrix amounts">'
        f"<caption>{both('每个话题上谁说了多少字', 'Characters spoken on each topic')}</caption>"
        f'<thead><tr><th scope="col">{both("话题", "Topic")}</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )
