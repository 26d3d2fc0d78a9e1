"""Inputs and outputs of a small declaration, a line each."""

from __future__ import annotations

from typing import Any

from assistant.calculators.declaration import Bilingual, Output, quantity


def asked(unit: str, zh: str, en: str, **limits: Any) -> Any:
    """A required input."""
    return quantity(unit=unit, label=Bilingual(zh=zh, en=en), **limits)


def assumed(default: float, unit: str, zh: str, en: str, source: str, **limits: Any) -> Any:
    """An input with a labelled default."""
    return quantity(default, unit=unit, label=Bilingual(zh=zh, en=en), source=source, **limits)


def optional(unit: str, zh: str, en: str, **limits: Any) -> Any:
    """An input that may be left out; what needs it is then None."""
    return quantity(None, unit=unit, label=Bilingual(zh=zh, en=en), **limits)


def result(name: str, unit: str, zh: str, en: str, **more: Any) -> Output:
    """A result."""
    return Output(name, unit, Bilingual(zh=zh, en=en), **more)
