"""What a question calls people beside their names: "the CFO", 周总, Mr Weil, "the analyst from North Bank".

Derived from names and roles alone, so that a changed role is known at once. A role names somebody only where exactly
one speaker has it; an office that a speaker is not known to hold ("Governor Ames", 周校长) is somebody else's. Pure.

    >>> from corpus.types import Speaker
    >>> people = (Speaker(id="a", name="Omar Reyes", role="CFO"), Speaker(id="b", name="周明", role="家长"))
    >>> [(at, who.name) for at, _, (who,) in called("what did the cfo say to 周先生?", people)]
    [(24, '周明'), (9, 'Omar Reyes')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.normalize import fold_text
from corpus.readers.aliases import surnames_read
from corpus.readers.naming import is_generic, is_han, surname_of, titles_of
from corpus.readers.roles import any_of, concepts_in, is_role, ways
from corpus.types import Speaker

Called = tuple[int, int, tuple[Speaker, ...]]  # start and end in the search copy, and who is meant

_HOSTS = re.compile(
    r"(?:两位|所有|各位)?主持人?们?|(?<![a-z])(?:both |the )?(?:hosts?|moderators?|interviewers?)(?![a-z])"
)
_SEGMENT = re.compile(r"[,，、;；/|()（）]|\s[-–—]+\s|\band\b")
_THE = r"(?<![a-z])(?:the|our|their|your|its)\s+"
_NOT_OF = r"(?![a-z0-9'’-])(?!\s+(?:of|at|from|for|in|who|whose|that)\b)"
# What is no usual word for a role ("fuel buyer") is somebody's only where somebody is asked about.
_ASKED_BEFORE = re.compile(r"\b(?:did|does|do|would|could|can|will|is|was|has|had|by|with|ask|asked)\s+$")
_SAYS_AFTER = re.compile(r"\s+(?:say|said|think|thought|want|ask|argue|claim|propose|believe|mean|suggest|answer)\w*\b")
# In Chinese a role is also a plain noun: it stands alone before a verb of saying when somebody is meant.
_ALONE = r"(?<![a-z0-9]\s)(?:^|(?<=[\s,，。?？!！、:：;；“\"那这请问和与跟同对位么]))"
_SAYS = (
    r"(?=(?:在.{1,8})?(?:对.{1,16}?)?(?:怎么|如何|为什么|为何|最后|到底|都?[说讲谈提问想]|认为|觉得|反对|支持|赞成|同意|主张|建议|"
    r"担心|回答|回应|解释|观点|看法|意见|态度|立场|理由|是谁|\W*$))"
)
# 总 and the like begin other words too.
_OTHER_WORD = {
    "总": "是共体量结额数算会之计能部价统理裁监经成负",
    "工": "作程业人资会厂地艺期",
    "董": "事",
    "君": "主子王",
    "氏": "族",
    "哥": "们",
    "伯": "特",
    "老师": "们",
}


class _Roles(NamedTuple):
    latin: Mapping[str, Speaker]
    han: Mapping[str, Speaker]
    latin_pattern: re.Pattern[str]
    han_pattern: re.Pattern[str]


def called(question: str, speakers: tuple[Speaker, ...]) -> Iterator[Called]:
    """Where a question names speakers by surname and form of address, as hosts, or by role, in that order.

    Args:
        question: its search copy, ``corpus.speakers.comparable``.
    """
    surnames, pattern = _surnames(speakers)
    for match in pattern.finditer(question):
        who = tuple(s for s in surnames[match["surname"]] if _may_be(s, match["title"]))
        if who:
            yield *match.span(), who
    hosts = tuple(speaker for speaker in speakers if speaker.is_host)
    for match in _HOSTS.finditer(question):
        yield *match.span(), hosts
    roles = _roles(speakers)
    for match in roles.latin_pattern.finditer(question):
        asked = _ASKED_BEFORE.search(question[: match.start()]) or _SAYS_AFTER.match(question, match.end())
        if asked or concepts_in(match["role"]):
            yield *match.span(), (roles.latin[" ".join(match["role"].split())],)
    for match in roles.han_pattern.finditer(question):
        yield *match.span(), (roles.han[" ".join(match["role"].split())],)


def titled(question: str, start: int, who: Sequence[Speaker]) -> tuple[int, tuple[Speaker, ...]]:
    """A surname found at ``start``: where its form of address begins, and who of its bearers may be called so.

    Nobody where the address is an office that none of them holds.
    """
    before = question[:start]
    match = re.search(rf"(?:{any_of('honorifics', 'before', 'rank').pattern})\.?\s+$", before)
    if match is None:
        return start, tuple(who)
    title = match[0].strip(" .")
    return match.start(), tuple(speaker for speaker in who if _may_be(speaker, title))


def _may_be(speaker: Speaker, title: str) -> bool:
    """Whether somebody may be addressed by a folded title."""
    lists = ways("honorifics")
    own = " ".join(titles_of(name) for name in (speaker.name, *speaker.aliases))
    for sex, other in (("male", "female"), ("female", "male")):
        if title in lists[sex] and set(own.split()) & set(lists[other]):
            return False
    if title not in lists["rank"] and title not in lists["person"]:
        return True
    held = fold_text(f"{speaker.role} {own} {speaker.name}")
    concepts = {concept.name for concept in concepts_in(held)}
    if title in held or concepts & {concept.name for concept in concepts_in(title)}:
        return True
    # In a record that gives nobody's office, "Senator Hale" is the one Hale who speaks.
    return title in lists["rank"] and not speaker.role and not set(own.split()) & set(lists["rank"])


@lru_cache(maxsize=64)
def _surnames(speakers: tuple[Speaker, ...]) -> tuple[Mapping[str, tuple[Speaker, ...]], re.Pattern[str]]:
    """Chinese and Japanese surnames with whose they are, and what finds one with a form of address behind it."""
    owners: dict[str, tuple[Speaker, ...]] = {}
    for speaker in speakers:
        for name in (speaker.name, *speaker.aliases):
            folded = fold_text(name)
            known = surname_of(folded) or _surname_before_title(folded)
            if not is_han(folded) or is_role(folded) or is_generic(folded) or len(folded) > 5:
                continue
            # Where a name begins with no Chinese surname, its first one or two characters may be one (森, 佐野).
            for surname in (known,) if known else (folded[:1], folded[:2]) if name == speaker.name else ():
                owners[surname] = tuple(dict.fromkeys((*owners.get(surname, ()), speaker)))
        for surname in _written(speaker.name):
            owners[surname] = tuple(dict.fromkeys((*owners.get(surname, ()), speaker)))
    if not owners:
        return {}, re.compile("(?!)")
    marks = sorted({*ways("honorifics")["after"], *ways("honorifics")["left"]}, key=len, reverse=True)
    after = "|".join(f"{mark}(?![{_OTHER_WORD[mark]}])" if mark in _OTHER_WORD else mark for mark in marks)
    names = "|".join(sorted(owners, key=len, reverse=True))
    # In "周先生(Ann)" the brackets say who is meant.
    return owners, re.compile(rf"(?P<surname>{names})(?P<title>{after})(?!\s?[(（])")


def _surname_before_title(name: str) -> str:
    """韩 of 近海韩婶: a surname before a form of address, behind words on who that is."""
    for mark in ways("honorifics")["after"]:
        if name.endswith(mark) and surname_of(name[: -len(mark)][-1:]):
            return name[: -len(mark)][-1]
    return ""


def _written(name: str) -> tuple[str, ...]:
    """The Chinese surnames that the last word of a name in Latin letters may be the pinyin of."""
    last = fold_text(name).split()[-1:]
    return surnames_read().get(last[0], ()) if last and " " in name.strip() else ()


@lru_cache(maxsize=64)
def _roles(speakers: tuple[Speaker, ...]) -> _Roles:
    """The words for roles that exactly one speaker has."""
    latin: dict[str, set[Speaker]] = {}
    han: dict[str, set[Speaker]] = {}
    for speaker in speakers:
        text = f"{speaker.role}, {speaker.name}" if is_role(speaker.name) else speaker.role
        for phrase in _phrases(text):
            (latin if phrase.isascii() or not is_han(phrase[0]) else han).setdefault(phrase, set()).add(speaker)
    one_latin = {phrase: next(iter(who)) for phrase, who in latin.items() if len(who) == 1}
    one_han = one_latin | {phrase: next(iter(who)) for phrase, who in han.items() if len(who) == 1}  # "CFO怎么看"
    return _Roles(
        one_latin,
        one_han,
        re.compile(f"{_THE}(?P<role>{_either(one_latin)}){_NOT_OF}"),
        re.compile(f"{_ALONE}(?P<role>{_either(one_han)}){_SAYS}"),
    )


def _either(phrases: Mapping[str, Speaker]) -> str:
    spelled = (re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(phrases, key=len, reverse=True))
    return "|".join(spelled) or "(?!)"


def _phrases(role: str) -> set[str]:
    """The ways to say a role: those of its concepts, its parts as they stand, and how these end."""
    found = {way for concept in concepts_in(role) if concept.name not in ("host", "guest") for way in concept.ways}
    for segment in _SEGMENT.split(fold_text(role)):
        tokens = segment.split()
        if tokens and is_han(segment.strip()):
            found.add(segment.strip())
        elif 0 < len(tokens) <= 5 and tokens[0] not in ("former", "ex", "at", "of", "from", "in"):
            # "the bus driver" is the night bus driver; "the driver" may be a cause of something.
            found.update(" ".join(tokens[at:]) for at in range(max(1, len(tokens) - 1)))
    return {phrase for phrase in found if len(phrase) > 2 and not phrase.startswith(("the ", "of ", "and "))}
