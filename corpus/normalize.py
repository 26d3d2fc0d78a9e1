"""The search copy of a text: what is matched, never what is quoted.

NFKC (half and full width), case folded, traditional → simplified characters, accents and invisible characters dropped.
``fold`` keeps an offset map so that a match in the copy can be pointed at in the original.

    >>> fold("ＧＰＵ折舊").text
    'gpu折旧'
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import opencc


class Folded(NamedTuple):
    """A search copy; ``origin[i]`` is the code point of the original that ``text[i]`` came from."""

    text: str
    origin: tuple[int, ...]


@lru_cache(maxsize=4)
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    if unicodedata.category(character) in ("Cf", "Mn", "Cs", "Co", "Cn"):
        return ""  # zero-width, bidi and tag characters, combining marks, lone surrogates
    folded = unicodedata.normalize("NFKC", character).casefold()
    if folded[:1] < "\u0530" or "\u1e00" <= folded[:1] <= "\u1fff":
        # Latin, Greek and Cyrillic letters lose their accents, or "é" would differ from "e" with a combining accent.
        folded = unicodedata.normalize("NFKD", folded).casefold()
    if "\u3400" <= folded[:1] <= "\u9fff":
        return str(_converter("t2s").convert(folded))
    return "".join(c for c in folded if unicodedata.category(c) != "Mn")


def fold(text: str) -> Folded:
    """Search copy of a text with its offset map; O(length)."""
    pieces: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        folded = _fold_character(character)
        pieces.append(folded)
        origin.extend([at] * len(folded))
    return Folded("".join(pieces), tuple(origin))


def fold_text(text: str) -> str:
    """Search copy of a text without the map."""
    return "".join(map(_fold_character, text))


def is_traditional(text: str) -> bool:
    """Whether a text holds characters that only traditional Chinese writes."""
    return any("\u3400" <= c <= "\u9fff" and _fold_character(c) != c for c in text)


def localize(text: str) -> str:
    """Traditional text in mainland words as well as characters: 輝達 → 英伟达, 資料中心 → 数据中心."""
    return str(_converter("tw2sp").convert(text))


def language_of(text: str) -> str:
    """ "zh" or "en": the language a reader of this text expects an answer in.

    English names inside a Chinese sentence do not make it English; Chinese names inside an English one do not make it
    Chinese: the script of the function words decides, and short texts go by the share of the scripts.
    """
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    if sum("\u3040" <= c <= "\u30ff" for c in text) >= 2:
        return "en"  # Japanese: neither is the reader's language, and Chinese words would only look like it
    words = sum(1 for word in text.split() if word[:1].isascii() and any(c.isalpha() for c in word))
    lowered = sum(1 for word in text.split() if word.isascii() and word.strip("'\"?,.!").islower())
    if not han:
        return "en" if words else "zh"
    return "en" if lowered >= 2 and lowered * 2 > han else "zh"
