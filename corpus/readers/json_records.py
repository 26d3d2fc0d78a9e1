"""The objects of a JSON document → the records of speech among them.

A record is an object with a field of words; who speaks and when is said by its own fields, by an object within it, or
by the objects around it. A document often has the same words several times (whole, in sentences, in words): of all
groups of records the one is taken that ascribes most of its words to somebody, and has times.

    >>> found = speech([Node(("*",), {"who": "Ann", "text": "Is it late?", "start": 1.5}, None, True)])
    >>> [(record.name, record.words, record.moment.seconds) for record in found]
    [('Ann', 'Is it late?', 1.5)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.readers.fields import Moment, moment_in, plain_key, ranked
from corpus.readers.json_people import named, role_of
from corpus.readers.json_walk import Json, Node, Object, strings
from corpus.readers.utterances import units
from corpus.words import join_pieces

_HANDED_DOWN = ("speaker", "spk", "participant", "说话人", "发言人", "発言者", "redner", "orateur")
_KINDS = {"kind", "type", "itemtype", "subtype"}
_NOT_SPEECH = {
    "service", "recorder", "clerk", "linebreak", "metacharacters", "rollcall", "emptyline", "title", "heading", "note",
    "audioevent", "event", "timestamp", "procedural", "stagedirection", "excerpt", "tooluse", "toolresult",
}  # fmt: skip
_SERVICE = re.compile(  # what Slack and Discord note of themselves
    r"^(?:channel|group)(?:join|leave|topic|purpose|name|icon|pinned|archive|unarchive)|^guildmember|^recipient|^pinneditem"
)
_NO_PERSON = {"会議録情報"}  # the head of the minutes of the Japanese Diet is filed like a speech
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_BREAK = re.compile(r"</(?:p|div|li)>|<br\s*/?>", re.IGNORECASE)
_MINUTES = re.compile(r"^[○◎◆●△▲〇]\s?(?P<label>[^\s\u3000]{1,60})[\u3000 ]+")


class Record(NamedTuple):
    """A stretch of words with what the document says of it."""

    words: str
    name: str | None = None
    moment: Moment | None = None
    role: str = ""
    section: str = ""
    around: int = 0  # identity of the object that says who speaks
    siblings: int = 0  # identity of the object that holds it
    shape: tuple[str, str] = ("", "")  # its fields of words and of the speaker
    note: bool = False
    singles: tuple[tuple[str, Moment], ...] = ()  # its single words with their times, where it lists them
    others: frozenset[str] = frozenset()  # to whom single words of it are ascribed


class _Held(NamedTuple):
    """An object with words of its own."""

    node: Node
    field: str  # in which it has them
    words: str


Path = tuple[str, ...]


def speech(found: Sequence[Node], people: dict[str, str] | None = None) -> list[Record]:
    """The records of speech of a document, in order; none where it has no words in records.

    Args:
        found: its objects, in order.
        people: id → name, for speakers given by their ids.
    """
    wordy: dict[Path, list[_Held]] = {}
    for node in found:
        if "*" in node.path and (held := words_in(node.value)) is not None:
            wordy.setdefault(node.path, []).append(_Held(node, *held))
    if not wordy:
        return []
    groups = _groups(wordy, people or {})
    worth = {path: _covered(records) for path, records in groups.items()}
    near = [path for path in groups if worth[path] >= 0.95 * max(worth.values())]
    best = max(near, key=lambda path: (_fineness(groups[path], wordy[path]), worth[path]))
    groups[best] = [
        _with_singles(record, held.node, people or {}) for record, held in zip(groups[best], wordy[best], strict=True)
    ]
    chosen = [path for path in groups if path == best or _continues(groups[path], groups[best])]
    place = {id(node.value): number for number, node in enumerate(found)} if len(chosen) > 1 else {}
    pairs = [pair for path in chosen for pair in zip(groups[path], wordy[path], strict=True)]
    pairs.sort(key=lambda pair: place.get(id(pair[1].node.value), 0))
    return _without_one_channel([record for record, _ in pairs])


def _groups(wordy: dict[Path, list[_Held]], people: dict[str, str]) -> dict[Path, list[Record]]:
    """The records at each place of the document that may be the debate; words listed within a record are not."""

    def within(path: Path) -> Path | None:
        return next((other for other in wordy if other != path and path[: len(other)] == other), None)

    def is_reply(path: Path, other: Path) -> bool:
        # Answers under a message look like it; the single words of a sentence are shorter.
        alike = wordy[path][0].field == wordy[other][0].field
        return alike and sum(len(held.words) for held in wordy[path]) > 20 * len(wordy[path])

    outer = [path for path in wordy if (other := within(path)) is None or is_reply(path, other)]
    groups = {path: [_record(held, people) for held in wordy[path]] for path in outer}
    size = {path: sum(len(held.words) for held in held_there) for path, held_there in wordy.items()}
    named = any(record.name for records in groups.values() for record in records)
    if not named or max(size.values()) > 1.3 * max(size[path] for path in outer):
        # Only what is within the records may say who speaks, or hold the words of the debate.
        inner = (path for path in wordy if path not in groups)
        groups |= {path: [_record(held, people) for held in wordy[path]] for path in inner}
    return groups


def words_in(record: Object) -> tuple[str, str] | None:
    """The field in which an object holds words of its own, and these; None where it has no such field."""
    for key in ranked("words", record):
        value = record[key]
        if isinstance(value, str) and (value or plain_key(key) != "words"):
            return key, _without_tags(value)
        parts = strings(value)
        if parts:
            short = sum(units(part) for part in parts) < 3 * len(parts)
            return key, join_pieces(parts)[0] if short else "\n".join(parts)
        if isinstance(value, list) and value and all(_is_part(part) for part in value):
            return key, "".join(str(part.get("text")) if isinstance(part, dict) else str(part) for part in value)
    return None


def _is_part(value: Json) -> bool:
    """Whether it is a part of a message: a string, or {"type": "bold", "text": "…"}."""
    if isinstance(value, dict):
        return isinstance(value.get("text"), str) and isinstance(value.get("type"), str) and len(value) <= 4
    return isinstance(value, str)


def _without_tags(text: str) -> str:
    if "</" not in text and "<br" not in text:
        return text
    from html import unescape

    return unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def _record(held: _Held, people: dict[str, str]) -> Record:
    node, field, words = held
    around, given, key = _speaker(node)
    name = named(given, people)
    role = role_of(around.value, key) if around is not None else ""
    minutes = _MINUTES.match(words) if name else None
    if minutes:
        words = words[minutes.end() :]
        office = re.match(r"(.+?)[（(]", minutes["label"])
        role = role or (office[1] if office else "")
    return Record(
        words,
        None if name in _NO_PERSON else name,
        _moment(node),
        role,
        _section(node),
        id((around or node).value),
        id((node.parent or node).value),
        (plain_key(field), plain_key(key)),
        name in _NO_PERSON or _is_note(node),
    )


def _with_singles(record: Record, node: Node, people: dict[str, str]) -> Record:
    """A record with its single words, their times, and whom they are ascribed to."""
    singles = list(_singles(node.value))
    if len(singles) < 2:
        return record
    return record._replace(
        singles=tuple((word, at) for word, at, _ in singles if at is not None),
        others=frozenset(named(who, people) or "" for _, _, who in singles if who is not None),
    )


def _speaker(node: Node) -> tuple[Node | None, Json, str]:
    """The object that says who speaks a record's words, what it says, and in which field."""
    at: Node | None = node
    own = True
    while at is not None:
        for key in ranked("speaker", at.value):
            if _may_name(at.value[key], plain_key(key), at is node, own):
                return at, at.value[key], key
        within = next(_within(at.value), None) if own else None
        if within is not None:
            return at, *within
        own = own and not at.listed
        at = at.parent
    return None, None, ""


