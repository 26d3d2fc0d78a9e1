"""What a reader types for a calculator's input, on the command line or in a form → its value and unit."""

from __future__ import annotations

import json
import re

from assistant.calculators.declaration import InputField
from assistant.calculators.units import UNITS
from assistant.errors import CalculatorInputError

_NUMBER = re.compile(r"^\s*(?P<number>[+-]?(?:\d[\d,_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>\S.*?)?\s*$")
_TRUTH = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}


def metavar(field: InputField) -> str:
    """The shape of what is typed for an input: "N", "YEAR=N,…"."""
    shapes = {
        "number": "N",
        "integer": "N",
        "choice": "|".join(field.options),
        "text": "TEXT",
        "flag": "yes|no",
        "list": "N,N,…",
        "series": "YEAR=N,…",
        "amounts": "NAME=N,…",
        "flows": "FROM>TO=N,…",
    }
    return shapes[field.kind]


def parse_value(field: InputField, text: str) -> tuple[object, str | None]:
    """What was typed for an input → its value, and its unit when one was typed.

    Raises:
        CalculatorInputError: It does not have the input's shape, or its unit is unknown.
    """
    kind = field.kind
    if kind in ("choice", "text"):
        return text, None
    if kind == "flag":
        if text.strip().lower() not in _TRUTH:
            raise _refused(field, text)
        return _TRUTH[text.strip().lower()], None
    if kind in ("number", "integer"):
        number, unit = _number(field, text)
        # An integer typed as 5.5 goes on as it is, so that the calculator refuses it by its own rule.
        return (int(number) if kind == "integer" and number.is_integer() else number), unit
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(text), None
        except (ValueError, RecursionError):
            raise _refused(field, text) from None
    items = [item for item in re.split(r"[,;]\s*", text.strip()) if item]
    if kind == "list":
        return tuple(_number(field, item)[0] for item in items), None
    pairs = [item.partition("=") for item in items]
    if not all(equals for _, equals, _ in pairs):
        raise _refused(field, text)
    if kind == "flows":
        ends = [key.partition(">") for key, _, _ in pairs]
        if not all(arrow for _, arrow, _ in ends):
            raise _refused(field, text)
        return tuple(
            (giver.strip(), taker.strip(), _number(field, value)[0])
            for (giver, _, taker), (_, _, value) in zip(ends, pairs, strict=True)
        ), None
    if len({key.strip() for key, _, _ in pairs}) < len(pairs):
        raise _refused(field, text)
    return {key.strip(): _number(field, value)[0] for key, _, value in pairs}, None


def _number(field: InputField, text: str) -> tuple[float, str | None]:
    match = _NUMBER.match(text)
    if match is None:
        raise _refused(field, text)
    unit = match["unit"]
    if unit is not None and unit != field.unit and unit not in UNITS:
        raise _refused(field, text)
    return float(match["number"].replace(",", "").replace("_", "")), unit


def _refused(field: InputField, text: str) -> CalculatorInputError:
    shape = f"{metavar(field)}, {field.allowed.en}"
    return CalculatorInputError(field.name, shape, text, allowed_zh=f"{metavar(field)},{field.allowed.zh}")
