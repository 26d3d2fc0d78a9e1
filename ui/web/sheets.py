"""The page's calculations as files: one of an answer, or one of the panel by what is typed there."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from assistant import Assistant
from assistant.calculators.trace import CalculationTrace
from assistant.errors import CalculatorInputError
from corpus.errors import DebateError, UnknownThreadError
from ui.guard import owner_of
from ui.sheet import sheet_file
from ui.web.desk import Desk

_NONE = "There is no such calculation of yours.\n"


def add_sheets(app: FastAPI, desk: Desk) -> None:
    """Add both downloads to the page's application."""

    @app.get("/export/{thread}/{position}/{number}", include_in_schema=False)
    def answered(thread: str, position: int, number: int, request: Request, format: str = "xlsx") -> Response:
        try:
            about = desk.of_thread(thread, owner_of(request.cookies)).assistant
            answers = about.thread(thread, owner=owner_of(request.cookies))
        except (UnknownThreadError, PermissionError):
            return PlainTextResponse(_NONE, 404)
        answer = answers[position - 1] if 0 < position <= len(answers) else None
        if answer is None or not 0 <= number < len(answer.calculations):
            return PlainTextResponse(_NONE, 404)
        return _file(about, answer.calculations[number], format, answer.language)

    @app.get("/sheet/{name}", include_in_schema=False)
    def typed(name: str, request: Request, format: str = "xlsx", language: str = "zh") -> Response:
        from ui.web.calculate import computed

        texts = {key[2:]: words for key, words in request.query_params.items() if key.startswith("b.")}
        try:
            trace = computed(name, texts)
        except CalculatorInputError as error:
            return PlainTextResponse(f"{error}\n", 422)
        return _file(desk.main.assistant, trace, format, "en" if language == "en" else "zh")


def _file(assistant: Assistant, trace: CalculationTrace, wanted: str, language: Any) -> Response:
    try:
        file = sheet_file(trace, "csv" if wanted == "csv" else "xlsx", language, assistant.debate)
    except DebateError as error:
        return PlainTextResponse(f"{error}\n", 422)
    return Response(file.content, media_type=file.media_type, headers=file.headers)
