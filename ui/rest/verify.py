"""`POST /v1/verify`: is an exported answer still what the transcript says?"""

from __future__ import annotations

import json

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant import Assistant
from ui.errors import NotAnExportError
from ui.limits import AnswerQueue
from ui.rest.examples import ANSWER
from ui.rest.problems import printable
from ui.verify import verify_export

_SHOWN = 200  # findings told; one altered file may hold thousands


class VerifyRequest(BaseModel):
    """An export, or an answer."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"document": ANSWER}]})

    document: str | dict[str, JsonValue] = Field(
        description="The exported file as text (Markdown or JSON), or a JSON export or answer as an object.",
        examples=[ANSWER],
    )
    quotes_only: bool = Field(
        default=False, description="Do not mind our own words around the quotes.", examples=[False]
    )


class FindingOut(BaseModel):
    """Something that is not as it was exported."""

    model_config = ConfigDict(extra="forbid")

    where: str = Field(examples=["answer 1, quote 2 (Rob Li, t11)"])
    problem: str = Field(examples=["character 3 is “六”, the transcript has “四”"])


class Verification(BaseModel):
    """What was checked and what was found."""

    model_config = ConfigDict(extra="forbid")

    verified: bool = Field(description="Whether there was something to check and nothing was altered.", examples=[True])
    answers: int = Field(examples=[1])
    quotes: int = Field(examples=[2])
    calculations: int = Field(examples=[0])
    partial: list[str] = Field(
        default=[], description="Quotations that hold only part of their sentences.", examples=[[]]
    )
    unchecked: list[str] = Field(default=[], description="What could not be compared, and why.", examples=[[]])
    findings: list[FindingOut] = Field(description=f"What was altered; at most {_SHOWN} are told.", examples=[[]])
    transcript_sha256: str = Field(description="What it was checked against.", examples=["a1195c42f186"])


def router(assistant: Assistant, *, queue: AnswerQueue) -> APIRouter:
    """The route ``/v1/verify``."""
    routes = APIRouter(prefix="/v1", tags=["verify"])

    @routes.post("/verify", summary="Check an export against the transcript")
    async def verify(asked: VerifyRequest) -> Verification:
        """Words, spans, speakers, originators, hash; calculations are run again. What is no export is not verified."""
        return await queue.run(lambda: check(assistant, asked))

    return routes


def check(assistant: Assistant, asked: VerifyRequest) -> Verification:
    """Check what was sent."""
    sha256 = assistant.debate.transcript.sha256
    document = asked.document if isinstance(asked.document, str) else json.dumps(asked.document)
    try:
        report = verify_export(document.encode("utf-8", "replace"), assistant.debate, quotes_only=asked.quotes_only)
    except NotAnExportError as error:
        finding = FindingOut(where="document", problem=str(error))
        return Verification(
            verified=False, answers=0, quotes=0, calculations=0, findings=[finding], transcript_sha256=sha256
        )
    findings = [FindingOut(where=printable(f.where), problem=printable(f.problem)) for f in report.findings[:_SHOWN]]
    return Verification(
        verified=not findings and not report.empty,
        answers=report.answers,
        quotes=report.quotes,
        calculations=report.calculations,
        findings=findings,
        partial=report.partial[:_SHOWN],
        unchecked=report.unchecked,
        transcript_sha256=sha256,
    )
