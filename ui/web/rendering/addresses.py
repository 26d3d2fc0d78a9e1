"""Addresses of calculations as files; ``ui.web.sheets`` answers them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from ui.words import Language


def of_answer(thread: str, position: int, number: int) -> str:
    """The address of a calculation of an answer, up to the format; "" before there is a thread."""
    return f"/export/{quote(thread)}/{position}/{number}?format=" if thread else ""


def of_panel(name: str, texts: Mapping[str, str], language: Language) -> str:
    """The address of what a panel computes, up to the format."""
    typed = {f"b.{key}": words for key, words in texts.items() if words.strip()}
    return f"/sheet/{quote(name)}?{urlencode({'language': language, **typed})}&format="
