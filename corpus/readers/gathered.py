"""What has been read about a file so far: its title, date, recording, people, abbreviations and other facts.

Takes single values in, from lines ``Key: value`` and from YAML; does not know where in the file they stand.

    >>> found = Gathered()
    >>> found.take_yaml("guests", [{"name": "Ann Lee", "title": "CFO"}, "Bob Ray"])
    >>> found.people
    {'Ann Lee': 'CFO', 'Bob Ray': 'guest'}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from corpus.readers.dates import date_of
from corpus.readers.metadata import Key, abbreviates, column_of, key_of, people_in

ADDRESS = re.compile(r"https?://[^\s<>\"'）)\]】]+")
_RECORDING = re.compile(
    r"youtube\.com/|youtu\.be/|vimeo\.com/|bilibili\.com/|b23\.tv/|soundcloud\.com/|twitch\.tv/|"
    r"\.(?:mp3|mp4|m4a|m4v|ogg|opus|wav|webm|mov|flac)(?:[?#]|$)",
    re.IGNORECASE,
)
_YOUTUBE_ID = re.compile(r"[\w-]{11}")


class Gathered:
    """What a file has said of itself so far; the first title, date, recording and role of a person count."""

    def __init__(self) -> None:
        self.title = self.date = self.recording = ""
        self.facts: list[tuple[str, str]] = []
        self.people: dict[str, str] = {}
        self.abbreviations: dict[str, str] = {}

    def take(self, name: str, value: str, key: Key, people: list[tuple[str, str]]) -> None:
        """Take in a line ``name: value``; ``people`` are the names in the value where the key announces some."""
        for person, role in people:
            self.person(person, role or (name if key.kind == "person" else ""))
        if key.kind == "title":
            self.title = value
        elif key.kind == "date":
            self.date = self.date or date_of(value, key.day_first)
        self.address(name if key.kind == "recording" else "", value)
        self.facts.append((name, value))

    def person(self, name: str, role: str) -> None:
        """Somebody listed, with a role, an abbreviation in place of it, or neither."""
        if abbreviates(role, name):
            self.abbreviations.setdefault(role, name)
            role = ""
        self.people[name] = self.people.get(name) or role

    def address(self, key: str, text: str) -> None:
        """The recording's address, where a text holds it: known by its kind, or by a key that announces recordings."""
        found = ADDRESS.search(text)
        if found and (_RECORDING.search(found[0]) or key) and not self.recording:
            self.recording = found[0].rstrip(".,;")

    def take_yaml(self, name: str, value: object) -> None:
        """Take in an entry of front matter."""
        key = key_of(name.replace("-", " ")) or Key("fact")
        if key.kind in ("present", "person"):
            values = value if isinstance(value, list) else [value]
            if isinstance(value, Mapping):  # abbreviation → name
                self.abbreviations.update({str(k): v for k, v in value.items() if isinstance(v, str)})
                values = list(value.values())
            people = [person for item in values for person in _yaml_people(item, isinstance(value, list))]
            for person, role in people:
                self.person(person, role or (name.removesuffix("s") if key.kind == "person" else ""))
            value = ", ".join(person for person, _ in people)
        text = _yaml_text(value)
        if key.kind == "title" and text:
            self.title = self.title or text
            return
        if key.kind == "date":
            self.date = self.date or date_of(text, key.day_first)
        if key.kind == "recording" and "youtube" in name.casefold() and _YOUTUBE_ID.fullmatch(text):
            text = f"https://www.youtube.com/watch?v={text}"
        self.address(name if key.kind == "recording" else "", text)
        if text:
            self.facts.append((name, text))


def _yaml_text(value: object) -> str:
    """A value on one line; what has a structure of its own is left out."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_yaml_text(item) for item in value if not isinstance(item, list))))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None or isinstance(value, Mapping) else " ".join(str(value).split())


def _yaml_people(item: object, listed: bool) -> list[tuple[str, str]]:
    """Names and roles in an item of "speakers": a name, a list of names, or a mapping with a name in it."""
    if isinstance(item, Mapping):
        cells = {column_of(str(key)): _yaml_text(value) for key, value in item.items()}
        return [(cells["name"], cells.get("role", ""))] if cells.get("name") else []
    text = _yaml_text(item)
    return (people_in(f"{text};") if listed else people_in(text)) or ([(text, "")] if text else [])
