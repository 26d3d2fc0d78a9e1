"""Our Chinese in the reader's script. Quoted words and names stay as they are in the transcript.

>>> is_traditional("請問電力夠用嗎?"), is_traditional("请问电力够用吗?")
(True, False)
>>> traditional("没有找到张云谈“电价”的话。", ["张云"])
'沒有找到张云談“电价”的話。'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.types import Answer, Table

if TYPE_CHECKING:
    import opencc

_QUOTED = r"“[^”]*”|「[^」]*」|《[^》]*》"


@lru_cache(maxsize=2)
def _converter(direction: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(direction)


def is_traditional(text: str) -> bool:
    """Whether a text holds characters of the traditional script alone, and none of the simplified alone."""
    if not any("\u3400" <= c <= "\u9fff" for c in text):
        return False
    return _converter("t2s").convert(text) != text and not any(_converter("s2t").convert(c) != c for c in text)


def traditional(text: str, names: Sequence[str] = ()) -> str:
    """Our words in traditional characters; what stands in quotation marks, and names, untouched."""
    kept = re.compile("|".join([_QUOTED, *map(re.escape, sorted(names, key=len, reverse=True))]))
    made, at = [], 0
    for match in kept.finditer(text):
        made += [_converter("s2t").convert(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*made, _converter("s2t").convert(text[at:])])


def in_traditional(answer: Answer, names: Sequence[str]) -> Answer:
    """An answer whose own Chinese is in traditional characters. What a calculator words stays as it is."""

    def ours(text: str) -> str:
        return traditional(text, names)

    update: dict[str, object] = {
        "script": "traditional",
        "claims": tuple(claim.model_copy(update={"text": ours(claim.text)}) for claim in answer.claims),
        "notes": tuple(note.model_copy(update={"text": ours(note.text)}) for note in answer.notes),
        "follow_ups": tuple(map(ours, answer.follow_ups)),
    }
    if not answer.calculations:
        update["lead"] = ours(answer.lead)
    if answer.table is not None:
        rows = tuple(tuple(map(ours, row)) for row in answer.table.rows)
        update["table"] = Table(columns=tuple(map(ours, answer.table.columns)), rows=rows)
    if answer.abstention is not None:
        update["abstention"] = answer.abstention.model_copy(update={"message": ours(answer.abstention.message)})
    return answer.model_copy(update=update)
