"""`/v1/threads`: the caller's own conversations. Whoever else asks for one is told that it does not exist."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from assistant import Answer, Assistant
from assistant.library.types import LibraryAnswer
from corpus.errors import UnknownThreadError
from corpus.store import Thread
from ui.errors import UsageError
from ui.export import Conversation, export_json, export_markdown
from ui.limits import AnswerQueue
from ui.rest.examples import ANSWER, EXPORT
from ui.rest.fields import MessageNumber, ThreadId, Title

_ID = Annotated[ThreadId, Path(description="Id of a conversation of yours.", examples=["3f9c2a1b"])]


_MESSAGE_EXAMPLE = {"number": 1, "follows": 0, "question": "Rob 怎么看 GPU 折旧?",
                    "created": "2026-11-22T15:00:00Z", "shown": True}  # fmt: skip


class ThreadSummary(BaseModel):
    """A conversation without its answers."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(examples=["3f9c2a1b"])
    title: str = Field(description="The first question, or what it was renamed to.", examples=["Rob 怎么看 GPU 折旧?"])
    created: datetime = Field(examples=["2026-11-22T15:00:00Z"])
    updated: datetime = Field(examples=["2026-11-22T15:01:00Z"])
    transcript_sha256: str = Field(description="Which transcript it is about.", examples=["a1195c42f186"])


class ThreadList(BaseModel):
    """Conversations, the latest first."""

    model_config = ConfigDict(extra="forbid")

    threads: list[ThreadSummary]
    total: int = Field(description="How many there are in all.", examples=[1])