def _may_name(value: Json, key: str, is_record: bool, own: bool) -> bool:
    """Whether a field says who speaks; of what is around a record only where it can mean nothing else."""
    if isinstance(value, bool | float) or value in (None, "", [], {}):
        return False
    if key in ("speakers", "participants", "attendees") and not is_record:
        return False  # all who speak in the document
    if isinstance(value, list):
        return is_record and not any(isinstance(one, dict) and words_in(one) for one in value)
    if key == "channel":
        return is_record and isinstance(value, int)
    return own or key.startswith(_HANDED_DOWN)


def _within(record: Object) -> Iterator[tuple[Json, str]]:
    """Speakers named in objects that a record holds: {"meta": {"speaker": "Ann"}, "text": "…"}."""
    for child in record.values():
        if isinstance(child, dict):
            for key in ranked("speaker", child):
                if plain_key(key).startswith(_HANDED_DOWN) and child[key] and not isinstance(child[key], bool):
                    yield child[key], key


def _own_moment(record: Object) -> Moment | None:
    for key in ranked("time", record):
        value = record[key]
        found = moment_in(key, value)
        if found is None and isinstance(value, dict):
            found = _own_moment(value)
        if found is not None:
            return found
    return None


def _moment(node: Node) -> Moment | None:
    """When a record was said: its own time, or that of the part of the recording around it."""
    at: Node | None = node
    while at is not None and "*" in at.path:
        found = _own_moment(at.value)
        if found is not None and (at is node or not found.is_absolute):
            return found
        at = at.parent
    return None


