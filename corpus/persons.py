"""Who is one person over several debates: linked when names agree and roles do not contradict, undone by a reader.

Careful rather than clever: a bare given name, an office or "Speaker 1" links nobody; two bearers of one name whose
roles share nothing are two people, and somebody without a role who might be either is neither.

    >>> from corpus.parse import transcript_from_turns
    >>> talks = [transcript_from_turns([("Ann Lee", "Yes."), ("Bob", "No.")], name) for name in ("one", "two")]
    >>> [(p.name, len(p.voices)) for p in persons([(t.id, t) for t in talks])]
    [('Ann Lee', 2), ('Bob', 1), ('Bob', 1)]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from corpus.normalize import fold_text
from corpus.readers.naming import is_han, names_nobody, without_titles
from corpus.readers.roles import is_role, leads
from corpus.speakers import slug
from corpus.types import Speaker, Transcript

_SMALL = frozenset(("the", "a", "an", "of", "at", "for", "and", "in", "on", "to", "de", "la", "del", "von", "und"))


class Voice(NamedTuple):
    """A speaker in one debate."""

    sha256: str
    speaker: Speaker

    @property
    def key(self) -> str:
        """How a reader's links name it."""
        return f"{self.sha256}/{self.speaker.id}"


class Person(NamedTuple):
    """Somebody, and where they speak."""

    id: str  # unique among the persons of a library
    voices: tuple[Voice, ...]  # in the order of the debates; at least one

    @property
    def name(self) -> str:
        """As the latest debate labels them."""
        return self.voices[-1].speaker.name

    @property
    def role(self) -> str:
        """The latest role on record; empty where no debate tells one."""
        return next((v.speaker.role for v in reversed(self.voices) if v.speaker.role), "")

    def in_debate(self, sha256: str) -> tuple[Speaker, ...]:
        """Who they are in one debate."""
        return tuple(v.speaker for v in self.voices if v.sha256 == sha256)


def persons(
    debates: Sequence[tuple[str, Transcript]], links: Mapping[tuple[str, str], bool] | None = None
) -> tuple[Person, ...]:
    """Everybody who is known by name, over debates in order of date, in order of first appearance.

    Args:
        debates: hash and transcript of each.
        links: what a reader said of pairs of voices, by their keys in order: whether they are one person.
    """
    links = links or {}
    voices = [Voice(sha, s) for sha, transcript in debates for s in transcript.speakers if s.is_known]
    groups: list[list[Voice]] = []
    for voice in voices:
        fitting = [g for g in groups if _are_one(voice, g, links)]
        if len(fitting) == 1:
            fitting[0].append(voice)
        else:
            groups.append([voice])
    groups = _joined_by_hand(groups, links)
    place = {voice.key: at for at, voice in enumerate(voices)}
    return _named([sorted(group, key=lambda v: place[v.key]) for group in groups])


def _are_one(voice: Voice, group: Sequence[Voice], links: Mapping[tuple[str, str], bool]) -> bool:
    if any(_told(voice, other, links) is False for other in group):
        return False
    if any(other.sha256 == voice.sha256 for other in group):
        return False  # two labels of one file are two people, unless its reader merged them
    key = full_name(voice.speaker.name)
    return (
        bool(key)
        and any(full_name(other.speaker.name) == key for other in group)
        and not any(contradict(voice.speaker.role, other.speaker.role) for other in group)
    )


def _told(one: Voice, other: Voice, links: Mapping[tuple[str, str], bool]) -> bool | None:
    first, second = sorted((one.key, other.key))
    return links.get((first, second))


def _joined_by_hand(groups: list[list[Voice]], links: Mapping[tuple[str, str], bool]) -> list[list[Voice]]:
    for (one, other), same in links.items():
        if not same:
            continue
        first = next((g for g in groups if any(v.key == one for v in g)), None)
        second = next((g for g in groups if any(v.key == other for v in g)), None)
        if first is not None and second is not None and first is not second:
            first += second
            groups.remove(second)
    return groups


def _named(groups: Sequence[Sequence[Voice]]) -> tuple[Person, ...]:
    made: list[Person] = []
    taken: set[str] = set()
    for group in groups:
        base = identifier = slug(group[0].speaker.name)
        number = 2
        while identifier in taken:
            identifier, number = f"{base}-{number}", number + 1
        taken.add(identifier)
        made.append(Person(identifier, tuple(group)))
    return tuple(made)


def full_name(name: str) -> str:
    """A name as it is compared over debates; empty where it does not tell one person from another."""
    bare = without_titles(name).strip()
    if names_nobody(name) or not bare:
        return ""
    whole = len(bare) > 1 if is_han(bare) else len(bare.split()) > 1
    return " ".join(re.findall(r"\w+", fold_text(bare))) if whole else ""


def contradict(one: str, other: str) -> bool:
    """Whether two roles can hardly be one person's: both say something, and not one word of it alike.

    >>> contradict("CFO, Acme", "Acme Capital, chief executive"), contradict("harbour master", "teacher")
    (False, True)
    >>> contradict("Host", "teacher"), contradict("treasurer", "财政所长")
    (False, False)
    """
    if not one or not other or _is_part(one) or _is_part(other):
        return False
    first, second = _words(one), _words(other)
    if all(map(str.isascii, first)) != all(map(str.isascii, second)):
        return False  # of a role in another script nobody can say that it differs
    return not first & second


def _is_part(role: str) -> bool:
    """Whether a role tells only the part in the talk ("Host", 嘉宾)."""
    return is_role(role) and (leads(role) or fold_text(role).strip() in _PARTS)


_PARTS = frozenset(("guest", "panelist", "panellist", "speaker", "interviewer", "嘉宾", "记者"))


def _words(role: str) -> set[str]:
    text = fold_text(role)
    words = {w for w in re.findall(r"[^\W\u2e80-\u9fff]+", text) if w not in _SMALL}
    for run in re.findall(r"[\u2e80-\u9fff]+", text):
        words |= {run[at : at + 2] for at in range(len(run) - 1)}
    return words


def cast_of(everybody: Sequence[Person], transcripts: Sequence[Transcript]) -> Transcript:
    """All persons as the speakers of one transcript without words, by which a question to many debates is read.

    Its ``raw`` is the vocabulary of the debates, so that no word that was said passes for a misspelt name.
    """
    said = sorted({word for t in transcripts for word in re.findall(r"\w+", t.folded)})
    speakers = tuple(
        Speaker(
            id=person.id,
            name=person.name,
            role=person.role,
            aliases=_other_names(person),
            is_host=all(v.speaker.is_host for v in person.voices),
        )
        for person in everybody
    )
    return Transcript(
        id="library", title="", raw=" ".join(said), sha256="", speakers=speakers, sections=(), turns=(), sentences=()
    )


def _other_names(person: Person) -> tuple[str, ...]:
    every = (name for v in person.voices for name in (v.speaker.name, *v.speaker.aliases))
    return tuple(dict.fromkeys(name for name in every if name != person.name))
