"""Where sentences end, in Chinese, English and both at once.

Knows punctuation only. A terminator inside quotation marks or brackets does not end a sentence: the sentence goes on
to the closing mark, so that no quote is cut in half. ``1.4万亿``, ``0.1%`` and ``U.S.`` do not end one either. Time is
linear in the length of the text, whatever the text.

    >>> text = '他说:“行吗?不行。”涨到1.4万亿?是的。'
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['他说:“行吗?不行。”', '涨到1.4万亿?', '是的。']
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_FINAL = "。！？!?｡"
_PAIRS = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "《": "》",
    "（": "）",
    "(": ")",
    "【": "】",
    "[": "]",
    "〈": "〉",
}
_CLOSERS = set(_PAIRS.values()) | {'"', "'"}
_QUOTE_CLOSERS = set('”’」』"')
# What may follow a closed quotation without a new sentence beginning: "…?”的问题", "…!”他说".
_CONTINUES = re.compile(
    r"[,，、;；:：的地得之]|[他她它我你]?们?[说问道]|[这那][个种句]|才|就是|并[不非]|\s+(?:he|she|they|I|we|said|asked)\b"
)
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|vs|etc|approx|Inc|Corp|Co|Ltd|Gen|Sen|Rep|Gov|e\.g|i\.e|[A-HJ-Z](?:\.[A-Z])*)$"
)
_NUMERO = re.compile(r"\bNo\.\s*\d")  # "No. 5" is a number, "No. It is not." an answer
_WITHIN_ADDRESS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_MARK = re.compile("[" + re.escape("".join([*_PAIRS, *_CLOSERS])) + "]")
_STOP = re.compile("[" + re.escape(_FINAL + ".…") + "]")
_NOT_SPACE = re.compile(r"\S")


def _closed_by(text: str) -> dict[int, int]:
    """Opening mark → its closing mark, for the pairs that are really closed; lone marks do not count."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    waiting: Counter[str] = Counter()  # closing mark → how many open marks on the stack it would close
    straight: int | None = None
    for found in _MARK.finditer(text):
        at, mark = found.start(), found[0]
        if mark in _PAIRS:
            stack.append(at)
            waiting[_PAIRS[mark]] += 1
        elif mark == '"':
            if straight is not None:
                pairs[straight] = at
                straight = None
            elif not text[at - 1 : at].isdigit():  # 12" is twelve inches
                straight = at
        elif waiting[mark] and not (mark == "’" and _is_word(text[at - 1]) and _is_word(text[at + 1 : at + 2])):
            # Look only when there is something to find: what the search passes over goes, so all searches are O(n).
            while True:
                opener = stack.pop()
                waiting[_PAIRS[text[opener]]] -= 1
                if _PAIRS[text[opener]] == mark:
                    pairs[opener] = at
                    break
    return pairs


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _ends_here(text: str, at: int) -> bool:
    """Whether the mark at ``at`` may end a sentence; quotation marks and brackets are the caller's business."""
    mark = text[at]
    if mark == ".":
        return _full_stop_ends(text, at)
    if mark in "?!" and text[at + 1 : at + 2] in _WITHIN_ADDRESS and text[at - 1 : at].isascii():
        return at == 0  # "TOKEN?打" and "Yes!Right" end, "/search?q=gpu" does not
    return mark in _FINAL or text.startswith("……", at)


def _full_stop_ends(text: str, at: int) -> bool:
    """Whether the half-width full stop at ``at`` ends a sentence rather than a number, name or abbreviation."""
    following = text[at + 1 : at + 2]
    if following and not following.isspace() and following not in _CLOSERS:
        # "结束.接着" ends; "3.5", "U.S", "Node.js" do not.
        return following > "\u2e7f" and text[at - 1 : at] > "\u2e7f"
    # Never text[at:].lstrip(): a copy of the rest at every full stop makes the whole quadratic.
    next_word = _NOT_SPACE.search(text, at + 1)
    if next_word is None:
        return True
    if next_word[0].islower() or _NUMERO.match(text, max(0, at - 2)):
        return False
    if at <= 2 and text[:at].isdigit():  # "1. First point"
        return False
    return not _ABBREVIATION.search(text[max(0, at - 8) : at])


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences of one paragraph, in order.

    Leading and trailing white space belongs to no sentence; everything else belongs to exactly one.
    """
    pairs = _closed_by(text)
    spans: list[tuple[int, int]] = []
    openers = sorted(pairs, reverse=True)
    start = at = 0
    closes_at = -1  # inside quotation marks or brackets up to here
    while (found := _STOP.search(text, at)) is not None:
        at = found.start()
        while openers and openers[-1] <= at:
            closes_at = max(closes_at, pairs[openers.pop()])
        if not _ends_here(text, at):
            at += 1
            continue
        stop = at + 1
        while stop < len(text) and (text[stop] in _FINAL or text[stop] in ".…" or _closes(text, stop, pairs)):
            stop += 1
        closers = text[at + 1 : stop]
        if stop <= closes_at:  # still inside an outer pair
            at = stop
            continue
        goes_on = _CONTINUES.match(text, stop) or not _QUOTE_CLOSERS & set(closers)
        if closes_at > at and goes_on and not any(c in _FINAL for c in closers.lstrip(_FINAL)):
            # the quotation or bracket closed, but the sentence around it goes on
            at = stop
            continue
        spans.append((start, stop))
        start = at = stop
    spans.append((start, len(text)))
    return [span for span in (_trim(text, a, b) for a, b in spans) if span[0] < span[1]]


def _closes(text: str, at: int, pairs: Mapping[int, int]) -> bool:
    """Whether a mark after a terminator still belongs to the sentence; a straight one may open the next instead."""
    if text[at] == "'":
        return not text[at + 1 : at + 2].isalnum()
    return text[at] in _CLOSERS and at not in pairs


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
