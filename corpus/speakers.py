"""Who a text means: names, given names and descriptions such as "济容投资的CEO" → speakers.

Knows the debate's own labels and roles and the usual words for roles in Chinese and English; claims nothing that the
text does not support. A description that fits two speakers ("Esoterica 的两位") means both.

    >>> people = make_speakers(["Ann Lee", "Bob Ray"], {"Bob Ray": "Acme Capital 首席执行官"})
    >>> [s.name for s in find_speakers("What did the CEO of Acme Capital say?", people)]
    ['Bob Ray']
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.called import called, titled
from corpus.errors import UnknownSpeakerError
from corpus.misspelt import closest, misspelt, says_after, stands_as_name
from corpus.normalize import Folded, fold, fold_text
from corpus.readers.aliases import Person, aliases_of
from corpus.readers.lexicon import words
from corpus.readers.roles import any_role, is_role, leads, pattern, printed
from corpus.types import UNKNOWN, UNKNOWN_NAME, Speaker

NOBODY_KNOWN = Speaker(id=UNKNOWN, name=UNKNOWN_NAME, is_known=False)

# Organisations in a role: capitalised Latin runs and bracketed names; 前… ("formerly at") is told apart.
_ORGANISATION = re.compile(
    r"[A-ZÀ-Þ][A-Za-zÀ-ÿ&.\-]*(?:\s+[A-ZÀ-Þ][A-Za-zÀ-ÿ&.\-]*)*|(?<=[(（《])[^()（）《》]{2,20}(?=[)）》])"
)
# "translator from Persian", "hill of Gasiza": where something is from, unless a title stands before (masked as ";").
_PLACE = re.compile(r"(?<![;)])\s+(?:from|of|in)\s+(?:the\s+)?$", re.IGNORECASE)
_FORMER = re.compile(r"前(微软|谷歌|[\u4e00-\u9fff]{2,4}?)(?=能源|战略|科研|首席|[^\u4e00-\u9fff])")
# First words of an organisation that do not name it: "The Economist", "Bank of …".
_NOT_FIRST = words("organisations")
_RANKS = words("ranks")
_FROM = re.compile(r"\b(?:from|at|of|with)\s+(?:the\s+)?$")
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
    """Speakers in order of first appearance, named as labelled, with the aliases that names and roles support."""
    people = [Person(name) for name in dict.fromkeys(labels)]
    return speakers_from(people, roles, aliases_of(people, initials=False))


def speakers_from(
    people: Sequence[Person], roles: Mapping[str, str], aliases: Sequence[tuple[str, ...]]
) -> tuple[Speaker, ...]:
    """Speakers from people and what else they are called, in the same order; ids are made of the names."""
    times: Counter[str] = Counter()
    used: set[str] = {UNKNOWN}
    made = []
    for person, other_names in zip(people, aliases, strict=True):
        base = identifier = slug(person.name)
        times[base] += 1
        while identifier in used:  # "Ann Lee", "Ann-Lee" and "Ann Lee 2" are three people
            identifier = f"{base}-{times[base]}"
            times[base] += 1
        used.add(identifier)
        role = roles.get(person.name, "")
        hosts = leads(role) or (is_role(_unnumbered(person.name)) and leads(person.name))
        made.append(
            Speaker(
                id=identifier,
                name=person.name,
                role=role,
                aliases=tuple(dict.fromkeys((*other_names, *role_aliases(role)))),
                is_host=hosts,
                host_probability=float(hosts),
            )
        )
    return tuple(made)


def role_aliases(role: str) -> tuple[str, ...]:
    """Ways to name somebody by organisation and title: "Acme Capital CEO"."""
    titles = [title for _, there in printed(role) for title in there]
    former = [f"前{org}" for org in _FORMER.findall(role)]
    return (*former, *(f"{org} {title}" for org in _organisations(role) for title in titles))


def _unnumbered(name: str) -> str:
    return re.sub(r"[\s#_-]*\d{1,2}$", "", name)


@lru_cache(maxsize=4096)
def _organisations(role: str) -> tuple[str, ...]:
    # "CEO" is capitalised too; left in, any CEO in a question would be this speaker.
    copy, masked = fold(role), list(role)
    for match in any_role().finditer(copy.text):
        if copy.text[: match.start()].endswith("the "):
            continue  # The Economist
        for at in range(copy.origin[match.start()], copy.origin[match.end() - 1] + 1):
            masked[at] = ";" if masked[at] != " " else " "
    text = "".join(masked)
    found = [match[0] for match in _ORGANISATION.finditer(text) if not _PLACE.search(text[: match.start()])]
    return tuple(
        org
        for org in found
        if ";" not in org and len(org) > 1 and not leads(org) and not _RANKS.issuperset(org.casefold().split())
    )


def find_mentions(
    text: str, speakers: Sequence[Speaker], *, fuzzy: bool = False, said: str = ""
) -> tuple[Mention, ...]:
    """Where a text names speakers, in order; the longest name wins where names overlap.

    The text is folded first and 的 and 's are dropped, so offsets are those of ``comparable(text)``.

    Args:
        text: a question, or words of ours.
        speakers: everybody who speaks.
        fuzzy: whether a misspelt name, or one in the other script, counts too; for questions only.
        said: the words of the debate, which no misspelling can be.
    """
    copy, everybody = _comparable(text), tuple(speakers)
    folded = copy.text
    owners, organisations = _lexicon(everybody)
    taken: list[Mention] = []
    covered = bytearray(len(folded))

    def take(start: int, end: int, who: tuple[Speaker, ...]) -> None:
        if who and not any(covered[start:end]):
            covered[start:end] = b"\x01" * (end - start)
            taken.append(Mention(start, end, who))

    for alias in (alias for alias in owners if alias.partition(" ")[0] in folded):
        for match in pattern(alias).finditer(folded):
            if _is_meant(alias, text, copy, match, owners[alias][0]):
                take(*_with_title(folded, match, owners[alias]))
    for organisation, members in organisations.items():
        for match in pattern(organisation).finditer(folded) if organisation.partition(" ")[0] in folded else ():
            take(*match.span(), _members(copy.text, match, members))
    for start, end, who in called(folded, everybody):
        take(start, end, who)
    if fuzzy:
        places = [(mention.start, mention.end) for mention in taken]
        for start, end, who in misspelt(text, copy, places, everybody, said):
            take(start, end, who)
    return tuple(sorted(taken, key=lambda mention: mention.start))


def _is_meant(alias: str, text: str, copy: Folded, match: re.Match[str], owner: Speaker) -> bool:
    """Whether a word that is a name and may be another word too names somebody here."""
    if " " in alias or not alias.isascii():
        return True
    typed = text[copy.origin[match.start()] : copy.origin[match.end() - 1] + 1]
    if len(alias) == 2 and any(way.isupper() and way.casefold() == alias for way in owner.aliases):
        return typed.isupper()  # initials
    return alias not in words("everyday") or stands_as_name(text, copy, *match.span())


def _with_title(folded: str, match: re.Match[str], who: tuple[Speaker, ...]) -> tuple[int, int, tuple[Speaker, ...]]:
    start, meant = titled(folded, match.start(), who)
    return start, match.end(), meant


def _members(folded: str, match: re.Match[str], members: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
    """Whom an organisation means: "the CEO of Esoterica", "济容投资的CEO"; alone it means all its members."""
    near = folded[max(0, match.start() - _REACH) : match.end() + _REACH]
    named = [(s, printed(s.role)) for s in members]
    titled = [s for s, roles in named if any(pattern(way).search(near) for c, _ in roles for way in c.ways)]
    # Two hosts of one show: 主理人 is the one whose role says so.
    exact = [s for s, roles in named if any(pattern(way).search(near) for _, there in roles for way in there)]
    if exact or titled:
        return tuple(exact or titled)
    alone = " " not in match[0].strip() and not any("\u3400" <= c <= "\u9fff" for c in folded)
    if alone and not _FROM.search(folded[: match.start()]) and not says_after(folded, match.end()):
        return ()  # one word, such as a place, that is merely spoken of
    return tuple(s for s in members if not s.is_host)


def find_speakers(
    text: str, speakers: Sequence[Speaker], *, fuzzy: bool = False, said: str = ""
) -> tuple[Speaker, ...]:
    """The speakers a text names, in order of mention, each once; arguments as ``find_mentions``."""
    mentions = find_mentions(text, speakers, fuzzy=fuzzy, said=said)
    return tuple(dict.fromkeys(s for mention in mentions for s in mention.speakers))


def resolve_speaker(name: str, speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """A speaker filter as somebody typed it → the speakers it means.

    Raises:
        UnknownSpeakerError: It means nobody in this debate, or is misspelt and may mean several; names them.
    """
    wanted = comparable(name).strip()
    exact = tuple(s for s in speakers if wanted in (comparable(s.name), comparable(s.id)))
    exact = exact or tuple(s for s in speakers if wanted in map(comparable, s.aliases))
    found = exact or find_speakers(name, speakers, fuzzy=True)
    near = () if found else closest(name[:60], tuple(speakers))
    if len(near) == 1:
        return near
    if near:
        raise UnknownSpeakerError(
            f"{name[:60]!r} may mean {' or '.join(s.name for s in near[:5])}; write the name in full."
        )
    if not found:
        known = ", ".join(s.name for s in speakers[:20]) + (", …" if len(speakers) > 20 else "")
        raise UnknownSpeakerError(f"No speaker matches {name[:60]!r}; the debate has {known}.")
    return found


def comparable(text: str) -> str:
    """The copy of a text in which names are looked for."""
    return _comparable(text).text


def folded_spans(text: str, mentions: Iterable[Mention]) -> list[tuple[int, int]]:
    """Where mentions stand in the search copy of a text (``fold_text``); they are told in its ``comparable`` copy."""
    origin, copy = _comparable(text).origin, fold(text).origin
    return [
        (bisect_left(copy, origin[m.start]), bisect_right(copy, origin[m.end - 1])) for m in mentions if m.end > m.start
    ]


def _comparable(text: str) -> Folded:
    folded, origin = fold(text)
    for dropped in ("的", "'s", "’s"):
        parts: list[str] = []
        kept: list[int] = []
        at = 0
        while (found := folded.find(dropped, at)) >= 0:
            parts.append(folded[at:found])
            kept.extend(origin[at:found])
            at = found + len(dropped)
        if at:
            folded, origin = "".join((*parts, folded[at:])), (*kept, *origin[at:])
    return Folded(folded, origin)


_Lexicon = tuple[dict[str, tuple[Speaker, ...]], dict[str, tuple[Speaker, ...]]]


@lru_cache(maxsize=64)
def _lexicon(speakers: tuple[Speaker, ...]) -> _Lexicon:
    """Alias → its owners, the longest first, and organisation → its members; both folded."""
    owners: dict[str, tuple[Speaker, ...]] = {}
    organisations: dict[str, tuple[Speaker, ...]] = {}
    named = {comparable(speaker.name).strip() for speaker in speakers}
    for speaker in speakers:
        own = comparable(speaker.name).strip()
        for alias in (speaker.name, *speaker.aliases):
            key = comparable(alias).strip()
            if key == own or key not in named:  # a whole name is its bearer's, whoever else is called so for short
                owners[key] = tuple(dict.fromkeys((*owners.get(key, ()), speaker)))
        for organisation in _organisations(speaker.role):
            words_ = comparable(organisation).split()
            # "Esoterica" for Esoterica Capital, but not "the" for The Economist
            keys = {" ".join(words_)} | ({words_[0]} if words_[0] not in _NOT_FIRST and len(words_[0]) > 2 else set())
            for key in keys:
                organisations[key] = tuple(dict.fromkeys((*organisations.get(key, ()), speaker)))
    owners.pop("", None)
    return dict(sorted(owners.items(), key=lambda item: -len(item[0]))), organisations
