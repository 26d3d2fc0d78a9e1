"""What a reader found → who speaks: one speaker a person, whatever the labels look like.

Labels that differ in capitals, white space, invisible characters or final punctuation are one person's; a role, an
abbreviation or a form of address is told from the name. What may be one person and is not surely so (Thomas and Tomas
Weil, Mr. HALE and Mr. ROBERT HALE) stays two and is a doubt. Pure; the overlay of a reader's corrections is another's.

    >>> from corpus.readers.reading import Layer
    >>> layer = Layer("example")
    >>> layer.turn("ANN LEE, CEO"); layer.say("We repair the roof."); layer.turn("Ann\\xa0Lee"); layer.say("Soon.")
    >>> cast = identify(layer.reading())
    >>> [(who.name, who.role) for who in cast.speakers], sorted(cast.of_label)
    ([('Ann Lee', 'CEO')], ['ANN LEE, CEO', 'Ann Lee'])
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.normalize import fold_text
from corpus.readers.aliases import Person, aliases_of, small_words
from corpus.readers.belief import plain
from corpus.readers.introductions import introduced, names_himself
from corpus.readers.naming import Named, cleaned, is_generic, is_han, is_unknown, read_label, surname_of
from corpus.readers.reading import Reading, ReadTurn
from corpus.readers.roles import concepts_in
from corpus.readers.variants import may_be_same
from corpus.speakers import NOBODY_KNOWN, speakers_from
from corpus.types import Doubt, Speaker

_INTRODUCED = 400  # people whose introductions are looked for; a file with more is a roll call
_KANA = range(0x3041, 0x30FF)


class Cast(NamedTuple):
    """Everybody who speaks in a reading."""

    speakers: tuple[Speaker, ...]  # in order of first appearance
    of_label: dict[str, str]  # label as read → speaker id; turns without a name are the speaker "unknown"
    doubts: tuple[Doubt, ...]  # proposed merges and names, each with its line
    of_turn: tuple[str, ...]  # speaker id of every turn, where one label ("The Chair") stands for several people


class _Group:
    """The labels of one person."""

    def __init__(self, line: int) -> None:
        self.line = line  # of the first turn
        self.names: Counter[str] = Counter()  # spelling → turns
        self.labels: list[str] = []
        self.also: list[str] = []
        self.roles: Counter[str] = Counter()  # by the labels and turns → turns

    @property
    def name(self) -> str:
        """The best-cased spelling; of equals the most used, then the first."""
        return max(self.names, key=lambda name: (not name.isupper() and not name.islower(), self.names[name]))

    def person(self) -> Person:
        """The name with all else that the labels say."""
        known = {fold_text(name) for name in (self.name, *self.also)}
        labels = {folded: label for label in reversed(self.labels) if (folded := fold_text(label)) not in known}
        return Person(self.name, tuple(dict.fromkeys(self.also)), tuple(reversed(labels.values())))


def identify(reading: Reading) -> Cast:
    """Tell who speaks.

    Args:
        reading: what a reader found; its ``names`` and ``roles`` are what the file's own tables say.
    """
    japanese = _is_japanese(reading.raw)
    groups, of_turn = _grouped(reading, japanese)
    known = [key for key in groups if key]
    people = {key: groups[key].person() for key in known}
    roles = _roles(reading, groups, people, japanese)
    seen = small_words(reading.raw) - {part for g in groups.values() for label in g.labels for part in label.split()}
    others = aliases_of([people[key] for key in known], japanese=japanese, seen=seen)
    others = [
        _without_words(aliases, people[key].name, reading.raw) for key, aliases in zip(known, others, strict=True)
    ]
    made = dict(zip(known, speakers_from([people[key] for key in known], roles, others), strict=True))
    ids = {key: made[key].id if key else NOBODY_KNOWN.id for key in groups}
    turns = tuple(ids[key] for key in of_turn)
    of_label = {turn.name: who for turn, who in reversed([*zip(reading.turns, turns, strict=True)]) if turn.name}
    doubts = (*_merges(tuple(made.values()), groups, turns), *_unnamed(reading, made, turns))
    speakers = tuple(made.get(key, NOBODY_KNOWN) for key in groups)
    return Cast(speakers, of_label, tuple(sorted(doubts, key=lambda doubt: doubt.line)), turns)


def _is_japanese(raw: str) -> bool:
    kana = sum(1 for c in raw[:20_000] if ord(c) in _KANA)
    return kana > 0.1 * sum(1 for c in raw[:20_000] if "\u3041" <= c <= "\u9fff")


def _grouped(reading: Reading, japanese: bool) -> tuple[dict[str, _Group], list[str]]:
    """Key of a person → their labels, in order of first appearance, and the key of every turn; "" is nobody known."""
    full = {_key(short): name for short, name in reading.names}
    groups: dict[str, _Group] = {}
    keys: list[str] = []
    read: dict[tuple[str, str], tuple[Named, str]] = {}
    for turn in reading.turns:
        if turn.name is None or is_unknown(turn.name):
            groups.setdefault("", _Group(turn.line))
            keys.append("")
            continue
        label = (turn.name, turn.role)
        if label not in read:
            named = _named(*label, full, japanese)
            read[label] = (named, _key(named.name) or turn.name)  # "?;" is a name, too
        named, key = read[label]
        keys.append(key)
        group = groups.setdefault(key, _Group(turn.line))
        group.names[named.name] += 1
        if turn.name not in group.labels:
            group.labels.append(turn.name)
        group.also.extend(way for way in named.also if way not in group.also)
        if named.role:
            group.roles[named.role] += 1
    return groups, keys


def _named(label: str, role: str, full: Mapping[str, str], japanese: bool) -> Named:
    """What a label and the role beside it say, an abbreviation looked up in the file's own table."""
    named = read_label(label, japanese, role)
    listed = full.get(_key(label)) or full.get(_key(named.name))
    if listed is None:
        return named
    whole = read_label(listed, japanese)
    return Named(whole.name, whole.role or named.role, (*whole.also, named.name))


