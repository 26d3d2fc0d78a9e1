"""What a text file says of itself at its head: title, date, who takes part, where the recording is.

Knows YAML front matter, lines ``Key: value`` whose key stands in ``lexicon/metadata.txt``, tables of people, lines that
are a date or an address, the header of WebVTT. Knows nobody's speech: a line that may be somebody's words ends the
head, and a key that may be a label ("Moderator: Good evening.") is a key only where its value is names.

    >>> head = head_of("# Board\\n\\n**Date:** 4 March 2025\\n**Host:** Ann Lee\\n\\nAnn Lee: Welcome.\\n")
    >>> head.title, head.date, head.people, head.end
    ('Board', '2025-03-04', (('Ann Lee', 'Host'),), 51)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import yaml

from corpus.readers.dates import date_of, is_date
from corpus.readers.gathered import ADDRESS, Gathered
from corpus.readers.lines import BULLET, FINAL, RULE, Line, split_lines
from corpus.readers.metadata import (
    Key,
    column_of,
    is_full_name,
    key_of,
    people_in,
    plain_text,
)

_MAX_CHARACTERS, _MAX_LINES = 40_000, 400  # a longer head is somebody's text
_LOOK_AHEAD = 1_000_000  # characters in which a key may turn out to be a label

_PAIR = re.compile(
    r"^(?:[-*•+]\s{1,3}|>\s?)?(?:\*\*|__)?(?P<key>[^\W\d_][^:：*|\n]{0,40}?)(?:\*\*|__)?\s{0,3}[:：](?!//)(?:\*\*|__)?"
    r"\s*(?P<value>.*)$"
)
_HEADING = re.compile(r"^#\s+(?P<title>\S.*)$")
_KEY_ALONE = re.compile(r"^(?:#{2,6}\s+|\*\*|__)(?P<key>[^\W\d_][^:：*|#\n]{0,40}?)\s{0,3}[:：]?(?:\*\*|__)?$")
_LINE_START = re.compile(
    r"(?:\A|(?<=[\r\n]))[^\w\r\n]{0,6}([^\W\d_][^:：*|\r\n]{0,40}?)(?:\*\*|__)?[ \t\u3000]{0,3}[:：]"
)
_NESTED = re.compile(r"(?:[\[{-][ \t]{0,4}){20}")  # deeper than any front matter: YAML would take ages
_LABEL_COLON = re.compile(r"(?<!\d)[:：]|[:：](?!\d)")  # unlike that of 10:30
_BELOW_HEAD = re.compile(r"^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")  # second line of a Markdown table


class Head(NamedTuple):
    """What stands before the words."""

    end: int  # code point where speech may begin; 0 where the file says nothing of itself
    title: str = ""
    date: str = ""  # YYYY-MM-DD
    recording: str = ""  # its address
    facts: tuple[tuple[str, str], ...] = ()  # key as written, value
    people: tuple[tuple[str, str], ...] = ()  # name, role ("" where none is given)
    abbreviations: tuple[tuple[str, str], ...] = ()  # abbreviation, name


def head_of(raw: str) -> Head:
    """The head of a decoded text file; takes time linear in the length of the text."""
    reader = _HeadReader(raw)
    reader.read()
    found = reader.found
    if not reader.end:
        return Head(0)
    return Head(
        reader.end,
        found.title or reader.heading,
        found.date,
        found.recording,
        tuple(found.facts),
        tuple(found.people.items()),
        tuple(found.abbreviations.items()),
    )


class _HeadReader:
    """One pass over the first lines; ``end`` is behind the last line that says something of the file."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.lines: list[Line] = list(islice(split_lines(raw[:_MAX_CHARACTERS]), _MAX_LINES))
        self.end = 0
        self.heading = ""
        self.found = Gathered()
        self.started = False  # whether "Transcript:" said that the words begin

    def read(self) -> None:
        index = self._skip_blank(0)
        if index < len(self.lines):
            text = self.lines[index].text.lstrip("\ufeff")
            if text == "---":
                index = self._front_matter(index)
            elif text.startswith("WEBVTT"):
                self._webvtt(index)
                return
        while index < len(self.lines) and not self.started:
            index = self._skip_blank(index)
            if index == len(self.lines):
                break
            used = self._entry(index)
            if used is None:
                return
            index = used

    def _skip_blank(self, index: int) -> int:
        """Index of the next line with text; blank lines and rules behind metadata belong to it."""
        while index < len(self.lines):
            text = self.lines[index].text
            if text and not (self.end and RULE.match(text)):
                break
            if self.end:
                self._ends_at(index)
            index += 1
        return index

    def _ends_at(self, index: int) -> None:
        """The line with that index is the last of the head so far."""
        last = index + 1 == len(self.lines)
        self.end = self.lines[index].end if last else self.lines[index + 1].start - self.lines[index + 1].indent

    def _entry(self, index: int) -> int | None:
        """Reads what begins at a line; the index behind it, or None where it is not about the file."""
        for read in (self._table, self._pair, self._date_or_address):
            used = read(index)
            if used is not None:
                self._ends_at(used - 1)
                return used
        return self._title(index)

    def _title(self, index: int) -> int | None:
        """A heading, or a line right above something that is surely about the file."""
        text = self.lines[index].text
        heading = _HEADING.match(text)
        if self.heading or self.found.title or (self.end and not heading):
            return None
        if heading:
            self.heading = plain_text(heading["title"])
            if self.end:
                self._ends_at(index)
            return index + 1
        below = self._skip_blank(index + 1)
        if len(text) > 120 or below == len(self.lines) or self._is_turn(text):
            return None
        probe = _HeadReader(self.raw)
        if all(read(below) is None for read in (probe._table, probe._pair, probe._date_or_address)):
            return None
        self.heading = plain_text(text)
        return index + 1

    def _is_turn(self, text: str) -> bool:
        """Whether a line is "Ann: words" rather than a title."""
        match = _PAIR.match(text)
        return match is not None and bool(FINAL.search(text) or self._times_at_line_starts(match["key"].strip()) > 1)

    def _date_or_address(self, index: int) -> int | None:
        text = self.lines[index].text
        if ADDRESS.fullmatch(text.strip("<>")):
            self.found.address("", text)
        elif self._is_date(index) and not any(map(self._is_date, range(index + 1, min(index + 12, len(self.lines))))):
            self.found.date = self.found.date or date_of(text)
            self.found.facts.append(("date", text))
        else:
            return None
        return index + 1

    def _is_date(self, index: int) -> bool:
        """Whether a line is a date and no label; in chats many lines are."""
        text = self.lines[index].text
        return len(text) <= 80 and is_date(text) and not _LABEL_COLON.search(text)

    # Key: value

    def _pair(self, index: int) -> int | None:
        text = self.lines[index].text
        match = _KEY_ALONE.match(text) or _PAIR.match(text)
        if match is None:
            return None
        name, value = match["key"].strip(), (match.groupdict().get("value") or "").strip()
        key = key_of(name)
        if key is None:
            return index + 1 if self._between_pairs(index, name, value) else None
        if key.kind == "start" and not value:
            self.started = True
            return index + 1
        if self._times_at_line_starts(name) > 2:
            return None  # a label
        if not value:
            return self._value_below(index, name, key)
        return index + 1 if self._fact(name, value, key, index) else None

    def _between_pairs(self, index: int, name: str, value: str) -> bool:
        """Whether a line with an unknown key stands right between known ones, so that it is about the file too."""
        if not (self._is_known_pair(index - 1) and self._is_known_pair(index + 1) and self.found.facts):
            return False
        if not value or len(value) > 120 or self._times_at_line_starts(name) > 1:
            return False
        self.found.facts.append((name, value))
        return True

    @cached_property
    def _line_starts(self) -> Counter[str]:
        """How often what looks like a key begins a line."""
        return Counter(match[1].casefold() for match in _LINE_START.finditer(self.raw, 0, _LOOK_AHEAD))

    def _times_at_line_starts(self, name: str) -> int:
        return self._line_starts[name.casefold()]

    def _value_below(self, index: int, name: str, key: Key) -> int | None:
        """A key with its value on the lines below it: names, a few words, or a table."""
        at = index + 1
        while at < len(self.lines) and not self.lines[at].text:
            at += 1
        if at == len(self.lines):
            return None
        if key.kind == "fact" and self.lines[index].text.startswith("#"):
            return self._section_below(at, name)
        is_list = bool(BULLET.match(self.lines[at].text))
        if at > index + 1 and not is_list:
            return self._table(at) if key.kind == "present" else None
        if key.kind == "present" and (table := self._table(at)) is not None:
            return table
        values: list[str] = []
        while at < len(self.lines) and self.lines[at].text and len(values) < 200:
            text = self.lines[at].text
            if is_list != bool(BULLET.match(text)) or (not is_list and (_PAIR.match(text) or _HEADING.match(text))):
                break
            values.append(BULLET.sub("", text))
            at += 1
        joined = ("; " if is_list or key.kind in ("present", "person") else " ").join(values)
        if not values or (len(values) > 3 and not is_list and key.kind not in ("present", "person")):
            return None
        return at if self._fact(name, joined, key, index) else None

    def _section_below(self, at: int, name: str) -> int | None:
        """A heading such as "Summary" with text that ends at the next heading."""
        for end in range(at, len(self.lines)):
            if self.lines[end].text.startswith("#"):
                text = self.raw[self.lines[at].start : self.lines[end].start]
                self.found.facts.append((name, plain_text(text)))
                return end
        return None

    def _fact(self, name: str, value: str, key: Key, index: int) -> bool:
        """Take a value in; False where it may be somebody's words."""
        value = plain_text(value)
        people = people_in(value) if key.kind in ("present", "person") else []
        if key.kind == "present" and not people and not re.search(r"\d", value):
            return False
        if key.kind == "person" and not (people and self._means_people(value, people, name, index)):
            return False
        self.found.take(name, value, key, people)
        return True

    def _means_people(self, value: str, people: list[tuple[str, str]], name: str, index: int) -> bool:
        """Whether the value beside "Moderator:" is his name and not what he says."""
        once = self._times_at_line_starts(name) == 1
        if FINAL.search(value):
            return False
        if len(people) > 1 or is_full_name(people[0][0]):
            return once or bool(self.found.facts)
        again = self.raw.find(people[0][0], self.lines[index].end, _LOOK_AHEAD) >= 0
        return once and bool(self.found.facts) and (again or self._is_known_pair(index + 1))

    def _is_known_pair(self, index: int) -> bool:
        match = _PAIR.match(self.lines[index].text) if 0 <= index < len(self.lines) else None
        return match is not None and key_of(match["key"].strip()) is not None

    # Tables

    def _table(self, index: int) -> int | None:
        """A Markdown table of people; the index behind it."""
        if "|" not in self.lines[index].text or index + 1 >= len(self.lines):
            return None
        if not _BELOW_HEAD.match(self.lines[index + 1].text) or "|" not in self.lines[index + 1].text:
            return None
        columns = [column_of(cell) for cell in _cells(self.lines[index].text)]
        at = index + 2
        rows = []
        while at < len(self.lines) and "|" in self.lines[at].text:
            rows.append([plain_text(cell) for cell in _cells(self.lines[at].text)])
            at += 1
        if "name" not in columns or columns == ["name"]:
            return None
        place = columns.index("name")
        names = [row[place] for row in rows if len(row) > place]
        if len(columns) - columns.count(None) < 2 or not names or len(set(names)) < len(names):
            return None  # names that repeat stand before words
        for row in rows:
            cells = {column: cell for column, cell in zip(columns, row, strict=False) if column}
            if name := cells.get("name", ""):
                self.found.person(name, cells.get("role", ""))
                if short := cells.get("abbreviation", ""):
                    self.found.abbreviations.setdefault(short, name)
        self.found.facts.append(("people", ", ".join(names)))
        return at

    # Front matter

    def _front_matter(self, index: int) -> int:
        """YAML between two lines of dashes; the index behind it, or the same where there is none."""
        for at in range(index + 1, len(self.lines)):
            if self.lines[at].text in ("---", "..."):
                break
        else:
            return index
        text = self.raw[self.lines[index].end : self.lines[at].start]
        try:
            data = None if _NESTED.search(text) else yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError):
            data = None
        if data is None:  # not YAML: what can be read line by line
            data = {m["key"].strip(): m["value"].strip() for m in map(_PAIR.match, text.split("\n")) if m}
        if not isinstance(data, Mapping) or not any(key_of(str(name)) for name in data):
            return index
        self._ends_at(at)
        for name, value in data.items():
            self.found.take_yaml(str(name), value)
        return at + 1

    # WebVTT

    def _webvtt(self, index: int) -> None:
        """The first block, and notes before the first cue."""
        first = self.lines[index].text.lstrip("\ufeff")[6:].strip(" \t-–—:")
        if any(character.isalpha() for character in first):
            self.heading = first
        for at in range(index, len(self.lines)):
            if any("-->" in line.text for line in self.lines[at : at + 2]):
                return
            match = _PAIR.match(self.lines[at].text.removeprefix("NOTE").strip())
            key = key_of(match["key"].strip()) if match and at > index else None
            if match and key and match["value"]:
                self._fact(match["key"].strip(), match["value"].strip(), key, at)
            self._ends_at(at)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]
