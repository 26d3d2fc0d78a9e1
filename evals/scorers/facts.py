"""Do the facts that must appear appear, in the answer's words or its quotes?

Spellings are compared without case, width and white space. A number is never found inside another one: "25" holds no
"5", and "6.5" is not "6".

    >>> holds("折旧从4年延长到６.５ 年。", "6.5年"), holds("about 25 GW", "5 GW"), holds("6.5 years", "6")
    (True, False, False)
"""

from __future__ import annotations

import re
import unicodedata

from evals.types import CaseTurn, Prediction, Score


def score_facts(turn: CaseTurn, prediction: Prediction) -> list[Score]:
    """facts: share of the facts of which some spelling appears."""
    if not turn.facts:
        return [Score(measure="facts", value=None, why="the case names no facts")]
    text = "\n".join((prediction.answer, *(quote.quote for quote in prediction.quotes)))
    missing = [fact[0] for fact in turn.facts if not any(holds(text, spelling) for spelling in fact)]
    share = 1 - len(missing) / len(turn.facts)
    why = f"missing: {missing[0]}" if missing else ""
    return [Score(measure="facts", value=share, weight=len(turn.facts), why=why)]


def holds(text: str, spelling: str) -> bool:
    """Whether a text holds a spelling, not inside a longer number or Latin word."""
    wanted = _flat(spelling).strip()
    if not wanted:
        return False
    pattern = r"\s*".join(re.escape(c) for c in wanted if not c.isspace())
    before = r"(?<![\d])(?<!\d[.,])" if wanted[0].isdigit() else r"(?<![a-z])" if _latin(wanted[0]) else ""
    after = r"(?!\d)(?![.,]\d)" if wanted[-1].isdigit() else r"(?![a-z])" if _latin(wanted[-1]) else ""
    return re.search(before + pattern + after, _flat(text)) is not None


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _latin(character: str) -> bool:
    return "a" <= character <= "z"
