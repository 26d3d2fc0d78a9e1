"""Words between a model's sentences that claim nothing: headings, greetings, "In short:". Pure.

A sentence that cites nothing has nobody to vouch for it. It stands only when it is short, is no full sentence, and is
made of words of such furniture (``frames.json``) and of words that the quotes of the same answer hold, so that nothing
can be said in it that is not said there. Names of speakers are headings or heads of a table ("Ann Lee:").

    >>> is_frame("Key points on the port:", ["The port is full."], [])
    True
    >>> is_frame("The port will close.", ["The port is full."], [])
    False
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from corpus.normalize import fold_text
from corpus.types import Speaker

_LONGEST_EN, _LONGEST_ZH = 10, 24  # words, characters
_WORD = re.compile(r"[a-z][a-z'’-]*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_SENTENCE = re.compile(r"[.。!！?？]\s*$")


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    kept = json.loads((Path(__file__).parent / "frames.json").read_text(encoding="utf-8"))
    return frozenset(kept["en"]), tuple(sorted(kept["zh"], key=len, reverse=True))


def is_frame(text: str, said: Sequence[str], speakers: Sequence[Speaker]) -> bool:
    """Whether words that cite nothing claim nothing.

    Args:
        said: the quotes of the answer and their glosses.
    """
    folded, source = fold_text(text), fold_text("\n".join(said))
    if _SENTENCE.search(text) or any(c.isdigit() for c in folded):
        return False
    for name in sorted({n for s in speakers for n in (s.name, *s.aliases)}, key=len, reverse=True):
        folded = folded.replace(fold_text(name), " ")
    english, chinese = _words()
    words = _WORD.findall(folded)
    han = _HAN.findall(folded)
    if len(words) > _LONGEST_EN or sum(map(len, han)) > _LONGEST_ZH:
        return False
    spoken = frozenset(_WORD.findall(source))
    if any(word not in english and word not in spoken for word in words):
        return False
    return all(_covered(run, source, chinese) for run in han)


def _covered(run: str, source: str, furniture: tuple[str, ...]) -> bool:
    """Whether a run of Chinese is made of furniture and of pairs of characters that the quotes hold."""
    rest = run
    for phrase in furniture:
        rest = rest.replace(phrase, " ")
    return all(
        len(part) > 1 and all(part[at : at + 2] in source for at in range(len(part) - 1)) for part in rest.split()
    )
