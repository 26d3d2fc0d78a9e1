"""Shares said by what they leave: "puts up 20% and borrows the rest" is a debt share of 80%.

The share that is stated and the words of the input that takes the rest stand in the question; nothing is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.calculators.declaration import InputField
from assistant.numeric.bonds import Placed, Reading
from assistant.numeric.compounds import Fill
from assistant.numeric.fitting import cues_of

_REST_AFTER = re.compile(r"[a-z]*(?: for)? (?:the|all the) (?:rest|remainder|balance|other part)(?![a-z])")
_REST_BEFORE = re.compile(
    r"(?:the |with the )(?:rest|remainder|balance)(?: of it)?(?: is| are| in| being| comes? from| with| by|"
    r" as| on| all|,)*"
    r"(?: a| the| in)? ?$|(?:其余|剩下|余下|剩余)的?(?:部分)?(?:全部?|都)?(?:靠|是|用|为|由|发|向银行)? ?$"
)


def take_rest(
    reading: Reading, numbers: Sequence[InputField], figures: list[Placed], fills: dict[str, Fill]
) -> list[Placed]:
    """Fills the share that is said to be the rest of a stated one, and returns the figures that are left."""
    for declared in numbers:
        if declared.unit != "fraction" or declared.name in fills or "占" not in declared.label.zh:
            continue
        for cue in cues_of(declared):
            for start, end in reading.spans(cue) if len(cue.strip()) > 1 else []:
                if not (_REST_AFTER.match(reading.text, end) or _REST_BEFORE.search(reading.text, 0, start)):
                    continue
                stated = [f for f in figures if f.quantity.family == "fraction" and f.end <= start and not f.half]
                share = stated[0].quantity.in_unit("fraction")[0] if stated else 0.0
                if 0.0 < share < 1.0 and declared.slot.admits(1.0 - share):
                    fills[declared.name] = Fill(round(1.0 - share, 12), f"1 − {stated[0].quantity.text}")
                    return [f for f in figures if f is not stated[0]]
    return figures
