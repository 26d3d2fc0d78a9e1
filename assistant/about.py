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
from collections.abc import Sequence

from assistant.numeric.quantities import read_quantities
from assistant.plan import Part, Plan
from assistant.wording import number
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


def about(transcript: Transcript, plan: Plan, language: Language, topics: Sequence[str] = ()) -> str | None:
    """The answer to a question about the debate itself, one or two sentences; None where it asks of nobody it could.

    Args:
        topics: what it speaks of, by noted names in that language.
    """
    report = report_of(transcript)
    if plan.about is None:
        return None
    rows = _meant(report, plan, transcript)
    if plan.about in ("turns", "person"):
        told = [(_turns if plan.about == "turns" else _person)(row, language) for row in rows]
        return _joined(told, language) if plan.scope.speaker_ids and told else None
    if plan.about in ("spoke_most", "spoke_least"):
        return _by_share(rows, language, most=plan.about == "spoke_most") if rows else None
    if plan.about == "cast":
        return _cast(transcript, plan.scope.part, language)
    if plan.about == "topics":
        return _subject(transcript, topics, language)
    tell = {"hosts": _hosts, "date": _date, "length": _length}
    return tell[plan.about](transcript, language)


def _meant(report: ReadingReport, plan: Plan, transcript: Transcript) -> list[SpeakerReport]:
    """The rows of those asked about: by name, as hosts, as guests; everybody's where nobody is told apart."""
    if plan.scope.speaker_ids:
        names = {transcript.speaker(i).name for i in plan.scope.speaker_ids}
        return [row for row in report.speakers if row.name in names]
    if plan.scope.part is None:
        return list(report.speakers)
    hosts = {s.name for s in transcript.speakers if s.is_host}
    return [row for row in report.speakers if (row.name in hosts) == (plan.scope.part == "hosts")]


def _cast(transcript: Transcript, part: Part | None, language: Language) -> str:
    """Who speaks, or who of them does not host, each with what the record says of them."""
    known = [s for s in transcript.speakers if s.is_known]
    guests = [s for s in known if not s.is_host]
    if not known:
        return "文字稿没有说明是谁在发言。" if language == "zh" else "The transcript does not tell who speaks."
    only = part == "guests" and 0 < len(guests) < len(known)
    people = guests if only else known
    shown = [_described(s, language) for s in people[:_MOST_NAMES]]
    more = len(people) - len(shown)
    if language == "zh":
        begin = f"有{len(people)}位嘉宾" if only else f"有{len(people)}人发言"
        return f"{begin}:{'、'.join(shown)}{f'等{len(people)}人' if more else ''}。"
    count = _NUMBERS[len(people)] if len(people) < len(_NUMBERS) else str(len(people))
    names = ", ".join([*shown, f"and {more} others"]) if more else _and(shown)
    one = "guest takes part" if only else "person speaks"
    many = "guests take part" if only else "people speak"
    return f"{count} {one if len(people) == 1 else many}: {names}."


def _described(speaker: Speaker, language: Language) -> str:
    sure = speaker.host_probability >= 1
    host = ("主持人" if sure else "多半是主持人") if language == "zh" else ("host" if sure else "probably the host")
    facts = [fact for fact in (speaker.role, host if speaker.is_host and not _says_host(speaker.role) else "") if fact]
    joint = "，" if language == "zh" else "; "
    if language == "en" and speaker.role:
        facts[0] = f"“{speaker.role}”"  # the publisher's words
    return f"{speaker.name} ({joint.join(facts)})" if facts else speaker.name


def _says_host(role: str) -> bool:
    return any(word in fold_text(role) for word in ("host", "moderator", "主持"))


