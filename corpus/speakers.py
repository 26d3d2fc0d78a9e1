"""Who a text means: names, given names and descriptions such as "济容投资的CEO" → speakers.

Knows the debate's own labels and roles and the usual words for roles in Chinese and English; claims nothing that the
text does not support. A description that fits two speakers ("Esoterica 的两位") means both.

    >>> people = make_speakers(["Ann Lee", "Bob Ray"], {"Bob Ray": "Acme Capital 首席执行官"})
    >>> [s.name for s in find_speakers("What did the CEO of Acme Capital say?", people)]
    ['Bob Ray']
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.errors import UnknownSpeakerError
from corpus.normalize import fold_text
from corpus.types import Speaker

# The ways people say a title; a role that holds one of them has them all.
_TITLES: tuple[tuple[str, ...], ...] = (
    ("首席执行官", "ceo", "chief executive"),
    ("首席投资官", "cio", "chief investment officer"),
    ("首席财务官", "cfo", "chief financial officer"),
    ("首席技术官", "cto", "chief technology officer"),
    ("联合创始人", "创始人", "co-founder", "cofounder", "founder"),
    ("管理合伙人", "合伙人", "managing partner", "partner"),
    ("主理人", "主持人", "主持", "host", "moderator"),
    ("研究员", "researcher"),
    ("经理", "manager"),
    ("总监", "director"),
    ("分析师", "analyst"),
    ("经济学家", "economist"),
    ("教授", "professor"),
)
_HOST = re.compile(r"(?<![a-z])host(?![a-z])|主持|主理人|moderator", re.IGNORECASE)
_HOSTS = re.compile(
    r"(?:两位|所有|各位)?主持人?们?|(?<![a-z])(?:both |the )?(?:hosts?|moderators?|interviewers?)(?![a-z])"
)
# Organisations in a role: capitalised Latin runs and bracketed names; 前… ("formerly at") is told apart.
_ORGANISATION = re.compile(r"[A-Z][A-Za-z&.\-]*(?:\s+[A-Z][A-Za-z&.\-]*)*|(?<=[(（《])[^()（）《》]{2,20}(?=[)）》])")
_PRINTED_TITLE = re.compile(
    r"(?<![A-Za-z])(?<!The )(?:"
    + "|".join(way for ways in _TITLES for way in ways if way.isascii())
    + r")(?: officer)?(?![A-Za-z])",
    re.IGNORECASE,
)
_FORMER = re.compile(r"前(微软|谷歌|[\u4e00-\u9fff]{2,4}?)(?=能源|战略|科研|首席|[^\u4e00-\u9fff])")
# First words that name nobody: forms of address, kinds of speaker, and names that are also everyday verbs.
_NOT_GIVEN = frozenset(
    {"dr", "mr", "mrs", "ms", "prof", "sir", "speaker", "guest", "audience", "host", "moderator", "the", "will", "may"}
)
# First words of an organisation that do not name it: "The Economist", "Bank of …".
_NOT_FIRST = frozenset(
    {
        "the",
        "a",
        "first",
        "new",
        "old",
        "bank",
        "fund",
        "university",
        "institute",
        "national",
        "general",
        "global",
        "united",
        "us",
    }
)
_RANKS = frozenset(
    {"senior", "vice", "president", "head", "chief", "officer", "former", "editor", "lead", "chair", "chairman"}
)
_REACH = 14  # characters between an organisation and a title that describe one person


class Mention(NamedTuple):
    """A stretch ``[start, end)`` of a folded text that names speakers (several when it fits several)."""

    start: int
    end: int
    speakers: tuple[Speaker, ...]


def slug(name: str) -> str:
    """Id of a name: folded, with hyphens for what is neither letter nor digit."""
    return re.sub(r"[^\w]+", "-", fold_text(name)).strip("-") or "x"


def make_speakers(labels: Iterable[str], roles: Mapping[str, str]) -> tuple[Speaker, ...]:
    """Speakers in order of first appearance, with the aliases that their names and roles support."""
    names = list(dict.fromkeys(labels))
    given = Counter(first for first in map(_given_name, names) if first)
    times: Counter[str] = Counter()
    used: set[str] = set()
    made = []
    for name in names:
        base = identifier = slug(name)
        times[base] += 1
        while identifier in used:  # "Ann Lee", "Ann-Lee" and "Ann Lee 2" are three people
            identifier = f"{base}-{times[base]}"
            times[base] += 1
        used.add(identifier)
        first, role = _given_name(name), roles.get(name, "")
        aliases = ([first] if first and given[first] == 1 else []) + [f"前{org}" for org in _FORMER.findall(role)]
        aliases += [f"{org} {title}" for org in _organisations(role) for title in _printed_titles(role)]
        is_host = bool(_HOST.search(role) or _HOST.fullmatch(name))
        made.append(Speaker(id=identifier, name=name, role=role, aliases=tuple(aliases), is_host=is_host))
    return tuple(made)


def _given_name(name: str) -> str | None:
    parts = name.split()
    if len(parts) < 2 or len(parts[0]) < 2 or parts[0].casefold() in _NOT_GIVEN:
        return None
    return parts[0] if parts[0].isascii() and parts[0][0].isalpha() else None


def _organisations(role: str) -> list[str]:
    # "CEO" is capitalised too; left in, any CEO in a question would be this speaker.
    found = _ORGANISATION.findall(_PRINTED_TITLE.sub(";", role))
    return [
        org
        for org in found
        if ";" not in org and not _HOST.search(org) and not _RANKS.issuperset(org.casefold().split())
    ]


def _titles(role: str) -> list[str]:
    if not role:
        return []
    folded = fold_text(role)
    # By whole words: there is a "cto" in every director.
    return [way for ways in _TITLES if any(_pattern(way).search(folded) for way in ways) for way in ways]


def _printed_titles(role: str) -> list[str]:
    folded = fold_text(role)
    return [title for title in _titles(role) if _pattern(title).search(folded)]


def find_mentions(text: str, speakers: Sequence[Speaker]) -> tuple[Mention, ...]:
    """Where a text names speakers, in order; the longest name wins where names overlap.

    The text is folded first and 的 and 's are dropped, so offsets are those of ``comparable(text)``.
    """
    folded = comparable(text)
    owners, organisations = _lexicon(tuple(speakers))
    taken: list[Mention] = []
    covered = bytearray(len(folded))

    def take(start: int, end: int, who: tuple[Speaker, ...]) -> None:
        if who and not any(covered[start:end]):
            covered[start:end] = b"\x01" * (end - start)
            taken.append(Mention(start, end, who))

    for alias in sorted(owners, key=len, reverse=True):
        for match in _pattern(alias).finditer(folded):
            take(*match.span(), owners[alias])
    for organisation, members in organisations.items():
        for match in _pattern(organisation).finditer(folded):
            # "the CEO of Esoterica", "济容投资的CEO": a title close by picks one member; alone it means them all.
            start, end = max(0, match.start() - _REACH), match.end() + _REACH
            near = folded[start:end]
            titled = [s for s in members if any(_pattern(title).search(near) for title in _titles(s.role))]
            # Two hosts of one show: 主理人 is the one whose role says so.
            printed = [s for s in titled if any(_pattern(title).search(near) for title in _printed_titles(s.role))]
            take(*match.span(), tuple(printed or titled or (s for s in members if not s.is_host)))
    hosts = tuple(speaker for speaker in speakers if speaker.is_host)
    for match in _HOSTS.finditer(folded):
        take(*match.span(), hosts)
    return tuple(sorted(taken, key=lambda mention: mention.start))


def find_speakers(text: str, speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """The speakers a text names, in order of mention, each once."""
    return tuple(dict.fromkeys(s for mention in find_mentions(text, speakers) for s in mention.speakers))


def resolve_speaker(name: str, speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """A speaker filter as somebody typed it → the speakers it means.

    Raises:
        UnknownSpeakerError: It means nobody in this debate.
    """
    wanted = comparable(name).strip()
    exact = tuple(s for s in speakers if wanted in (comparable(s.name), comparable(s.id)))
    found = exact or find_speakers(name, speakers)
    if not found:
        known = ", ".join(s.name for s in speakers[:20]) + (", …" if len(speakers) > 20 else "")
        raise UnknownSpeakerError(f"No speaker matches {name[:60]!r}; the debate has {known}.")
    return found


def comparable(text: str) -> str:
    """The copy of a text in which names are looked for."""
    return fold_text(text).replace("的", "").replace("'s", "").replace("’s", "")


_Lexicon = tuple[dict[str, tuple[Speaker, ...]], dict[str, tuple[Speaker, ...]]]


@lru_cache(maxsize=64)
def _lexicon(speakers: tuple[Speaker, ...]) -> _Lexicon:
    """Alias → its owners, and organisation → its members; both folded."""
    owners: dict[str, tuple[Speaker, ...]] = {}
    organisations: dict[str, tuple[Speaker, ...]] = {}
    for speaker in speakers:
        for alias in (speaker.name, *speaker.aliases):
            key = comparable(alias).strip()
            owners[key] = tuple(dict.fromkeys((*owners.get(key, ()), speaker)))
        for organisation in _organisations(speaker.role):
            words = comparable(organisation).split()
            # "Esoterica" for Esoterica Capital, but not "the" for The Economist
            keys = {" ".join(words)} | ({words[0]} if words[0] not in _NOT_FIRST and len(words[0]) > 2 else set())
            for key in keys:
                organisations[key] = tuple(dict.fromkeys((*organisations.get(key, ()), speaker)))
    owners.pop("", None)
    return owners, organisations


@lru_cache(maxsize=4096)
def _pattern(alias: str) -> re.Pattern[str]:
    # A Latin name must not be part of a longer Latin word ("rob" in "robot"); Chinese has no word boundaries.
    left = r"(?<![a-z0-9])" if alias[0].isascii() and alias[0].isalnum() else ""
    right = r"(?![a-z0-9])" if alias[-1].isascii() and alias[-1].isalnum() else ""
    return re.compile(left + re.escape(alias).replace(r"\ ", r"\s+") + right)
