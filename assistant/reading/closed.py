"""Closed classes of Chinese and English: pronouns, ordinals, small numbers, "not" before a name. Patterns; no logic.

What a message asks for is open and learned (``assistant.reading.acts``); what has a short, complete list stands here.
They match the search copy of a message (``corpus.normalize.fold_text``).
"""

from __future__ import annotations

import re

from corpus.annotations import Language

_CASE = re.IGNORECASE

PRONOUN = re.compile(
    r"[他她](?:们俩|们|俩)?|[二两]人|两位|[这那]位|此人|[那这](?:个|两个|几个)?人|"
    r"\b(?:(?:those|these|the|of the) two(?: (?:guys|guests|speakers|people))?|he|she|him|her|his|hers|they|them|their|"
    r"theirs|(?:the same|that|this) (?:person|guy|man|woman|guest|speaker))\b",
    _CASE,
)
PLURAL = re.compile(
    r"[他她](?:们|俩)|[二两]人|两位|谁更|哪个更|"
    r"\b(?:they|them|their|theirs|both|(?:those|these|the) two|who(?:'s| is| sounds)? (?:the )?(?:more|less))\b",
    _CASE,
)
DEMONSTRATIVE = re.compile(
    r"[这那](?:个|点|一点|件事|事|种|些|样|话|句)|此事|上述|前面|刚才|刚刚|前者|后者|其中|它|[这那](?=说明|意味|是|会|能|算|对)|"
    r"\b(?:this|that|these|those|it|its|the (?:former|latter)|such|same|there)\b",
    _CASE,
)
# What is set aside: "not Ann", "除了张三".
NOT_THEM = re.compile(
    r"(?:不是|而非|不要|别|除了|除|"
    r"\bnot\b|\brather than\b|\bexcept\b|\bbesides\b|\bother than\b|\bapart from\b|instead of)\s*$",
    _CASE,
)
SETS_ASIDE = re.compile(r"\W*(?:除|不是|别|not\b|except\b|besides\b|other than\b|apart from\b|instead of\b)", _CASE)
# Who is asked for: with it, the one person who is named is not the one who speaks ("who disagrees with Ann?").
WHO = re.compile(
    r"谁|有人|哪[位个些](?:人|嘉宾)?|"
    r"\b(?:who|whom|anyone|anybody|someone|somebody|which (?:guest|speaker|panell?ist|one)s?)\b",
    _CASE,
)
ASKS = re.compile(r"[?？]|[吗么呢]\W*$")
# The event itself: words that are no matter of a question about it.
SCENE = re.compile(
    r"辩论|讨论|节目|会议|直播|访谈|播客|电话会|这场|这期|现场|文字稿|"
    r"\b(?:debate|discussion|show|episode|podcast|meeting|panel|session|call|event|programme|program|hearing|interview|"
    r"conversation|talk|transcript|recording|here|today|evening|night)s?\b",
    _CASE,
)
# Those who take part and do not host, by that word.
GUESTS = re.compile(r"嘉宾|嘉賓|来宾|來賓|与谈人|\b(?:guests?|panell?ists?|interviewees?|debaters?)\b", _CASE)
TWO = re.compile(r"[二两]|\btwo\b", _CASE)
# What may stand between two names that are asked about alike.
AND = re.compile(r"\s*(?:and|&|vs\.?|versus|or|,|和|与|跟|及|同|、|，|还是|对)\s*", _CASE)
ORDINALS = {c: n for n, group in enumerate(("一1", "二2", "三3", "四4", "五5", "六6")) for c in group} | {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2, "fourth": 3,
    "fifth": 4, "last": -1,
}  # fmt: skip
# One of several things that were said or counted out.
POINTED = re.compile(
    r"第\s*([一二三四五六1-6])\s*(?:[点条句段种项件个](?:观点|理由|原因|引用|说法|来源|例子|方法|问题)?)?(?![人季])|"
    r"\b(?:the )?(first|second|third|fourth|fifth|last|1st|2nd|3rd) "
    r"(?:point|one|quote|argument|reason|claim|item|part|view|way|source|option|example|factor|statement|thing)s?\b|"
    r"\bthe (former|latter|second|third|first)(?=\W*$|, )",
    _CASE,
)
# Where a speaker counts something out; what follows each is an item.
ENUMERATED = re.compile(
    r"首先(?:是)?|其次(?:是)?|再次(?:是)?|然后(?:是)?|最后(?:是)?|还要(?:靠)?|[一二三四]是(?=.)|第[一二三四](?=[,，、:是])|"
    r"\b(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|one is|the other is)\b[,:]?",
    _CASE,
)
# A person or firm in a question without its speakers' names: two capitalised words, or one inside Chinese.
THIRD_PARTY = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+|(?<=[\u4e00-\u9fff ])[A-Z][a-z]{3,}(?=[\u4e00-\u9fff ?？])")
_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "一": 1, "两": 2, "俩": 2, "二": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "十": 10,
}  # fmt: skip
_POINTS = re.compile(
    rf"(\d{{1,2}}|{'|'.join(_SMALL)})[\s-]*(?:(?:short|main|key|brief|quick)\s+)?"
    r"(?:bullets?(?: points?)?|points?|sentences?|lines?|takeaways?|items?|reasons?|个?(?:点|条|句话|句子|句|要点)|行)",
    _CASE,
)


def points_of(text: str) -> int | None:
    """How many points a message wants, 1 to 20; None where it does not say."""
    match = _POINTS.search(text)
    if match is None:
        return None
    word = match[1].casefold()
    number = int(word) if word.isdigit() else _SMALL[word]
    return number if 1 <= number <= 20 else None


_TABLE = re.compile(r"\btables?\b|\btabular\b|\bspreadsheet|表格|列(?:个|成|一个)?表|做(?:个|成)表", _CASE)
_BULLETS = re.compile(r"\bbullets?\b|\bbullet points?\b|\bnumbered list\b|要点|分点|分条|逐条|一条条|列点", _CASE)


def form_of(text: str) -> str:
    """ "table", "bullets" or "prose": the layout that a message names."""
    return "table" if _TABLE.search(text) else "bullets" if _BULLETS.search(text) else "prose"


def language_named(text: str) -> Language | None:
    """The language that a message names last: "…into English"; None where it names none."""
    found = re.findall(r"(英文|英语|英文版|\benglish\b)|(中文|汉语|\bchinese\b|\bmandarin\b)", text, _CASE)
    return None if not found else "en" if found[-1][0] else "zh"


def quoted_in(text: str) -> str:
    """The first words that a message puts in quotation marks; empty without any."""
    match = re.search(r"[\"“”「『]([^\"“”」』]{1,60})[\"“”」』]", text)
    return match[1].strip() if match else ""
