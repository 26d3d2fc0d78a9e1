"""`/healthz` and `/readyz`: is the process up; can it answer. They need no token and tell nothing of anybody."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant import Assistant
from ui.limits import AnswerQueue


class Health(BaseModel):
    """The process is up."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["ok"] = Field(default="ok", examples=["ok"])


class Readiness(BaseModel):
    """It can answer."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["ready"] = Field(default="ready", examples=["ready"])
    transcript: str = Field(description="Which debate.", examples=["ai-bubble-2025-11-15"])
    transcript_sha256: str = Field(examples=["a1195c42f186"])
    index: str = Field(description="What answers: chroma, exact scan, building.", examples=["exact scan"])
    waiting: int = Field(description="Questions in the line.", examples=[0])


def router(assistant: Assistant, *, queue: AnswerQueue) -> APIRouter:
    """The two routes."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/healthz", summary="Is the process up?")
    async def healthz() -> Health:
        """Answered as long as the process runs, however long the line is."""
        return Health()

    @routes.get("/readyz", summary="Can it answer?")
    async def readyz() -> Readiness:
        """503 when the data folder cannot be read."""
        await queue.read(lambda: assistant.store.pointer("ready"))  # raises StoreError
        transcript = assistant.debate.transcript
        return Readiness(
            transcript=transcript.id,
            transcript_sha256=transcript.sha256,
            index=assistant.index_state,
            waiting=queue.length,
        )

    return routes
