"""The keys under which files tell about themselves, and the names they list there.

>>> key_of("**Datum") is None, key_of("Datum"), key_of("Remote attendees").kind
(True, Key(kind='date', day_first=True), 'present')
>>> people_in("Hana Sato (chair), Leo Brandt and Maren Falk (MFK)")
[('Hana Sato', 'chair'), ('Leo Brandt', ''), ('Maren Falk', 'MFK')]
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from corpus.words import unspaced

Kind = Literal["title", "date", "place", "recording", "address", "present", "person", "fact", "start"]
Column = Literal["name", "abbreviation", "role"]

_COLUMNS = ("name", "abbreviation", "role")
_DAY_FIRST = {"de", "fr", "es"}  # languages that always put the day before the month
_LINK = re.compile(r"\[([^\]\[]{1,80})\]\([^()]{0,200}\)|[*_`]{1,2}")
_AND = re.compile(r"\s(?:and|und|et|y|e|&)\s|[、/]|(?<=\w)[和与與及](?=\w)")
_ROLE = re.compile(
    r"^(?P<name>[^()（）]{1,60}?)\s{0,3}(?:[(（](?P<role>[^()（）]{1,80})[)）]|\s[-–—]\s?(?P<dashed>\S.{0,80}))$"
)
_PARTICLES = frozenset(
    re.findall(r"\w+", "of the de la le las los van von der den di da do dos del al bin ibn zu ten ter")
)
_NO_NAME = re.compile(r"[!?。！？；;:：\"“”]|\.$|\d{2}|[^\W\d_]{4,}\.\s|https?|@")


class Key(NamedTuple):
    """What stands under a key."""

    kind: Kind
    day_first: bool = False  # whether its language writes the day before the month


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, Key], dict[str, Column]]:
    """Key → what it is; head of a column → what stands in the column."""
    keys: dict[str, Key] = {}
    columns: dict[str, Column] = {}
    lines = (Path(__file__).parent / "lexicon" / "metadata.txt").read_text(encoding="utf-8").split("\n")
    for kind, language, forms in (line.split(" ", 2) for line in lines if line and line[0] != "#"):
        for form in forms.split("; "):
            if kind in _COLUMNS:
                columns.setdefault(form, kind)  # type: ignore[arg-type]
                continue
            known = keys.get(form)
            if known is None:
                keys[form] = Key(kind, language in _DAY_FIRST)  # type: ignore[arg-type]
            elif language not in _DAY_FIRST:
                keys[form] = Key(known.kind, False)
            # A form that only languages of one habit share keeps that habit; the first kind of a form counts.
    return keys, columns


def key_of(text: str) -> Key | None:
    """What a key announces; None for words that are no key. "Remote attendees" is one, as "attendees" is."""
    form = " ".join(text.casefold().replace("_", " ").split())
    keys = _lexicon()[0]
    if form in keys:
        return keys[form]
    before, _, last = form.rpartition(" ")
    found = keys.get(last)
    return found if found is not None and found.kind == "present" and len(before.split()) <= 2 else None


def column_of(text: str) -> Column | None:
    """What the column of a table under that heading holds."""
    return _lexicon()[1].get(plain_text(text).casefold())


def plain_text(text: str) -> str:
    """Text without Markdown's links and emphasis."""
    return " ".join(_LINK.sub(lambda match: match[1] or "", text).split())


def is_name(text: str) -> bool:
    """Whether a few words may be a person's name: each begins with a capital, or they are few and unspaced."""
    tokens = text.split()
    if not tokens or len(tokens) > 6 or len(text) > 60 or _NO_NAME.search(text):
        return False
    if unspaced(text[0]):
        return len(text) <= 14
    return tokens[0][0].isupper() and all(
        t[0].isupper() or t.casefold() in _PARTICLES or not t[0].isalpha() for t in tokens
    )


def is_full_name(text: str) -> bool:
    """Whether a name has at least two words, so that it is hardly anything else."""
    return is_name(text) and not unspaced(text[0]) and sum(token[0].isupper() for token in text.split()) >= 2


def people_in(text: str) -> list[tuple[str, str]]:
    """The names in a list of names, each with the role beside it; empty where the text is no list of names."""
    text = plain_text(text).strip(" .")
    if re.search(r"[;；]", text):
        parts = [part for part in re.split(r"\s*[;；]\s*", text) if part]
        people = [_with_role(part.replace("，", ",")) for part in parts]
    else:
        people = _joined(part for whole in re.split(r"\s*[,，]\s*", text) for part in _AND.split(whole))
    return people if people and all(is_name(name) for name, _ in people) else []


def _joined(parts: Iterable[str]) -> list[tuple[str, str]]:
    """Names of a list at commas; a part that is no name ("CFO", "head of sales") belongs to the name before it."""
    people: list[tuple[str, str]] = []
    for part in filter(None, (part.strip() for part in parts)):
        name, role = _with_role(part)
        is_role = (name.isupper() and name.isascii() and len(name) <= 4) or name[:1].islower()
        if people and re.match(r"[^\W\dA-Z_].*\d", name):
            continue  # "about 40 others"
        if people and is_role and not role:
            people[-1] = (people[-1][0], ", ".join(filter(None, (people[-1][1], name))))
        else:
            people.append((name, role))
    return people


def _with_role(text: str) -> tuple[str, str]:
    name, comma, role = text.partition(",")
    if comma and is_name(name.strip()):
        return name.strip(), role.strip()
    match = _ROLE.match(text)
    return (match["name"].strip(), (match["role"] or match["dashed"]).strip()) if match else (text.strip(), "")


def abbreviates(short: str, name: str) -> bool:
    """Whether some capitals abbreviate a name: "MFK" may stand for Maren Falk, "CEO" cannot."""
    if not (2 <= len(short) <= 5 and short.isupper() and short.isascii() and short[0] == name[:1].upper()):
        return False
    letters = iter(name.casefold())
    return all(letter in letters for letter in short.casefold())