def _key(name: str) -> str:
    return plain(cleaned(name)).replace(".", "")


def _roles(
    reading: Reading, groups: Mapping[str, _Group], people: Mapping[str, Person], japanese: bool
) -> dict[str, str]:
    """Name → role: as listed in the file, else as labelled, else as somebody introduces them."""
    listed: dict[str, str] = {}
    for name, role in reading.roles:
        if any(_key(part) in groups for part in role.split(",")):
            continue  # a list of those present, not of roles
        named = read_label(name, japanese)
        listed.setdefault(_key(named.name), ", ".join(dict.fromkeys(filter(None, (named.role, role.strip())))))
    roles: dict[str, str] = {}
    silent: list[str] = []
    for key, group in groups.items():
        keys = [key, *map(_key, (*group.also, *group.labels))]
        labelled = [role for role in group.roles if not _is_aside(role, group)]
        role = next((listed[k] for k in keys if k in listed), "") or ", ".join(labelled[:2])
        if role:
            roles[people[key].name] = role
        elif key and not is_generic(group.name):
            silent.append(people[key].name)
    return roles | introduced(silent[:_INTRODUCED], reading.raw)


def _is_aside(role: str, group: _Group) -> bool:
    """Whether what stands beside a name now and then says how this was said: "quietly", "to Ann"."""
    if not role[:1].islower() or concepts_in(role):
        return False
    return group.roles[role] < group.names.total() or re.fullmatch(r"\w+ly|to .+", role) is not None


def _without_words(aliases: Sequence[str], name: str, raw: str) -> tuple[str, ...]:
    """The aliases without a Chinese given name that the debate uses as a word (卫星 of 王卫星)."""
    kept = []
    for alias in aliases:
        given = is_han(alias) and is_han(name) and surname_of(name) and name == surname_of(name) + alias
        if not given or not _is_word(alias, name, raw):
            kept.append(alias)
    return tuple(kept)


def _is_word(given: str, name: str, raw: str) -> bool:
    """Whether characters stand mostly within phrases; a name that somebody is called by stands before a comma."""
    places = [at for at in _places(given, raw) if raw[at - len(name) + len(given) : at + len(given)] != name]
    within = sum(1 for at in places if is_han(raw[at - 1 : at]) and is_han(raw[at + len(given) : at + len(given) + 1]))
    return len(places) > 2 and 2 * within > len(places)


def _places(words: str, raw: str) -> Iterator[int]:
    at = raw.find(words)
    while at >= 0:
        yield at
        at = raw.find(words, at + 1)


def _merges(speakers: tuple[Speaker, ...], groups: Mapping[str, _Group], turns: Sequence[str]) -> Iterator[Doubt]:
    """Pairs of names that may be one person's; the rarer one's first line says where."""
    lines = dict(zip((speaker.id for speaker in speakers), (g.line for k, g in groups.items() if k), strict=True))
    spoken = Counter(turns)
    replies = {frozenset(pair) for pair in pairwise(turns)}
    for less, more in may_be_same(speakers, spoken):
        # Two people who answer each other are two.
        if frozenset((less.id, more.id)) in replies and spoken[less.id] > 1:
            continue
        yield Doubt(
            line=lines[less.id],
            why=f"{less.name!r} may be {more.name!r} written another way; "
            f'`debate speakers FILE --merge "{less.name}={more.name}"` joins them.',
        )


def _unnamed(reading: Reading, made: Mapping[str, Speaker], turns: Sequence[str]) -> Iterator[Doubt]:
    """Speakers with a number instead of a name who say their name."""
    told: set[str] = set()
    names = {speaker.id: speaker.name for speaker in made.values()}
    for turn, who in zip(reading.turns, turns, strict=True):
        if not turn.name or turn.name in told or not is_generic(turn.name):
            continue
        name = names_himself(_opening(turn, reading.raw))
        if name:
            told.add(turn.name)
            label = names[who]
            yield Doubt(
                line=turn.line,
                why=f"{label!r} seems to be {name}; "
                f'`debate speakers FILE --rename "{label}={name}"` puts the name on all those words.',
            )


def _opening(turn: ReadTurn, raw: str) -> str:
    return " ".join(raw[piece.start : piece.end] for paragraph in turn.paragraphs[:1] for piece in paragraph)[:400]
