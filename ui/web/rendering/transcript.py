"""The whole debate as the pane beside the chat shows it.

Every spoken paragraph carries where it starts in the raw text (``data-start``, code points), and its text is exactly that
slice; so a span of the raw text can be marked in the page without asking the server. Where the words stand in pieces or
with escapes (``data-joined``) each sentence carries its own span instead, and is marked as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from corpus.library import Debate
from corpus.quotes import seconds_at
from corpus.readers.times import clock
from corpus.types import Sentence, Stretch, Transcript, Turn
from corpus.words import joint
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both, labelled, text

_APART = 60.0  # seconds between the times that stand within a turn


def pane(debate: Debate, cast: Cast) -> str:
    """Search, speaker filter, sections and turns."""
    transcript = debate.transcript
    spoken = [s for s in transcript.sections if any(t.section == s.number for t in transcript.turns)]
    titles = {s.number: s.title for s in spoken}
    count_zh = f"{len(transcript.turns)} 段" + (f" · {len(spoken)} 章" if spoken else "")
    count_en = f"{len(transcript.turns)} turns" + (f" · {len(spoken)} sections" if spoken else "")
    parts = [
        f'<header class="pane-head"><div class="pane-title"><h2>{both("文字稿", "Transcript")}</h2>'
        f'<span class="count">{both(count_zh, count_en)}</span>'
        f'<button type="button" class="quiet" data-do="back" hidden>↩ {both("返回引用处", "Back to the answer")}</button>'
        f'<button type="button" class="quiet only-narrow" data-do="close-script" {labelled("关闭文字稿", "Close the transcript")}>'
        "✕</button></div>"
        '<div class="pane-search"><input type="search" id="script-search" '
        f'data-hold-zh="在文字稿中查找…" data-hold-en="Find in the transcript…" {labelled("在文字稿中查找", "Find in the transcript")}>'
        '<output id="script-found" aria-live="polite"></output>'
        f"{_glosses(debate)}</div>",
        f'<div class="pane-filter" role="group" {labelled("只看这些发言人,或跳到章节", "Only these speakers, or go to a section")}>',
    ]
    for name, member in cast.members.items():
        parts.append(
            f'<button type="button" class="pill {member.css}" aria-pressed="false" data-do="only" '
            f'data-speaker="{text(name)}"><i aria-hidden="true"></i>{cast.shown(name)}</button>'
        )
    if spoken:
        options = "".join(
            f'<option value="sec{s.number}" data-zh="{s.number:02d} {text(s.title)}" '
            f'data-en="{s.number:02d} {text(cast.english(s.title))}">{s.number:02d} {text(s.title)}</option>'
            for s in spoken
        )
        parts.append(
            f'<select id="script-section" {labelled("跳到章节", "Go to a section")}>'
            f'<option value="" data-zh="跳到章节…" data-en="Go to a section…">跳到章节…</option>{options}</select>'
        )
    parts.append(
        f'</div></header><div class="script" id="script" tabindex="0" role="region" {labelled("文字稿正文", "Text of the transcript")} lang="{text(cast.language)}">'
    )
    section = -1
    for turn in transcript.turns:
        if turn.section != section:
            section = turn.section
            if section in titles:
                parts.append(
                    f'<h3 class="section" id="sec{section}"><span>{section:02d}</span> {cast.label(titles[section])}</h3>'
                )
        parts.append(_turn(turn, debate, cast))
    parts.append("</div>")
    return "".join(parts)


def _glosses(debate: Debate) -> str:
    """The button that shows our English; nothing for a debate that has none."""
    if not any(note.gloss for note in debate.notes.sentences.values()):
        return ""
    return (
        f'<button type="button" class="quiet" data-do="gloss" aria-pressed="false">{both("英译", "English")}</button>'
    )


def _turn(turn: Turn, debate: Debate, cast: Cast) -> str:
    speaker = debate.transcript.speaker_of(turn.id)
    marks = _marks(turn, debate.transcript)
    body = "".join(_paragraph(part, turn, debate, marks) for part in turn.paragraphs)
    begins = f'<span class="time">{clock(turn.seconds)}</span>' if turn.seconds is not None else ""
    return (
        f'<article class="turn {cast.css(speaker.name)}" id="{turn.id}" data-speaker="{text(speaker.name)}" tabindex="-1">'
        f'<header>{cast.avatar(speaker.name)}{cast.name(speaker.name)}<span class="role">{cast.role(speaker.name)}</span>'
        f'<a class="at" href="#{turn.id}" {labelled(f"第 {turn.number} 段的链接", f"Link to turn {turn.number}")}>'
        f"#{turn.number}</a>{begins}</header>{body}</article>"
    )


def _marks(turn: Turn, transcript: Transcript) -> dict[str, str]:
    """Sentence id → the time that stands before it: about one a minute of a long turn."""
    marks: dict[str, str] = {}
    last = turn.seconds
    for sentence in transcript.sentences_of(turn.id):
        seconds = seconds_at(transcript, sentence)
        if seconds is not None and (last is None or seconds >= last + _APART):
            marks[sentence.id], last = clock(seconds), seconds
    return marks


def sentences_within(part: Stretch, turn: Turn, transcript: Transcript) -> list[Sentence]:
    """The sentences of a paragraph, in order."""
    return [s for s in transcript.sentences_of(turn.id) if part.start <= s.start and s.end <= part.end]


def displayed(part: Stretch, turn: Turn, transcript: Transcript) -> str:
    """The text of a paragraph as the pane shows it."""
    if not _is_joined(part, transcript):
        return transcript.raw[part.start : part.end]
    told = [s.text for s in sentences_within(part, turn, transcript)]
    return "".join(joint(before, words) + words for before, words in zip(["", *told], told, strict=False))


def _is_joined(part: Stretch, transcript: Transcript) -> bool:
    return bool(part.pieces) or transcript.notation != "plain"


def _paragraph(part: Stretch, turn: Turn, debate: Debate, marks: Mapping[str, str]) -> str:
    transcript = debate.transcript
    raw, at, made, glosses = transcript.raw, part.start, [], []
    joined = _is_joined(part, transcript)
    before = ""
    for sentence in sentences_within(part, turn, transcript):
        made.append(text(joint(before, sentence.text) if joined else raw[at : sentence.start]))
        span = f' data-start="{sentence.start}" data-end="{sentence.end}"' if joined else ""
        time = f' data-time="{marks[sentence.id]}"' if sentence.id in marks else ""
        made.append(f'<span class="sentence" id="{sentence.id}"{span}{time}>{text(sentence.text)}</span>')
        at, before = sentence.end, sentence.text
        if note := debate.notes.note(sentence.id).gloss:
            glosses.append(note)
    if not joined:
        made.append(text(raw[at : part.end]))
    gloss = (
        f'<p class="gloss" lang="en" data-part="{turn.paragraphs.index(part)}">{text(" ".join(glosses))} <small>({both("我们的英译,非原话", "our translation, not a quote")})</small></p>'
        if glosses
        else ""
    )
    kind = f'data-start="{part.start}"' + (" data-joined" if joined else "")
    return f'<p class="said" {kind}>{"".join(made)}</p>{gloss}'