class MessageOut(BaseModel):
    """A question on any branch of a conversation."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(description="From 1, in the order in which they came; never changes.", examples=[1])
    follows: int = Field(description="Number of the message before it; 0 for a first one.", examples=[0])
    question: str = Field(examples=["Rob 怎么看 GPU 折旧?"])
    created: datetime = Field(examples=["2026-11-22T15:00:00Z"])
    shown: bool = Field(description="Whether it is on the branch that is shown.", examples=[True])


class ThreadDetail(ThreadSummary):
    """A conversation with its answers, oldest first."""

    answers: list[Answer | LibraryAnswer] = Field(description="Of the branch that is shown.")
    messages: list[MessageOut] = Field(description="Of all branches: what was edited or asked again is kept.")


class Branching(BaseModel):
    """Which branch to show."""

    model_config = ConfigDict(extra="forbid", strict=True)

    message: MessageNumber = Field(description="Number of a message on it.", examples=[1])


class Renaming(BaseModel):
    """Another title."""

    model_config = ConfigDict(extra="forbid", strict=True, regex_engine="python-re")

    title: Title = Field(description="1 to 200 characters, not only white space.", examples=["GPU 折旧"])


def belongs_here(assistant: Assistant, thread: str, owner: str) -> Thread:
    """A thread of that owner about this transcript.

    Raises:
        UnknownThreadError: There is none.
    """
    found = assistant.store.thread(thread, owner)
    if found.sha256 != assistant.debate.transcript.sha256:
        raise UnknownThreadError(f"Thread {thread} is about another transcript than the one served here.")
    return found


def router(assistant: Assistant, *, queue: AnswerQueue) -> APIRouter:
    """The routes under ``/v1/threads``."""
    routes = APIRouter(prefix="/v1/threads", tags=["threads"])
    example = {"id": "3f9c2a1b", "title": "GPU 折旧", "created": "2026-11-22T15:00:00Z",
               "updated": "2026-11-22T15:01:00Z", "transcript_sha256": assistant.debate.transcript.sha256}  # fmt: skip
    _add_reading(routes, assistant, queue, example)
    _add_changing(routes, assistant, queue, example)
    _add_export(routes, assistant, queue)
    return routes


def _add_reading(routes: APIRouter, assistant: Assistant, queue: AnswerQueue, example: dict[str, str]) -> None:
    @routes.get(
        "",
        summary="Your conversations",
        responses={200: {"content": {"application/json": {"example": {"threads": [example], "total": 1}}}}},
    )
    async def list_threads(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=200, description="At most so many.", examples=[50])] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="Leave out so many.", examples=[0])] = 0,
        deleted: Annotated[
            bool, Query(description="Those that were deleted and can be brought back.", examples=[False])
        ] = False,
    ) -> ThreadList:
        """The latest first."""
        owner: str = request.state.owner
        found = await queue.read(lambda: assistant.store.threads(owner, deleted=deleted))
        return ThreadList(threads=[summary(t) for t in found[offset : offset + limit]], total=len(found))

    @routes.get(
        "/{thread}",
        summary="One conversation",
        responses={
            200: {
                "content": {
                    "application/json": {"example": {**example, "answers": [ANSWER], "messages": [_MESSAGE_EXAMPLE]}}
                }
            }
        },
    )
    async def read_thread(thread: _ID, request: Request) -> ThreadDetail:
        """The answers of the branch that is shown, oldest first; and what there is on all branches."""
        owner: str = request.state.owner

        def read() -> ThreadDetail:
            found = assistant.store.thread(thread, owner)
            return ThreadDetail(
                **summary(found).model_dump(),
                answers=_answers(assistant, found, owner),
                messages=_messages(assistant, thread, owner),
            )

        return await queue.read(read)


def _add_changing(routes: APIRouter, assistant: Assistant, queue: AnswerQueue, example: dict[str, str]) -> None:
    store = assistant.store
    shown: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": example}}}}

    @routes.patch("/{thread}", summary="Rename a conversation", responses=shown)
    async def rename_thread(thread: _ID, renaming: Renaming, request: Request) -> ThreadSummary:
        """Only its title changes."""
        owner: str = request.state.owner
        await queue.read(lambda: store.rename_thread(thread, renaming.title.strip(), owner))
        return summary(await queue.read(lambda: store.thread(thread, owner)))

    @routes.delete("/{thread}", summary="Delete a conversation", status_code=204, response_class=Response)
    async def delete_thread(
        thread: _ID,
        request: Request,
        forever: Annotated[bool, Query(description="At once and for good.", examples=[False])] = False,
    ) -> Response:
        """It can be brought back for thirty days, unless it goes for good."""
        owner: str = request.state.owner
        await queue.read(lambda: store.delete_thread(thread, owner, forever=forever))
        return Response(status_code=204)

    @routes.post("/{thread}/restore", summary="Bring a deleted conversation back", responses=shown)
    async def restore_thread(thread: _ID, request: Request) -> ThreadSummary:
        """One that was not deleted stays as it is."""
        owner: str = request.state.owner
        await queue.read(lambda: store.restore_thread(thread, owner))
        return summary(await queue.read(lambda: store.thread(thread, owner)))

    @routes.post("/{thread}/branch", summary="Show another branch", responses=shown)
    async def show_branch(thread: _ID, branch: Branching, request: Request) -> ThreadSummary:
        """The branch through that message, to its latest message; nothing is lost by it."""
        owner: str = request.state.owner

        def show() -> Thread:
            if branch.message not in {m.number for m in store.all_messages(thread, owner)}:
                raise UsageError(f"Thread {thread} has no message {branch.message}; GET it to see which there are.")
            store.show_branch(thread, branch.message, owner)
            return store.thread(thread, owner)

        return summary(await queue.read(show))


def _add_export(routes: APIRouter, assistant: Assistant, queue: AnswerQueue) -> None:
    @routes.get(
        "/{thread}/export",
        summary="A conversation as a file that verifies",
        response_class=Response,
        responses={
            200: {
                "description": "Markdown or JSON; `/v1/verify` and `debate verify` check it.",
                "content": {
                    "text/markdown": {"schema": {"type": "string"}, "example": EXPORT},
                    "application/json": {"schema": {"type": "object"}, "example": {"format": "debate-export"}},
                },
            }
        },
    )
    async def export_thread(
        thread: _ID,
        request: Request,
        format: Annotated[Literal["md", "json"], Query(description="Markdown or JSON.", examples=["md"])] = "md",
    ) -> Response:
        """Each quotation carries its sentence ids, span and the transcript's SHA-256."""
        owner: str = request.state.owner

        def export() -> str:
            found = belongs_here(assistant, thread, owner)
            conversation = Conversation(found.title, tuple(assistant.thread(thread, owner=owner)), thread)
            return (export_json if format == "json" else export_markdown)(conversation, assistant.debate)

        text = await queue.read(export)
        media = "application/json" if format == "json" else "text/markdown; charset=utf-8"
        disposition = f'attachment; filename="debate-{thread}.{format}"'
        return Response(text.encode(), media_type=media, headers={"Content-Disposition": disposition})


def _answers(assistant: Assistant, thread: Thread, owner: str) -> list[Answer | LibraryAnswer]:
    if thread.sha256.startswith("library:"):
        return [*assistant.library.thread(thread.id, owner=owner)]
    return [*assistant.thread(thread.id, owner=owner)]


def _messages(assistant: Assistant, thread: str, owner: str) -> list[MessageOut]:
    shown = {message.number for message in assistant.store.messages(thread, owner)}
    return [
        MessageOut(
            number=message.number,
            follows=message.parent,
            question=message.question,
            created=datetime.fromtimestamp(message.created, UTC),
            shown=message.number in shown,
        )
        for message in assistant.store.all_messages(thread, owner)
    ]


def summary(thread: Thread) -> ThreadSummary:
    """A thread as the door shows it; its owner stays inside."""
    return ThreadSummary(
        id=thread.id,
        title=thread.title,
        created=datetime.fromtimestamp(thread.created, UTC),
        updated=datetime.fromtimestamp(thread.updated, UTC),
        transcript_sha256=thread.sha256,
    )
