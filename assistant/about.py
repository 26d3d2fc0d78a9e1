"""Questions about the debate itself: who takes part, who hosts, when, how long, about what; told from its record.

What is told is read off the roster, the title and the sections; what the record does not say is said to be unknown.

    >>> from assistant.plan import Plan
    >>> from corpus.testing import trapped_debate
    >>> debate = trapped_debate()
    >>> about(debate, Plan(operation="about", about="spoke_most"), "en")[:33]
    'Ann Lee spoke the most: 3 turns, '
"""

from __future__ import annotations

import re

from assistant.plan import Plan
from corpus.annotations import Language
from corpus.normalize import fold_text
from corpus.readers.report import ReadingReport, SpeakerReport, report_of
from corpus.readers.times import clock
from corpus.sentences import split_sentences
from corpus.types import Speaker, Transcript

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
_MOST_NAMES, _MOST_TITLES = 12, 10
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DAY = re.compile(
    rf"\d{{1,2}}\s*月\s*\d{{1,2}}\s*[日号]|\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}} {_MONTH}\b|\b{_MONTH} \d{{1,2}}\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"小时|分钟|\bhours?\b|\bminutes?\b|\b\d+-(?:hour|minute)\b", re.IGNORECASE)
_EVENT = re.compile(
    r"直播|辩论|讨论|会议|节目|访谈|论坛|\b(?:debate|discussion|meeting|panel|session|call|episode|hearing|interview)\b",
    re.IGNORECASE,
)


def about(transcript: Transcript, plan: Plan, language: Language) -> str | None:
    """The answer to a question about the debate itself, one or two sentences; None where it asks of nobody it could."""
    report = report_of(transcript)
    tell = {
        "cast": _speakers, "hosts": _hosts, "date": _date, "length": _length, "spoke_most": _most,
        "spoke_least": _least, "topics": _subject,
    }  # fmt: skip
    if plan.about is None:
        return None
    if plan.about in ("turns", "person"):
        names = {transcript.speaker(i).name for i in plan.scope.speaker_ids}
        rows = [row for row in report.speakers if row.name in names]
        told = [(_turns if plan.about == "turns" else _person)(row, language) for row in rows]
        return _joined(told, language) or None
    return tell[plan.about](transcript, report, language)


def _speakers(transcript: Transcript, report: ReadingReport, language: Language) -> str:
    known = [s for s in transcript.speakers if s.is_known]
    if not known:
        return "文字稿没有说明是谁在发言。" if language == "zh" else "The transcript does not tell who speaks."
    shown = [_described(s, language) for s in known[:_MOST_NAMES]]
    more = len(known) - len(shown)
    if language == "zh":
        return f"有{len(known)}人发言:{'、'.join(shown)}{f'等{len(known)}人' if more else ''}。"
    count = _NUMBERS[len(known)] if len(known) < len(_NUMBERS) else str(len(known))
    names = ", ".join([*shown, f"and {more} others"]) if more else _and(shown)
    return f"{count} {'person speaks' if len(known) == 1 else 'people speak'}: {names}."


def _described(speaker: Speaker, language: Language) -> str:
    sure = speaker.host_probability >= 1
    host = ("主持人" if sure else "多半是主持人") if language == "zh" else ("host" if sure else "probably the host")
    facts = [fact for fact in (speaker.role, host if speaker.is_host and not _says_host(speaker.role) else "") if fact]
    joint = "，" if language == "zh" else "; "
    return f"{speaker.name} ({joint.join(facts)})" if facts else speaker.name


def _says_host(role: str) -> bool:
    return any(word in fold_text(role) for word in ("host", "moderator", "主持"))


def _hosts(transcript: Transcript, report: ReadingReport, language: Language) -> str:
    hosts = [s for s in transcript.speakers if s.is_host]
    if not hosts:
        return "文字稿没有说明谁是主持人。" if language == "zh" else "The transcript does not tell who hosts."
    names = [s.name for s in hosts]
    sure = all(s.host_probability >= 1 for s in hosts)
    if language == "zh":
        return f"主持人{'是' if sure else '多半是'}{'、'.join(names)}{'' if sure else '(依其开场、提问和转场判断)'}。"
    why = "" if sure else " (judged by who opens, asks and hands over)"
    verb = ("is" if len(names) == 1 else "are") if sure else ("is probably" if len(names) == 1 else "are probably")
    return f"The {'host' if len(names) == 1 else 'hosts'} {verb} {_and(names)}{why}."


def _date(transcript: Transcript, report: ReadingReport, language: Language) -> str:
    if not transcript.date:
        unknown = "文字稿没有写明日期。" if language == "zh" else "The transcript does not give a date."
        return _published(transcript, _DAY, language) or unknown
    if language == "zh":
        year, month, day = transcript.date.split("-")
        return f"日期是{year}年{int(month)}月{int(day)}日。"
    return f"It is dated {transcript.date}."


def _published(transcript: Transcript, pattern: re.Pattern[str], language: Language) -> str | None:
    """The publisher's first sentence about the event that holds such a statement, word for word; None without one."""
    for editorial in transcript.editorials:
        if editorial.kind not in ("title", "lead", "page"):
            continue
        for start, end in split_sentences(editorial.text):
            sentence = editorial.text[start:end].strip()
            if pattern.search(sentence) and _EVENT.search(sentence):
                return ("发布方写道:" if language == "zh" else "The publisher writes: ") + f"“{sentence}”"
    return None


def _length(transcript: Transcript, report: ReadingReport, language: Language) -> str:
    if (told := _published(transcript, _SPAN, language)) is not None:
        return told
    last = max((s.seconds for s in transcript.sentences if s.seconds is not None), default=None)
    turns, sentences = len(transcript.turns), len(transcript.sentences)
    if language == "zh":
        time = f",最后一句始于 {clock(last)}" if last is not None else ";文字稿没有时间标记"
        return f"共{turns}轮发言、{sentences}句{time}。"
    time = f"; the last sentence begins at {clock(last)}" if last is not None else "; the transcript has no times"
    return f"It has {turns} turns and {sentences} sentences{time}."


def _ranked(report: ReadingReport) -> list[SpeakerReport]:
    return sorted(report.speakers, key=lambda row: -row.share)


def _most(transcript: Transcript, report: ReadingReport, language: Language) -> str:
    return _by_share(_ranked(report), language, most=True)


def _least(transcript: Transcript, report: ReadingReport, language: Language) -> str:
    return _by_share(_ranked(report)[::-1], language, most=False)


def _by_share(rows: list[SpeakerReport], language: Language, *, most: bool) -> str:
    first, others = rows[0], rows[1:4]
    if language == "zh":
        rest = ";其次是" + "、".join(f"{r.name}({r.share:.0%})" for r in others) if others else ""
        return f"{first.name}说得最{'多' if most else '少'}:{first.turns}轮发言,占全部文字的{first.share:.0%}{rest}。"
    rest = "; next " + ", ".join(f"{r.name} ({r.share:.0%})" for r in others) if others else ""
    turns = f"{first.turns} turn{'s' * (first.turns != 1)}"
    return f"{first.name} spoke the {'most' if most else 'least'}: {turns}, {first.share:.0%} of all words{rest}."


def _turns(row: SpeakerReport, language: Language) -> str:
    if language == "zh":
        return f"{row.name}发言{row.turns}次,占全部文字的{row.share:.0%}。"
    times = {1: "once", 2: "twice"}.get(row.turns, f"{row.turns} times")
    return f"{row.name} speaks {times}, {row.share:.0%} of all words."


def _person(row: SpeakerReport, language: Language) -> str:
    if language == "zh":
        role = row.role or ("文字稿中的主持人" if row.host else "")
        return f"{row.name}:{role}。" if role else f"文字稿没有介绍{row.name},只记录其发言{row.turns}次。"
    role = row.role or ("who hosts" if row.host else "")
    said = f"{row.turns} turn{'s' * (row.turns != 1)}"
    return f"{row.name}: {role}." if role else f"The transcript does not introduce {row.name}, who has {said} in it."


def _subject(transcript: Transcript, report: ReadingReport, language: Language) -> str:
    titled = transcript.title if transcript.title != transcript.id else ""
    parts = [section.title for section in transcript.sections][:_MOST_TITLES]
    if language == "zh":
        told = ([f"标题是《{titled}》。"] if titled else []) + ([f"各部分:{'、'.join(parts)}。"] if parts else [])
        return "".join(told) or "文字稿没有标题,也没有分节。"
    told = ([f"Its title is “{titled}”."] if titled else []) + ([f"Its parts: {'; '.join(parts)}."] if parts else [])
    return " ".join(told) or "The transcript has no title and no parts."


def _joined(sentences: list[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(sentences)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
