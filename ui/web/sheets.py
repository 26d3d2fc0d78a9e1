"""The page's calculations as files: one of an answer, or one of the panel by what is typed there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from assistant import Assistant
from assistant.calculators.trace import CalculationTrace
from assistant.errors import CalculatorInputError
from corpus.errors import DebateError, UnknownThreadError
from ui.guard import owner_of
from ui.sheet import sheet_file
from ui.words import Language

_NONE = "There is no such calculation of yours.\n"


def of_answer(thread: str, position: int, number: int) -> str:
    """The address of a calculation of an answer, up to the format; "" before there is a thread."""
    return f"/export/{quote(thread)}/{position}/{number}?format=" if thread else ""


def of_panel(name: str, texts: Mapping[str, str], language: Language) -> str:
    """The address of what a panel computes, up to the format."""
    typed = {f"b.{key}": words for key, words in texts.items() if words.strip()}
    return f"/sheet/{quote(name)}?{urlencode({'language': language, **typed})}&format="


def add_sheets(app: FastAPI, assistant: Assistant) -> None:
    """Add both downloads to the page's application."""

    @app.get("/export/{thread}/{position}/{number}", include_in_schema=False)
    def answered(thread: str, position: int, number: int, request: Request, format: str = "xlsx") -> Response:
        try:
            answers = assistant.thread(thread, owner=owner_of(request.cookies))
        except (UnknownThreadError, PermissionError):
            return PlainTextResponse(_NONE, 404)
        answer = answers[position - 1] if 0 < position <= len(answers) else None
        if answer is None or not 0 <= number < len(answer.calculations):
            return PlainTextResponse(_NONE, 404)
        return _file(assistant, answer.calculations[number], format, answer.language)

    @app.get("/sheet/{name}", include_in_schema=False)
    def typed(name: str, request: Request, format: str = "xlsx", language: str = "zh") -> Response:
        from ui.web.calculate import computed

        texts = {key[2:]: words for key, words in request.query_params.items() if key.startswith("b.")}
        try:
            trace = computed(name, texts)
        except CalculatorInputError as error:
            return PlainTextResponse(f"{error}\n", 422)
        return _file(assistant, trace, format, "en" if language == "en" else "zh")


def _file(assistant: Assistant, trace: CalculationTrace, wanted: str, language: Any) -> Response:
    try:
        file = sheet_file(trace, "csv" if wanted == "csv" else "xlsx", language, assistant.debate)
    except DebateError as error:
        return PlainTextResponse(f"{error}\n", 422)
    return Response(file.content, media_type=file.media_type, headers=file.headers)