def _section(node: Node) -> str:
    """Title of the part a record stands in: of the nearest object around it that is nobody's speech."""
    at = node.parent
    while at is not None and (at.parent is not None or at.listed):
        speaks = any(plain_key(key).startswith(_HANDED_DOWN) for key in at.value)
        titles = [at.value[key] for key in ranked("title", at.value) if plain_key(key) != "name"]
        titled = next((title for title in titles if isinstance(title, str) and 0 < len(title.strip()) <= 200), "")
        if titled and not speaks:
            return titled.strip()
        at = at.parent
    return ""


def _is_note(node: Node) -> bool:
    at: Node | None = node
    while at is not None:
        for key, value in at.value.items():
            if plain_key(key) in _KINDS and isinstance(value, str):
                kind = plain_key(value)
                if kind in _NOT_SPEECH or _SERVICE.match(kind):
                    return True
        at = None if at.listed else at.parent
    return False


def _singles(record: Object) -> Iterator[tuple[str, Moment | None, Json]]:
    """The single words that a record lists beside its text: word, time, whose."""
    for value in record.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for one in value:
                word = words_in(one) if isinstance(one, dict) else None
                if word and isinstance(one, dict):
                    yield word[1], _own_moment(one), next((one[key] for key in ranked("speaker", one)), None)


def _without_one_channel(records: list[Record]) -> list[Record]:
    """A single channel of sound is nobody's name."""
    channels = {record.name for record in records if record.shape[1] == "channel"}
    if len(channels) == 1 and all(record.shape[1] in ("channel", "") for record in records):
        return [record._replace(name=None) for record in records]
    return records


def _covered(records: Sequence[Record]) -> float:
    """How many characters a group holds; those of nobody count a fifth."""
    return sum((len(record.words) + 1) * (1.0 if record.name else 0.2) for record in records if not record.note)


def _fineness(records: Sequence[Record], held: Sequence[_Held]) -> tuple[bool, int]:
    """Whether the records are more than single words, and how many times they give."""
    said = [(record, one.node.value) for record, one in zip(records, held, strict=True) if not record.note]
    readable = sum(units(record.words) for record, _ in said) >= 2.2 * len(said)
    lists = ([len(v) for v in value.values() if isinstance(v, list)] for record, value in said if record.moment)
    return readable, sum(1 + max(lengths, default=0) for lengths in lists)


def _continues(records: Sequence[Record], best: Sequence[Record]) -> bool:
    """Whether a group is another part of the same talk: of one shape with the best, its words not found there."""
    if records is best or not records or records[0].shape != best[0].shape:
        return False
    known = "\n".join(record.words for record in best)
    sample = [record.words.strip() for record in records if len(record.words.strip()) > 20][:20]
    return bool(sample) and sum(words in known for words in sample) < 0.2 * len(sample)
