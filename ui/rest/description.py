"""The OpenAPI document: what FastAPI derives from the routes, plus what stands before them (access, limits, guard)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ui.rest.problems import MEDIA_TYPE, Problem

TITLE = "Debate assistant"
TEXT = """Ask one debate who said what. Every quote equals its slice of the transcript file (`raw[start:end] == text`,
in code points; words that stand in several pieces of it list them), names its speaker, and says whose claim is relayed.
Where the file tells times, quotes do (`seconds`, `time`, and `link` to the recording). Silence is an answer.

- Refusals are `application/problem+json`. 503 and 429 say in `Retry-After` when to come back.
- Threads belong to the bearer token or, without one, to the cookie `debate_visitor`: keep the cookie to go on with one.
- `/mcp` speaks the Model Context Protocol (Streamable HTTP)."""
TAGS = [
    {"name": "ask", "description": "Questions and answers."},
    {"name": "threads", "description": "Your conversations."},
    {"name": "debate", "description": "The transcript, stances and figures."},
    {"name": "library", "description": "Debates of your own; asked together by `transcripts` of `/v1/ask`."},
    {"name": "calculators", "description": "Models with all inputs shown."},
    {"name": "verify", "description": "Exports against the transcript."},
    {"name": "openai", "description": "OpenAI-compatible; model `debate`."},
    {"name": "operations", "description": "Health and counters."},
]

_HEALTH = ("/healthz", "/readyz")
_MAY_BE_UNKNOWN = ("/v1/ask", "/v1/transcript", "/v1/stances", "/v1/figures", "/v1/chat/completions", "/v1/transcripts")
_WAITS = (
    "/v1/ask",
    "/v1/transcripts",
    "/v1/transcripts/{transcript}",
    "/v1/threads",
    "/v1/verify",
    "/v1/chat/completions",
    "/v1/calculators/{name}",
    "/readyz",
)
_PROBLEMS: dict[str, tuple[str, str, str, str]] = {
    # name: (status, slug, title, detail)
    "BadRequest": ("400", "bad-request", "Bad Request", "This server does not answer to that Host."),
    "Unauthorized": ("401", "unauthorized", "Unauthorized", "A token is demanded: `Authorization: Bearer …`."),
    "Forbidden": ("403", "forbidden", "Forbidden", "Requests from other sites are not answered."),
    "NotFound": ("404", "unknown-thread", "Unknown thread", "There is no thread 'abc'; `debate threads` lists yours."),
    "TooLarge": ("413", "too-large", "Content Too Large", "The request is larger than 1,000,000 bytes."),
    "Invalid": ("422", "invalid", "Invalid request", "body.question: Field required."),
    "TooMany": ("429", "rate-limited", "Too many requests", "More than 20 requests a second; try again in 1 s."),
    "Overloaded": ("503", "overloaded", "Overloaded", "30 questions are waiting already; try again in 1 s."),
}  # fmt: skip


def describe(app: FastAPI, *, tokens: bool) -> None:
    """Have ``app.openapi()`` tell everything.

    Args:
        tokens: whether a token is demanded.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, tokens)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI, tokens: bool) -> dict[str, Any]:
    from importlib.metadata import version

    document = get_openapi(
        title=TITLE, version=version("debate-assistant"), description=TEXT, routes=app.routes, tags=TAGS
    )
    document["info"]["summary"] = "Verbatim, attributed answers from one debate."
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    template = "#/components/schemas/{model}"
    problem = Problem.model_json_schema(ref_template=template)
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["responses"] = {name: _response(name) for name in _PROBLEMS}
    if tokens:
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "description": "A token of DEBATE_TOKEN."},
            "session": {
                "type": "apiKey", "in": "cookie", "name": "debate_session",
                "description": "A browser gets it by opening /?token=… once.",
            },
        }  # fmt: skip
    for path, item in document["paths"].items():
        for operation in item.values():
            _complete(path, operation, tokens)
    return document


def _complete(path: str, operation: dict[str, Any], tokens: bool) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    names = ["BadRequest", "Forbidden"]
    if tokens and path not in _HEALTH:
        names.append("Unauthorized")
        operation["security"] = [{"bearer": []}, {"session": []}]
    if path not in _HEALTH:
        names.append("TooMany")
    if "{" in path or path in _MAY_BE_UNKNOWN:
        names.append("NotFound")
    if "requestBody" in operation:
        names.append("TooLarge")
    if "requestBody" in operation or operation.get("parameters"):
        names.append("Invalid")
    if path.startswith(_WAITS):
        names.append("Overloaded")
    for name in names:
        responses[_PROBLEMS[name][0]] = {"$ref": f"#/components/responses/{name}"}
    operation["responses"] = dict(sorted(responses.items()))
    if path == "/v1/transcript":
        operation["responses"]["304"] = {"description": "It is as in `If-None-Match`."}


def _response(name: str) -> dict[str, Any]:
    status, slug, title, detail = _PROBLEMS[name]
    example = {"type": f"urn:debate:{slug}", "title": title, "status": int(status), "detail": detail}
    response: dict[str, Any] = {
        "description": title,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if name in ("TooMany", "Overloaded"):
        schema = {"type": "integer", "minimum": 1}
        response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": schema, "required": True}}
    if name == "Unauthorized":
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    return response
