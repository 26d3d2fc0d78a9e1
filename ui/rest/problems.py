"""What went wrong, as ``application/problem+json`` (RFC 9457): one shape for every refusal of every HTTP door.

    {"type": "urn:debate:unknown-thread", "title": "Unknown thread", "status": 404,
     "detail": "There is no thread 'abc'; …", "instance": "urn:debate:request:5f0c…"}

``detail`` is the error's own sentence. A body that is refused is never echoed, and what the interpreter says of a
defect of ours stays in the log.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assistant.errors import CalculatorInputError, QuestionCancelledError, QuestionError
from corpus.errors import (
    DebateError,
    QuoteNotFoundError,
    StoreError,
    TranscriptParseError,
    UnknownDebateError,
    UnknownReferenceError,
    UnknownSpeakerError,
    UnknownThreadError,
)
from ui.errors import UsageError
from ui.guard import BodyError
from ui.limits import BusyError, DeadlineError, OverloadedError, RateLimitedError, StoppingError

MEDIA_TYPE = "application/problem+json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
log = logging.getLogger("debate.problems")


class Complaint(BaseModel):
    """One thing that is wrong in what was sent."""

    model_config = ConfigDict(extra="forbid")

    where: str = Field(description="Path of the value: body.question, query.limit.", examples=["body.question"])
    what: str = Field(description="What it must be.", examples=["String should have at least 1 character"])


class Problem(BaseModel):
    """RFC 9457 problem details. ``errors`` with 422; ``error`` repeats it in OpenAI's form where their clients look."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Stable name of the kind of problem.", examples=["urn:debate:unknown-thread"])
    title: str = Field(description="The kind in words.", examples=["Unknown thread"])
    status: int = Field(description="The HTTP status again.", examples=[404])
    detail: str = Field(
        description="One sentence: what was wrong and what to do.",
        examples=["There is no thread 'abc'; `debate threads` lists yours."],
    )
    instance: str | None = Field(default=None, description="This occurrence, by request id.")
    errors: list[Complaint] | None = Field(default=None, description="Each thing that is wrong, with 422.")
    error: dict[str, Any] | None = Field(default=None, description="The same in OpenAI's form, under /v1/chat.")


class Kind(NamedTuple):
    """Status and name of a kind of problem."""

    status: int
    slug: str
    title: str


#: The first class that fits decides; anything else of ours is a bad request.
KINDS: tuple[tuple[type[DebateError], Kind], ...] = (
    (QuestionError, Kind(422, "question", "Question cannot be asked")),
    (CalculatorInputError, Kind(422, "calculator-input", "Calculator cannot use an input")),
    (UnknownSpeakerError, Kind(404, "unknown-speaker", "Unknown speaker")),
    (UnknownDebateError, Kind(404, "unknown-debate", "Unknown debate")),
    (TranscriptParseError, Kind(422, "transcript", "Transcript cannot be read")),
    (UnknownThreadError, Kind(404, "unknown-thread", "Unknown thread")),
    (UnknownReferenceError, Kind(404, "unknown-reference", "Unknown turn or sentence")),
    (QuoteNotFoundError, Kind(404, "quote-not-found", "Quote not found")),
    (UsageError, Kind(404, "not-found", "Not found")),
    (OverloadedError, Kind(503, "overloaded", "Overloaded")),
    (DeadlineError, Kind(503, "deadline", "Not done in time")),
    (StoppingError, Kind(503, "stopping", "The server is being stopped")),
    (QuestionCancelledError, Kind(503, "cancelled", "Cancelled")),
    (RateLimitedError, Kind(429, "rate-limited", "Too many requests")),
    (StoreError, Kind(503, "store", "Data folder cannot be used")),
)


_DETAILS = {
    404: "There is nothing here; /openapi.json lists what there is.",
    405: "This method is not taken here; the header Allow says which are.",
}


def kind_of(error: DebateError) -> Kind:
    """The kind of problem that an error of ours is."""
    return next((kind for known, kind in KINDS if isinstance(error, known)), Kind(400, "request", "Bad request"))


def problem(
    status: int,
    slug: str,
    detail: str,
    *,
    title: str | None = None,
    headers: Mapping[str, str] | None = None,
    scope: Mapping[str, Any] | None = None,
    **more: Any,
) -> Response:
    """A problem as a response.

    Args:
        scope: ASGI scope of the request; its request id becomes ``instance`` and its path decides on OpenAI's form.
        more: further members, such as ``errors``.
    """
    title = title or HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": f"urn:debate:{slug}", "title": title, "status": status, "detail": printable(detail)}
    if scope is not None:
        request_id = scope.get("state", {}).get("request_id")
        if request_id:
            body["instance"] = f"urn:debate:request:{request_id}"
        if scope.get("path", "").startswith("/v1/chat/"):
            body["error"] = {"message": body["detail"], "type": slug, "param": None, "code": slug}
    body.update(more)
    # ASCII, so that no text can fail to encode.
    return Response(json.dumps(body), status, dict(headers or {}), MEDIA_TYPE)


def error_response(error: DebateError, scope: Mapping[str, Any]) -> Response:
    """An error of ours as a response."""
    kind = kind_of(error)
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, CalculatorInputError):
        more = {"field": error.field, "allowed": error.allowed, "read": printable(error.read)}
    if isinstance(error, BusyError):
        headers["Retry-After"] = str(error.retry_after_s)
    elif kind.status == 503:
        headers["Retry-After"] = "5"
    return problem(kind.status, kind.slug, str(error), title=kind.title, headers=headers, scope=scope, **more)


def _allowed(app: FastAPI, path: str) -> str:
    """The methods of a path; the framework names only those of the first route that fits."""
    methods: set[str] = set()
    for template, item in app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            methods |= {method.upper() for method in item}
    return ", ".join(sorted(methods))


async def not_here(request: Request) -> Response:
    """405 for a path that takes other methods, else 404.

    Raises:
        HTTPException: Always.
    """
    allowed = _allowed(request.app, request.scope["path"])
    raise HTTPException(405, headers={"Allow": allowed}) if allowed else HTTPException(404)


def printable(text: str) -> str:
    """The text without what UTF-8 cannot carry (lone surrogates)."""
    return text.encode("utf-8", "replace").decode("utf-8")


def install_handlers(app: FastAPI) -> None:
    """Have every refusal of an application answered as a problem."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, DebateError)
        return error_response(error, request.scope)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        complaints = [
            {"where": printable(".".join(str(part) for part in item["loc"]))[:200], "what": str(item["msg"])[:300]}
            for item in error.errors()[:20]
        ]
        first = complaints[0]
        detail = f"{first['where']}: {first['what']}."
        return problem(422, "invalid", detail, title="Invalid request", scope=request.scope, errors=complaints)

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if isinstance(error.__cause__, BodyError):
            raise error.__cause__  # the guard, outside, answers it
        phrase = HTTPStatus(error.status_code).phrase
        detail = _DETAILS.get(error.status_code, str(error.detail))
        slug = phrase.lower().replace(" ", "-")
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = _allowed(app, request.scope["path"]) or headers.get("Allow", "")
        return problem(error.status_code, slug, detail, headers=headers, scope=request.scope)

    async def defect(request: Request, error: Exception) -> Response:
        request_id = request.scope.get("state", {}).get("request_id", "")
        log.error("request %s failed", request_id, exc_info=error)
        detail = "This is a defect of ours; it is in the server's log under this request's id."
        return problem(500, "defect", detail, scope=request.scope)

    app.add_exception_handler(DebateError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(Exception, defect)
