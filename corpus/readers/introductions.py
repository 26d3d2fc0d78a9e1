"""What people say of each other's roles: "joined by Omar Reyes, our CFO", 「有请北岸银行的分析师周明」.

Looks only where a known name stands; a role is believed where it holds a word for a role, or is an organisation after
"from the line of". Pure.

    >>> introduced(["Omar Reyes", "Pia Koch"], "I am joined by Omar Reyes, our CFO. Next is Pia Koch of North Bank.")
    {'Omar Reyes': 'CFO', 'Pia Koch': 'North Bank'}
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.readers.naming import is_han
from corpus.readers.roles import concepts_in, is_role

_MOST = 40  # places of one name that are looked at
_AFTER = re.compile(
    r"\s*,\s*(?:who is |who's |as )?(?:our |the |its |their |your |a |an )?(?P<role>[^,.;:!?\n()]{2,60})"
)
_OF = re.compile(r"\s*,?\s+(?:of|from|with|at)\s+(?P<org>[A-Z][\w&'’-]*(?:\s+(?:&|of|and|[A-Z][\w&'’-]*))*)")
_BEFORE = re.compile(r"\b(?:our|the|its|their)\s+(?P<role>[^,.;:!?\n()]{2,50}?),?\s*$", re.IGNORECASE)
_CALLS = re.compile(
    r"(?:questions?|line|joined by|joining us|welcome|introduce|over to|turn to|next is|up next|call on|hear from)"
    r"\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\b(?:said|says|is|was|I|you|we|has|to)\b")
_ZH_BEFORE = re.compile(
    r"(?:有请|欢迎|请出|请到|邀请到?了?|这位是|那位是|还有|我是|来自|介绍一下)(?P<role>[^,，。！？!?\s]{2,24}?)的?$"
)
_ZH_CALLED = re.compile(r"(?:有请|欢迎|请出|请到|邀请到?了?|下面请|请)$")
_ZH_AFTER = re.compile(r"\s?[,，(（]\s?(?:他是|她是|是)?(?:我们的?|本)?(?P<role>[^,，。！？!?)）\s]{2,20})")
_ZH_TITLE = re.compile(r"老师|教授|医生|律师|主任|总监|经理|记者|院长|校长|市长|书记|工程师")
_HIMSELF = re.compile(
    r"\b(?:[Mm]y name is|I am|I'm|I’m|[Tt]his is)\s+"
    r"(?P<en>[A-Z][\w'’-]+(?:\s+(?:[A-Z]\.|[A-Z][\w'’-]+|van|de|von|der|la)){1,3})"
    r"(?=\s*[,.;!]|\s+(?:and|from|with|of|here|at|the)\b|$)|"
    r"(?:我是|我叫)(?P<zh>[\u4e00-\u9fff]{2,4}?)(?=[,，。！!、\s]|$)"
)


def introduced(names: Iterable[str], words: str) -> dict[str, str]:
    """Name → the role that the first introduction gives, for those who have one.

    Args:
        names: of people whose role is not known otherwise.
        words: the text of the file.
    """
    found = {}
    for name in names:
        at = -1
        for _ in range(_MOST):
            at = words.find(name, at + 1)
            if at < 0:
                break
            role = _role_at(words, at, at + len(name), is_han(name))
            if role:
                found[name] = role
                break
    return found


def names_himself(words: str) -> str:
    """The name that somebody gives as their own; empty where none is given."""
    match = _HIMSELF.search(words)
    if match is None:
        return ""
    name = match["en"] or match["zh"]
    return "" if is_role(name) or concepts_in(name) else " ".join(name.split())


def _role_at(words: str, start: int, end: int, chinese: bool) -> str:
    before, after = words[max(0, start - 80) : start], words[end : end + 90]
    if chinese:
        return _chinese(before, after)
    if words[start - 1 : start].isalnum() or after[:1].isalnum():
        return ""
    match = _AFTER.match(after)
    if match and _is_plain(match["role"]):
        return match["role"].strip()
    match = _BEFORE.search(before)
    if match and _is_plain(match["role"]):
        return match["role"].strip()
    match = _OF.match(after)
    return match["org"].strip() if match and _CALLS.search(before) else ""


def _is_plain(role: str) -> bool:
    """Whether some words are a role rather than a sentence that holds one."""
    return bool(concepts_in(role)) and len(role.split()) <= 7 and not _SENTENCE.search(role)


def _chinese(before: str, after: str) -> str:
    match = _ZH_BEFORE.search(before)
    if match and concepts_in(match["role"]):
        return match["role"]
    title = _ZH_TITLE.match(after)
    if title and _ZH_CALLED.search(before):
        return title[0]
    match = _ZH_AFTER.match(after)
    return match["role"] if match and concepts_in(match["role"]) and len(match["role"]) <= 14 else ""