def _hosts(transcript: Transcript, language: Language) -> str:
    hosts = [s for s in transcript.speakers if s.is_host]
    if not hosts:
        return "文字稿没有说明谁是主持人。" if language == "zh" else "The transcript does not tell who hosts."
    names = [_described(s, language) for s in hosts]
    sure = all(s.host_probability >= 1 for s in hosts)
    if language == "zh":
        return f"主持人{'是' if sure else '多半是'}{'、'.join(names)}{'' if sure else '(依其开场、提问和转场判断)'}。"
    why = "" if sure else " (judged by who opens, asks and hands over)"
    verb = ("is" if len(names) == 1 else "are") if sure else ("is probably" if len(names) == 1 else "are probably")
    return f"The {'host' if len(names) == 1 else 'hosts'} {verb} {_and(names)}{why}."


def is_dated(transcript: Transcript) -> bool:
    """Whether the file, or what its publisher says in it, tells a day."""
    return bool(transcript.date or _published(transcript, _DAY, "en"))


def _date(transcript: Transcript, language: Language) -> str:
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


def _length(transcript: Transcript, language: Language) -> str:
    if (told := _published(transcript, _SPAN, language)) is not None:
        hours = [q.low for q in read_quantities(told) if q.family == "hours"]
        return f"{_hours(hours[0])}. {told}" if language == "en" and hours else told
    last = max((s.seconds for s in transcript.sentences if s.seconds is not None), default=None)
    turns, sentences = len(transcript.turns), len(transcript.sentences)
    if language == "zh":
        time = f",最后一句始于 {clock(last)}" if last is not None else ";文字稿没有时间标记"
        return f"共{turns}轮发言、{sentences}句{time}。"
    time = f"; the last sentence begins at {clock(last)}" if last is not None else "; the transcript has no times"
    return f"It has {turns} turns and {sentences} sentences{time}."


def _hours(hours: float) -> str:
    """ "One and a half hours" of 1.5; figures where words are none."""
    whole = int(hours)
    if hours - whole not in (0.0, 0.5) or not 0 < whole < len(_NUMBERS):
        return f"{number(hours)} hours"
    half = " and a half" if hours > whole else ""
    return f"{_NUMBERS[whole]}{half} hour{'s' * (hours > 1)}"


def _by_share(rows: Sequence[SpeakerReport], language: Language, *, most: bool) -> str:
    """Who of these spoke most, or least, by the share of all words; the next three beside it."""
    first, *others = sorted(rows, key=lambda row: -row.share if most else row.share)[:4]
    two = len(rows) == 2
    if language == "zh":
        rest = ";其次是" + "、".join(f"{r.name}({r.share:.0%})" for r in others) if others else ""
        degree = ("更" if two else "最") + ("多" if most else "少")
        return f"{first.name}说得{degree}:{first.turns}轮发言,占全部文字的{first.share:.0%}{rest}。"
    rest = "; next " + ", ".join(f"{r.name} ({r.share:.0%})" for r in others) if others else ""
    turns = f"{first.turns} turn{'s' * (first.turns != 1)}"
    degree = ("more" if most else "less") if two else ("the most" if most else "the least")
    return f"{first.name} spoke {degree}: {turns}, {first.share:.0%} of all words{rest}."


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


def _subject(transcript: Transcript, topics: Sequence[str], language: Language) -> str:
    """The title, the parts as they are titled, and what is spoken of by noted names."""
    titled = transcript.title if transcript.title != transcript.id else ""
    parts = [f"“{section.title}”" for section in transcript.sections][:_MOST_TITLES]
    if language == "zh":
        told = ([f"标题是《{titled}》。"] if titled else []) + ([f"各部分:{'、'.join(parts)}。"] if parts else [])
        told += [f"谈到的话题:{'、'.join(topics)}。"] if topics else []
        return "".join(told) or "文字稿没有标题,也没有分节。"
    told = [f"Its title is “{titled}”."] if titled else []
    told += [f"What it speaks of: {'; '.join(topics)}."] if topics else []
    told += [f"Its parts: {'; '.join(parts)}."] if parts and not topics else []
    return " ".join(told) or "The transcript has no title and no parts."


def _joined(sentences: list[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(sentences)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
