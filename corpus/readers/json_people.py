"""Who is meant by the names and ids of a JSON document: by objects that stand for people, and by lists of them.

>>> from corpus.readers.json_walk import nodes
>>> names, roles = people_in(nodes({"speakers": [{"id": 7, "name": "Ann Lee", "title": "CFO"}]}))
>>> names["7"], roles, named({"first_name": "Ann", "last_name": "Lee"}, {}), named(7, names)
('Ann Lee', {'Ann Lee': 'CFO'}, 'Ann Lee', 'Ann Lee')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.readers.fields import plain_key, rank, ranked
from corpus.readers.json_walk import Json, Node, Object
from corpus.readers.utterances import label


def people_in(found: Iterable[Node]) -> tuple[dict[str, str], dict[str, str]]:
    """What the lists of people in a document say: id → name, and name → role."""
    names: dict[str, str] = {}
    roles: dict[str, str] = {}
    for node in found:
        for key, value in node.value.items():
            if rank("people", key) is None:
                continue
            for number, person in _persons(value):
                name = _name_in(person) if isinstance(person, dict) else person
                if not isinstance(name, str) or not any(map(str.isalpha, name)):
                    continue
                ids = [person[k] for k in ranked("id", person)] if isinstance(person, dict) else []
                for identifier in [number, *ids]:
                    if isinstance(identifier, str | int) and str(identifier) != name:
                        names.setdefault(str(identifier), name)
                if isinstance(person, dict) and (role := role_of(person)):
                    roles.setdefault(name, role)
    return names, roles


def _persons(value: Json) -> Iterator[tuple[Json, Json]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def named(given: Json, people: dict[str, str]) -> str | None:
    """The name that a value of a field for speakers gives: a name, an id, an object, or several of these."""
    if isinstance(given, list):
        names = [name for one in given if (name := named(one, people))]
        return " / ".join(names) or None
    if isinstance(given, dict):
        given = _name_in(given)
    if not isinstance(given, str | int):
        return None
    return label(people.get(str(given), given))


def _name_in(person: Object) -> Json:
    """The name in an object that stands for a person; failing that its id."""
    first = next((person[key] for key in person if plain_key(key) in ("firstname", "givenname", "vorname")), None)
    last = next(
        (person[key] for key in person if plain_key(key) in ("lastname", "surname", "familyname", "nachname")), None
    )
    whole = ("realname", "displayname", "nickname", "fullname", "name", "speakername", "label", "title")
    for wanted in whole:
        found = next((person[key] for key in person if plain_key(key) == wanted), None)
        if isinstance(found, str) and found.strip():
            return found
    parts = [part.strip() for part in (first, last) if isinstance(part, str) and part.strip()]
    if parts:
        return " ".join(parts)
    for key in (*ranked("speaker", person), *ranked("id", person)):
        if isinstance(person[key], str | int) and not isinstance(person[key], bool):
            return person[key]
    return None


def role_of(record: Object, speaker_key: str = "") -> str:
    """What an object says of its speaker's role; ``speaker_key`` is the field that names the speaker."""
    for key in ranked("role", record):
        value = record[key]
        if isinstance(value, dict):
            value = _name_in(value)
        if key != speaker_key and isinstance(value, str) and value.strip() and len(value) <= 200:
            return value.strip()
    return ""
