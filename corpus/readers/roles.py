"""What the words for roles, forms of address and kinds of speaker are: the lists in ``lexicon``, read once.

>>> [concept.name for concept in concepts_in("Analyst, North Bank; formerly CFO of Kite")]
['analyst']
>>> leads("Moderator"), leads("Speaker 1")
(True, False)
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from corpus.normalize import fold_text

_FORMER = re.compile(
    r"前(?=[\u3400-\u9fff])[^,，;；、()（）兼]*|(?:\bformer(?:ly)?\b|\bex-|\bpast\b|\behemalig\w*|\bretired\b)[^,;()]*"
)

_SMALL = re.compile(r"\b(?:the|le|la|les|der|die|el|il|and|und|et|y|e)\b|[&,/-]")
_WORD = re.compile(r"[^\W\d_]+")


class Concept(NamedTuple):
    """One role and the ways to say it, folded."""

    name: str
    ways: tuple[str, ...]
    leads: bool  # whoever is called so leads the talk


@lru_cache(maxsize=8)
def ways(file: str) -> dict[str, tuple[str, ...]]:
    """Line head → the folded ways of a ``head = way | way`` list in ``lexicon``, in their order."""
    text = (Path(__file__).parent / "lexicon" / f"{file}.txt").read_text(encoding="utf-8")
    made = {}
    for line in text.split("\n"):
        head, mark, rest = line.partition(" = ")
        if mark and not line.startswith("#"):
            made[head.strip()] = tuple(dict.fromkeys(fold_text(way).strip() for way in rest.split(" | ")))
    return made


@lru_cache(maxsize=1)
def concepts() -> tuple[Concept, ...]:
    """All roles, in the order of the list."""
    return tuple(Concept(name.rstrip("*"), all_ways, name.endswith("*")) for name, all_ways in ways("roles").items())


@lru_cache(maxsize=4096)
def pattern(words: str) -> re.Pattern[str]:
    """Finds folded words in folded text: Latin ones whole, blanks of any kind, a full stop after a title or none."""
    left = r"(?<![a-z0-9])" if words[0].isascii() and words[0].isalnum() else ""
    right = r"(?![a-z0-9])" if words[-1].isascii() and words[-1].isalnum() else ""
    spelled = re.escape(words).replace(r"\ ", r"\s+").replace(r"\.\s+", r"\.?\s+")
    return re.compile(left + spelled + right)


@lru_cache(maxsize=4)
def any_of(file: str, head: str, *more: str) -> re.Pattern[str]:
    """Finds any way of some lines of a list in folded text, the longest first."""
    every = sorted({way for line in (head, *more) for way in ways(file)[line]}, key=len, reverse=True)
    return re.compile("|".join(f"(?:{pattern(way).pattern})" for way in every))


@lru_cache(maxsize=1)
def any_role() -> re.Pattern[str]:
    """Finds any way to say any role in folded text, the longest first."""
    every = sorted({way for concept in concepts() for way in concept.ways}, key=len, reverse=True)
    return re.compile("|".join(f"(?:{pattern(way).pattern})" for way in every))


@lru_cache(maxsize=1)
def _beginnings() -> tuple[frozenset[str], tuple[str, ...]]:
    """The first words of roles in letters with blanks between words, and whole roles in those without."""
    every = {way for concept in concepts() for way in concept.ways}
    return frozenset(_WORD.findall(way)[0] for way in every if way[0] < "\u2e80"), tuple(
        way for way in every if way[0] >= "\u2e80"
    )


def _may_hold_role(folded: str) -> bool:
    """A quick look that spares most texts the long pattern."""
    spaced, unspaced = _beginnings()
    if not spaced.isdisjoint(_WORD.findall(folded)):
        return True
    return any(c >= "\u2e80" for c in folded) and any(way in folded for way in unspaced)


@lru_cache(maxsize=4096)
def printed(role: str) -> tuple[tuple[Concept, tuple[str, ...]], ...]:
    """The concepts that a role names, each with those of its ways that stand there; former roles are none."""
    folded = _FORMER.sub(" ", fold_text(role))
    if not _may_hold_role(folded) or not any_role().search(folded):
        return ()
    found = ((c, tuple(way for way in c.ways if pattern(way).search(folded))) for c in concepts())
    return tuple((concept, there) for concept, there in found if there)


def concepts_in(role: str) -> tuple[Concept, ...]:
    """The concepts that a role names, in the order of the list; former roles are none."""
    return tuple(concept for concept, _ in printed(role))


@lru_cache(maxsize=4096)
def is_role(text: str) -> bool:
    """Whether a text is a role and nothing but one or more: "CEO", "the chair", "Chief Financial Officer"."""
    folded = _SMALL.sub(" ", fold_text(text))
    return _may_hold_role(folded) and not any_role().sub(" ", folded).strip()


def begins_with_role(text: str) -> str:
    """The role that a text begins with, as it stands there, folded length for length; empty if none."""
    folded = fold_text(text)
    match = any_role().match(folded) if _may_hold_role(folded) else None
    return text[: match.end()] if match and len(folded) == len(text) else ""


def leads(role: str) -> bool:
    """Whether a role or label by itself says that its bearer leads the talk."""
    return any(concept.leads for concept in concepts_in(role))
