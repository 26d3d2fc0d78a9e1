"""Questions about the debate itself: who takes part, who hosts, when, how long, about what; told from its record.

What is asked is recognised by likeness to examples (``about.json``), and only when the question holds no word beyond
those that its kind is asked with: "Who speaks?" is one, "Who speaks about the harbour?" is a question for the words.
What is told is read off the roster and the title; what the record does not say is said to be unknown.

    >>> from corpus.testing import trapped_debate
    >>> about(trapped_debate(), "How many times did Ann speak?", "en")
    'Ann Lee speaks 3 times, 39% of all words.'
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from corpus.annotations import Language
from corpus.normalize import fold_text
from corpus.readers.report import ReadingReport, SpeakerReport, report_of
from corpus.readers.times import clock
from corpus.speakers import comparable, find_mentions
from corpus.types import Speaker, Transcript
from index.tokens import ENGLISH_STOP, content_words

# Dice coefficient of character pairs from which an example is the same question in other words; and from which it is
# the same question, though it holds no word that tells its kind from the others ("Who speaks?").
_ALIKE, _SAME = 0.62, 0.95
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
_MOST_NAMES, _MOST_TITLES = 12, 10


_GRAMMAR = ENGLISH_STOP - {"most", "least"}  # words that tell no kind of question from another


class _Kind(NamedTuple):
    examples: tuple[Counter[str], ...]  # their pairs of characters
    words: frozenset[str]  # every content word of theirs
    telling: frozenset[str]  # the tokens that no other kind is asked with


@lru_cache(maxsize=1)
def _kinds() -> dict[str, _Kind]:
    examples: dict[str, list[str]] = json.loads((Path(__file__).parent / "about.json").read_text(encoding="utf-8"))
    tokens = {kind: frozenset(t for text in texts for t in _tokens(text)) for kind, texts in examples.items()}
    times = Counter(token for held in tokens.values() for token in held)
    return {
        kind: _Kind(
            tuple(map(_pairs, texts)),
            frozenset(w for text in texts for w in _words(text)),
            frozenset(token for token in tokens[kind] if times[token] == 1) - _GRAMMAR,
        )
        for kind, texts in examples.items()
    }


def kind_of(
    transcript: Transcript, question: str, *, in_thread: bool = False
) -> tuple[str, tuple[Speaker, ...]] | None:
    """What a question about the debate itself asks for, and of whom; None for any other question.

    Args:
        transcript: the debate.
        question: as typed.
        in_thread: whether it may lean on earlier answers; then only an example itself is believed.
    """
    folded = comparable(question)
    named: list[Speaker] = []
    masked, at = [], 0
    for mention in find_mentions(question, [s for s in transcript.speakers if s.is_known]):
        if folded[mention.start : mention.end] in _asked_words():
            continue  # "the host", "the guests" are what is asked for
        masked += [folded[at : mention.start], "x"]
        at = mention.end
        named += [speaker for speaker in mention.speakers if speaker not in named]
    text = "".join([*masked, folded[at:]])
    pairs, words = _pairs(text), set(_words(text))
    best, kind = max((max(_dice(pairs, e) for e in k.examples), name) for name, k in _kinds().items())
    of_somebody = kind in ("turns", "person")
    if best < _SAME and (in_thread or not _kinds()[kind].telling & set(_tokens(text))):
        return None
    if best < _ALIKE or not words <= _kinds()[kind].words or of_somebody != bool(named):
        return None
    return kind, tuple(named)


@lru_cache(maxsize=1)
def _asked_words() -> frozenset[str]:
    return frozenset(
        {"host", "hosts", "the host", "the hosts", "moderator", "the moderator", "主持人", "主持", "the chair", "chair"}
    )


def about(transcript: Transcript, question: str, language: Language) -> str | None:
    """The answer to a question about the debate itself, one or two sentences; None for any other question."""
    asked = kind_of(transcript, question)
    if asked is None:
        return None
    kind, named = asked
    report = report_of(transcript)
    tell = {
        "speakers": _speakers, "hosts": _hosts, "date": _date, "length": _length, "most": _most, "least": _least,
        "subject": _subject,
    }  # fmt: skip
    if kind in ("turns", "person"):
        names = {speaker.name for speaker in named}
        rows = [row for row in report.speakers if row.name in names]
        return _joined([(_turns if kind == "turns" else _person)(row, language) for row in rows], language)
    return tell[kind](transcript, report, language)


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
        return "文字稿没有写明日期。" if language == "zh" else "The transcript does not give a date."
    if language == "zh":
        year, month, day = transcript.date.split("-")
        return f"日期是{year}年{int(month)}月{int(day)}日。"
    return f"It is dated {transcript.date}."


def _length(transcript: Transcript, report: ReadingReport, language: Language) -> str:
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


def _words(text: str) -> list[str]:
    """Words that carry matter: pairs of characters in Chinese, whole words elsewhere."""
    return [word for word in content_words(text) if word != "x"]


def _tokens(text: str) -> list[str]:
    """Latin words, and pairs of neighbouring Chinese characters."""
    found = re.findall(r"([a-z]+)|(?=([\u3400-\u9fff]{2}))", fold_text(text))
    return [latin or pair for latin, pair in found]


def _pairs(text: str) -> Counter[str]:
    kept = "".join(c if c.isalnum() else " " for c in fold_text(text))
    plain = f" {' '.join(kept.split())} "
    return Counter(plain[at : at + 2] for at in range(len(plain) - 1))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)
