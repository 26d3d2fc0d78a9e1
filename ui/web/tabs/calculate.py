"""Calculate: one panel per calculator, generated from its declaration; computed as one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.errors import CalculatorInputError
from corpus.errors import StoreError
from corpus.library import Debate
from ui.web import calculate
from ui.web.conversation import Conversations
from ui.web.desk import Desk
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both
from ui.words import Language

Call = Callable[[dict[str, Any]], dict[str, Any]]


def build(talks: Conversations) -> None:
    """Lay out the tab."""
    debate, cast = talks.assistant.debate, talks.cast
    opening = calculate.opening(calculate.FIRST, debate, cast, {}, {})
    waiting = f'<p class="empty">{both("计算中…", "Computing…")}</p>'
    gr.HTML(
        f'<div class="calc" id="calc-panel">{opening}</div>'
        f'<div class="calc-results" id="calc-results" aria-live="polite">{waiting}</div>',
        elem_id="calculate", apply_default_css=False,
    )  # fmt: skip


def calls(desk: Desk) -> list[Call]:
    """The calls that the page's script makes; each takes one JSON object and returns one."""

    def calc_panel(said: dict[str, Any]) -> dict[str, Any]:
        """The form of a calculator with what a link brought along."""
        name = str(said.get("name", ""))
        try:
            debate, cast = _place(desk, said)
            html = calculate.opening(name, debate, cast, _texts(said, "what"), _texts(said, "base"))
        except (CalculatorInputError, StoreError) as error:
            return {"ok": False, "why": str(error)}
        return {"ok": True, "html": html}

    def calc_run(said: dict[str, Any]) -> dict[str, Any]:
        """Base and what-if, computed and rendered."""
        name, language = str(said.get("name", "")), _language(said)
        debate, cast = _place(desk, said)
        html = calculate.compute(name, _texts(said, "base"), _texts(said, "what"), debate, cast, language)
        return {"ok": True, "html": html}

    def calc_question(said: dict[str, Any]) -> dict[str, Any]:
        """The question that "ask about this" puts into the chat."""
        values = {**_texts(said, "base"), **{k: v for k, v in _texts(said, "what").items() if v.strip()}}
        try:
            words = calculate.question(str(said.get("name", "")), values, _language(said))
        except CalculatorInputError as error:
            return {"ok": False, "why": str(error)}
        return {"ok": True, "question": words}

    return [calc_panel, calc_run, calc_question]


def _place(desk: Desk, said: dict[str, Any]) -> tuple[Debate, Cast]:
    talks = desk.of(str(said.get("debate", "")))
    return talks.assistant.debate, talks.cast


def _language(said: dict[str, Any]) -> Language:
    return "en" if said.get("language") == "en" else "zh"


def _texts(said: dict[str, Any], key: str) -> dict[str, str]:
    found = said.get(key)
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
