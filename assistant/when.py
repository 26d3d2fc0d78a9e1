"""What a question says about the time of speaking: "in the first ten minutes", "when did Ann mention the roof?".

A closed class: numbers, clock times, minutes and hours in Chinese and English, and the words that make of them a
stretch of the recording, or a question for a moment of it. What else a question says is left as it is; a time within
its matter ("in the first two hours after surgery") is no time of speaking.

    >>> read_when("What did Ann say about the roof after 1:05:00?")
    When(rest='What did Ann say about the roof?', seconds=(3900.0, inf), asks=False, surely=True)
    >>> read_when("最后五分钟谁提到了屋顶?", (0.0, 3600.0)).seconds
    (3300.0, inf)
    >>> read_when("When did Ann mention the roof?")
    When(rest='Ann mention the roof?', seconds=None, asks=True, surely=True)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from math import inf
from typing import NamedTuple

from assistant.numeric.numerals import normalized, read_numeral
from corpus.normalize import language_of
from corpus.readers.times import seconds_of

_HOURS = re.compile(r"\d:\d\d:\d\d")  # 9:30 may be a time of day
_SPEECH = re.compile(
    r"[说讲谈聊提问]|发言|\b(?:sa(?:y|ys|id)|talk|sp(?:eak|oke)|mention|discuss|br(?:ing|ought) up|c(?:o|a)me up|ask)",
    re.IGNORECASE,
)
_AROUND = 30.0  # seconds before and after a clock time that still count as "at 12:30"
_MINUTE = 60.0  # … and before and after a minute: some count the twelfth from 11:00, some from 12:00


class When(NamedTuple):
    """A question taken apart."""

    rest: str  # the question without what it says of time
    seconds: tuple[float, float] | None = None  # half-open stretch of the recording that it is limited to
    asks: bool = False  # whether it asks at what moment something was said
    surely: bool = False  # whether it can mean nothing else: "when did Ann say it opens?" and "at 9:30" may


def read_when(question: str, said: tuple[float, float] = (0.0, 0.0)) -> When:
    """Take what a question says about the time of speaking out of it.

    Args:
        question: as typed.
        said: when the first and the last words of the recording begin, in seconds; zeros when there are no times.
    """
    plain = _plain(question)
    for pattern, stretch, surely in _STRETCHES:
        if match := pattern.search(plain):
            start, end = stretch(match, said)
            rest = _without(question, *match.span())
            # A clock time of the recording, or one that is spoken about, is no time of day.
            inside = stretch in (_between, _after, _before) and max(start, end if end < inf else 0.0) <= said[1]
            surely = surely or inside or bool(_HOURS.search(match[0]) or _SPEECH.search(rest))
            return When(rest, (max(0.0, start), max(0.0, end)), False, surely)
    for pattern, surely in _MOMENTS:
        if match := pattern.search(plain):
            return When(_without(question, *match.span("frame")), None, True, surely)
    return When(question)


def _plain(text: str) -> str:
    """The text with full-width digits and marks as plain ones; of the same length."""
    narrow = (unicodedata.normalize("NFKC", character) for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(narrow, text, strict=True))


def _without(question: str, start: int, end: int) -> str:
    rest = " ".join(f"{question[:start]} {question[end:]}".split()).lstrip(" ,，、:：;；")
    rest = re.sub(r" (?=[?？.。!！,，])|(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", rest)
    if any(character.isalnum() for character in rest):
        return rest
    return "说了什么?" if language_of(question) == "zh" else "What was said?"


# ── how long, and which moment ──

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = rf"(?:twenty|thirty|forty|fifty|sixty|ninety)(?:[ -](?:{_ONES}))?"
_N = rf"(?:\d{{1,4}}(?:\.\d)?|(?:{_TENS}|{_TEENS}|{_ONES}|an?|(?:a )?couple of)\b)"
_UNIT = r"(?:hours?|hrs?|minutes?|mins?|seconds?|secs?)\b"
_LONG = (
    rf"(?:half an? (?:hour|minute)\b|half[- ]hour\b|(?:a |three )?quarters? of an hour\b|"
    rf"{_N}(?: and a half)?[ -]?{_UNIT}(?: and a half\b)?(?:,? (?:and )?{_N}[ -]?{_UNIT})?)"
)
_ONE = r"(?:hour(?: and a half)?|minute)\b"  # "the first hour"
_CLOCK = r"(?<![\d:])(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?![\d:])(?! ?[ap]\.?m\b)"
_NTH = rf"(?:\bminute {_N}|(?:\bthe )?\b\d{{1,4}}(?:st|nd|rd|th) minute(?: mark)?\b|(?:\bthe )?\b{_N}[- ]minute mark\b)"
_ZH = r"(?:\d{1,4}(?:\.\d)?|[零一二两三四五六七八九十百]{1,5})"
_LONG_ZH = (
    rf"(?:半个?(?:小时|钟头)|半分钟|[一三]刻钟|{_ZH}个半(?:小时|钟头)|{_ZH}个?(?:小时|钟头)(?:半|[零又]?{_ZH}分钟?)?|"
    rf"{_ZH}分(?:钟半?|半钟?)?(?:{_ZH}秒钟?)?|{_ZH}秒钟?)"
)
_CLOCK_ZH = rf"(?:{_CLOCK}|{_ZH}分{_ZH}秒)"
_PART = re.compile(
    rf"(?P<n>half an?|half|半|{_N}|{_ZH})?(?P<and> and a half|个半)?[ -]?个?"
    r"(?P<unit>quarter|刻|hour|hr|h\b|小时|钟头|min|分|sec|秒)(?:s?(?P<more> and a half)|(?:钟|时)?(?P<half>半))?",
    re.IGNORECASE,
)
_SIZES = {
    "quarter": 900, "刻": 900, "hour": 3600, "hr": 3600, "h": 3600, "小时": 3600, "钟头": 3600, "min": 60, "分": 60,
    "sec": 1, "秒": 1,
}  # fmt: skip


def _number(words: str | None) -> float:
    words = (words or "a").casefold().lstrip("零又")
    if words.startswith("half") or words == "半":
        return 0.5
    if words.endswith("couple of"):
        return 2.0
    found = read_numeral(normalized(words).text, 0)
    return float(found.low) if found is not None else 1.0  # "a", "an"


def _length(words: str) -> float:
    """Seconds in "an hour and a half", "1小时5分"."""
    text, total = re.sub(r" of an hour", "", words, flags=re.IGNORECASE), 0.0
    for part in _PART.finditer(text):
        halves = bool(part["and"]) + bool(part["more"]) + bool(part["half"])
        total += _SIZES[part["unit"].casefold()] * (_number(part["n"]) + 0.5 * halves)
    return total


def _moment(words: str) -> float:
    """Seconds from the beginning to "1:05:00", "minute 12", "第12分30秒"."""
    if clock := re.search(_CLOCK, words):
        return seconds_of(clock[0])
    if "秒" in words:
        return _length(words)
    found = re.search(rf"\d{{1,4}}|(?!the\b){_N}|{_ZH}", words.replace("minute", " "), re.IGNORECASE)
    return 60.0 * _number(found[0] if found else None)


# ── stretches of the recording ──

_Span = tuple[float, float]  # seconds, half-open
_Stretch = Callable[[re.Match[str], _Span], _Span]  # what a form means, by when the first and last words are said
_EVENT = (
    r"(?:the|this|that|our) (?:debate|discussion|recording|video|audio|call|meeting|talk|show|podcast|episode|"
    r"interview|hearing|conversation|session|transcript|panel|event|programme|program|broadcast|stream|tape)\b"
)
_SPEAKING = rf"(?: (?:of|in|into|from) {_EVENT}|(?! (?:of|after|before|following|from)\b))"
_IN = r"(?:\b(?:in|within|during|over|for|throughout) )?\b(?:the )?(?:very )?"
_TO = r"(?: ?(?:\b(?:to|and|until|till|through)\b|[-–—~到至和与]) ?)"
_EVENT_ZH = r"(?:整?场?(?:辩论|讨论|节目|录音|录像|视频|音频|会议|对话|访谈|直播|播客))"
_FIRST_ZH = rf"(?:(?<=[在\s,，。、:：A-Za-z])|^|{_EVENT_ZH}的?)前"
_IN_ZH = r"(?:的?时间)?(?:里面?|内|以内|之内|中|期间)?"
_BETWEEN_ZH = r"(?:之间|间|期间|这段时间|这段)?(?:里面?|内)?"
_AFTER_ZH = r"(?:之后|以后|往后|过后|后|起|开始)"
_NEAR_ZH = r"(?:左右|前后|的时候|处|那里)"


def _first(match: re.Match[str], said: _Span) -> _Span:
    return said[0], said[0] + _length(match["long"])


def _last(match: re.Match[str], said: _Span) -> _Span:
    return said[1] - _length(match["long"]), inf


def _past(match: re.Match[str], said: _Span) -> _Span:
    return said[0] + _length(match["long"]), inf


def _into(match: re.Match[str], said: _Span) -> _Span:
    at = said[0] + _length(match["long"])
    return at - _MINUTE, at + _MINUTE


def _after(match: re.Match[str], said: _Span) -> _Span:
    return _moment(match["at"]), inf


def _before(match: re.Match[str], said: _Span) -> _Span:
    return 0.0, _moment(match["at"])


def _around(match: re.Match[str], said: _Span) -> _Span:
    return _moment(match["at"]) - _AROUND, _moment(match["at"]) + _AROUND


def _minute(match: re.Match[str], said: _Span) -> _Span:
    return _moment(match["at"]) - _MINUTE, _moment(match["at"]) + _MINUTE


def _between(match: re.Match[str], said: _Span) -> _Span:
    ends = sorted((_moment(match["a"]), _moment(match["b"])))
    return ends[0], ends[1]


def _half(match: re.Match[str], said: _Span) -> _Span:
    first = match["which"].casefold() in ("first", "前", "上")
    middle = (said[0] + said[1]) / 2
    return (said[0], middle) if first else (middle, inf)


_STRETCHES: tuple[tuple[re.Pattern[str], _Stretch, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), stretch, surely)
    for pattern, stretch, surely in (
        (rf"(?:\b(?:between|from|at|in|during) |[从在])?(?P<a>{_CLOCK}){_TO}(?P<b>{_CLOCK}){_BETWEEN_ZH}",
         _between, False),
        (rf"(?:\b(?:between|from|in|during) )?\bminutes? (?P<a>{_N}){_TO}(?:minute )?(?P<b>{_N})", _between, True),
        (rf"\bafter (?:the )?first (?P<long>{_LONG}|{_ONE}){_SPEAKING}", _past, True),
        (rf"\bafter (?P<long>{_LONG})(?: in\b)?{_SPEAKING}", _past, False),
        (rf"\b(?:after|past|since|beyond|from) (?P<at>{_CLOCK}|{_NTH})(?: on(?:wards?)?\b)?", _after, False),
        (rf"\b(?:before|until|till|up to|prior to) (?P<at>{_CLOCK}|{_NTH})", _before, False),
        (rf"{_IN}(?:first|opening|initial) (?P<long>{_LONG}|{_ONE}){_SPEAKING}", _first, True),
        (rf"{_IN}(?:last|final|closing) (?P<long>{_LONG}){_SPEAKING}", _last, True),
        (rf"\b(?:in|within|during) the (?:very )?(?:last|final|closing) (?P<long>{_ONE}){_SPEAKING}", _last, True),
        (rf"\b(?:in|within|during) the (?P<which>first|second|last|latter) half of {_EVENT}", _half, True),
        (rf"\b(?P<long>{_LONG}) in(?:to {_EVENT}|(?=\W*$|,))", _into, True),
        (rf"(?:\b(?:at|around|about|near|in|during) )?(?P<at>{_NTH})", _minute, False),
        (rf"(?:\b(?:at|around|about|near) |@ ?)(?:about |around )?(?P<at>{_CLOCK})", _around, False),
        (rf"[从在]?第(?P<a>{_ZH})(?:分钟?)?{_TO}第?(?P<b>{_ZH})分钟?{_BETWEEN_ZH}", _between, True),
        (rf"[从在]?(?P<a>{_ZH}分钟?){_TO}(?P<b>{_ZH}分钟?)(?:之间|期间)(?:里面?|内)?", _between, False),
        (rf"第?(?P<at>{_CLOCK_ZH}){_AFTER_ZH}", _after, False),
        (rf"第(?P<at>{_ZH}(?:分钟?|秒)){_AFTER_ZH}", _after, True),
        (rf"(?:开场|开始|在|(?<![\u4e00-\u9fff\d]))(?P<long>{_LONG_ZH})(?:之后|以后)", _past, False),
        (rf"(?:第?(?P<at>{_CLOCK_ZH}))(?:之前|以前|前)", _before, False),
        (rf"第(?P<at>{_ZH}(?:分钟?|秒))(?:之前|以前|前)", _before, True),
        (rf"在?(?:最前|开头|开场|开始|头|最初|{_FIRST_ZH})面?的?(?P<long>{_LONG_ZH}){_IN_ZH}", _first, True),
        (rf"(?<![之以目年月日天周提从])前(?P<long>{_LONG_ZH}){_IN_ZH}(?=.{{0,6}}[说讲谈聊提问])", _first, True),
        (rf"在?(?:最后|末尾|结尾|收尾|倒数|结束前)的?(?P<long>{_LONG_ZH}){_IN_ZH}", _last, True),
        (rf"在?{_EVENT_ZH}的?(?P<which>[前后上下])半(?:段|场|程|部分)(?:里面?|中)?", _half, True),
        (rf"在?第(?P<at>{_CLOCK_ZH}){_NEAR_ZH}?", _around, True),
        (rf"在?第(?P<at>{_ZH}分钟){_NEAR_ZH}?", _minute, False),
        (rf"(?:在(?P<at>{_CLOCK_ZH}){_NEAR_ZH}?)", _around, False),
        (rf"(?P<at>{_CLOCK_ZH}){_NEAR_ZH}", _around, False),
    )
)  # fmt: skip

# ── the moment of something said ──

_WHO = r"(?: [\w.'’-]+){1,5}?"
_TOPICAL = r"(?:mention|talk|speak|discuss|bring|raise|come up|touch on|refer to|address|ask about|turn to|get to)\b"
_SAY = r"(?:say|claim|argue|explain|admit|ask|answer|promise|agree|suggest)\b"
_SPOKEN = (
    r"(?:mentioned|discussed|raised|brought up|said|talked about|spoken (?:of|about)|addressed|touched on|asked about)"
)
_WHEN = r"(?:when(?: exactly)?|exactly when|at (?:what|which) (?:time|point|moment))"
_NEXT_ZH = r"[^\s,，。;；:：?？!！]{0,4}?"
_WHEN_ZH = r"(?:是?在?(?:什么时候|何时|啥时候|几时|哪个时候))"

_MOMENTS: tuple[tuple[re.Pattern[str], bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), surely)
    for pattern, surely in (
        (r"(?P<frame>\b(?:exactly )?(?:at|in|on) (?:what|which) (?:exact )?(?:minute|second|time ?(?:stamp|code))"
         rf"(?: of {_EVENT})?(?: (?:did|does|do|was|were|is)\b)?)", True),
        (r"(?P<frame>\b(?:what(?:'s|’s| is| are)|give me|show me|tell me) the time ?(?:stamps?|codes?)\b"
         r"(?: (?:of|for|where|when)\b)?)", True),
        (rf"(?P<frame>\bhow (?:far|many minutes) in(?:to {_EVENT})? (?:did|does|do|was|were|is)\b)", True),
        (rf"(?P<frame>\bwhere(?: exactly)? in {_EVENT} (?:did|does|do|was|were|is)\b)", True),
        (rf"(?P<frame>\b{_WHEN} (?:did|does|do))(?={_WHO} {_TOPICAL})", True),
        (rf"(?P<frame>\b{_WHEN} (?:did|does|do))(?={_WHO} {_SAY}(?: (?:that|this|it|so|these|those))?\W*$)", True),
        (rf"(?P<frame>\b{_WHEN} (?:was|were|is))(?=.{{1,99}}\b{_SPOKEN}(?: by (?:[\w.'’-]+ ?){{1,4}})?\W*$)", True),
        (rf"(?P<frame>\b{_WHEN} did)(?={_WHO} {_SAY})", False),
        (r"(?P<frame>是?在?(?:第?几分(?:钟?第?几秒)|第几分钟?|几分钟(?=的时候|处)|哪一?分钟|哪一?秒|"
         r"(?:什么|哪个|哪一个)时间点|的?时间[戳码](?=是|\W*$)|"
         r"(?:录音|视频|音频|节目|直播)的?(?:哪里|哪儿|什么位置|哪个位置|哪一?段))(?:的时候|处|左右)?)", True),
        (rf"(?P<frame>{_WHEN_ZH})(?={_NEXT_ZH}[提谈聊讲说问](?:[到起及过]|了?的))", True),
        (rf"(?P<frame>{_WHEN_ZH})(?={_NEXT_ZH}[讲说])", False),
    )
)  # fmt: skip
