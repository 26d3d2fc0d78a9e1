"""Noughts that were said, and what stays level: 没有利息, "no salvage", flat earnings, spending that stops growing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.calculators.declaration import InputField
from assistant.numeric.bonds import Reading
from assistant.numeric.compounds import Fill
from assistant.numeric.fitting import cues_of

_NONE_BEFORE = re.compile(
    r"(?:没有?|不计|不考虑|不给|不付|不交|不再|停止|无|零"
    r"|(?<![a-z])(?:no|not|zero|without(?: any)?|stop(?:s|ped)?|ceas(?:es|ed)|isn't|aren't)) ?$"
)
_FLAT_BEFORE = re.compile(r"(?<![a-z])(?:flat|unchanged|constant) ?$")
_FLAT_AFTER = re.compile(r" ?(?:不变|持平|零增长|(?:is |are |stays? |stayed )?(?:flat|unchanged)(?![a-z]))")


def explicit_zeros(reading: Reading, numbers: Sequence[InputField], fills: dict[str, Fill]) -> None:
    """没有利息, "no salvage", flat earnings: a nought that was said, not a default."""
    for declared in numbers:
        if declared.name in fills or not declared.slot.admits(0.0):
            continue
        for cue in cues_of(declared):
            for start, end in reading.spans(cue) if len(cue.strip()) > 1 else []:
                if nothing := _NONE_BEFORE.search(reading.text, max(0, start - 12), start):
                    fills[declared.name] = Fill(0.0, reading.text[nothing.start() : end].strip())
            if grows(declared) and (level := said_level(reading, cue)):
                fills[declared.name] = Fill(0.0, level)


def said_level(reading: Reading, cue: str) -> str:
    """The words that say something named by a cue does not move (盈利持平, "flat earnings"), "" when none do."""
    for start, end in reading.spans(cue) if len(cue.strip()) > 1 else []:
        if before := _FLAT_BEFORE.search(reading.text, max(0, start - 12), start):
            return reading.text[before.start() : end].strip()
        if after := _FLAT_AFTER.match(reading.text, end):
            return reading.text[start : after.end()]
    return ""


def grows(declared: InputField) -> bool:
    """A rate of growth, of which "flat" and 不变 mean nought."""
    return declared.unit == "fraction" and ("增" in declared.label.zh or "growth" in declared.label.en)
