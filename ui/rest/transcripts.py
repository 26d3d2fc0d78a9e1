"""`/v1/transcripts`: the library. Debates are sent in as JSON or as a form with files, listed, and taken out.

curl -s localhost:8000/v1/transcripts -F file=@call.vtt
curl -s localhost:8000/v1/ask -H 'Content-Type: application/json' \\
     -d '{"question": "Who changed their mind on the toll?", "transcripts": ["all"]}'
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from assistant import Assistant
from assistant.errors import QuestionError
from assistant.library.library import Library
from corpus.library import debate_on_record
from corpus.readers.report import ReadingReport, report_of
from corpus.shelf import Shelved
from ui.limits import AnswerQueue

MAX_UPLOAD = 32_000_000  # bytes of a request
_MOST = 20  # files of one request
_FileName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
DebateName = Annotated[str, StringConstraints(min_length=3, max_length=200, pattern=r"\S")]
_ID = Annotated[DebateName, Path(description="Id of a debate, its beginning, or its title.", examples=["7f83b165"])]


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TranscriptText(BaseModel):
    """A debate sent as text."""

    model_config = ConfigDict(extra="forbid", strict=True, regex_engine="python-re")

    name: _FileName = Field(
        description="Of its file; tells a date where the words do not.", examples=["2025-03-04.txt"]
    )
    text: str = Field(
        min_length=1, max_length=MAX_UPLOAD, description="The whole file.",
        examples=["Ann Lee: Is the roof safe?\n\nBob Ray: It can wait until May."],
    )  # fmt: skip


class TranscriptSummary(_Out):
    """A debate of the library."""

    id: str = Field(description="By which it is named; its bytes decide it.", examples=["7f83b165"])
    title: str = Field(examples=["The harbour toll"])
    date: str = Field(description="YYYY-MM-DD; empty where it is not known.", examples=["2025-03-04"])
    name: str = Field(description="Of the file.", examples=["2025-03-04.txt"])
    version: int = Field(description="From 1; a file that changed is a new version.", examples=[1])
    sha256: str = Field(description="Of the file's bytes.", examples=["7f83b1657ff1"])


class TranscriptList(_Out):
    """What is in the library, by date."""

    transcripts: list[TranscriptSummary]


class Imported(_Out):
    """What became of one file."""

    transcript: TranscriptSummary
    state: str = Field(description="imported, already there, or new version.", examples=["imported"])
    report: ReadingReport = Field(description="How it was read, and what may have been read wrong.")


class ImportedList(_Out):
    """What became of the files, in their order."""

    imported: list[Imported]


def router(assistant: Assistant, *, queue: AnswerQueue) -> APIRouter:
    """The routes under ``/v1/transcripts``."""
    routes = APIRouter(prefix="/v1/transcripts", tags=["library"])
    library = assistant.library
    _add_sending(routes, library, queue)

    @routes.get("", summary="The library")
    async def list_transcripts() -> TranscriptList:
        """By date, undated ones last; `id` goes into `transcripts` of `/v1/ask`."""
        found = await queue.read(lambda: library.debates)
        return TranscriptList(transcripts=[summary(d) for d in found])

    @routes.get("/{transcript}", summary="How a debate of the library was read")
    async def read_transcript(transcript: _ID) -> Imported:
        """Form, speakers and doubts."""

        def read() -> Imported:
            return _imported(library, library.store.find_debate(transcript), "already there")

        return await queue.read(read)

    @routes.delete("/{transcript}", summary="Take a debate out", status_code=204, response_class=Response)
    async def remove_transcript(transcript: _ID) -> Response:
        """Its words, older versions and vectors go; no other debate is touched, conversations stay."""
        await queue.run(lambda: library.remove(transcript))
        return Response(status_code=204)

    return routes


def _add_sending(routes: APIRouter, library: Library, queue: AnswerQueue) -> None:
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": file}, "required": ["file"], "additionalProperties": False}
    body = {
        "required": True,
        "content": {
            "application/json": {"schema": TranscriptText.model_json_schema()},
            "multipart/form-data": {"schema": form},
        },
    }

    @routes.post("", summary="Send a debate in", status_code=201, openapi_extra={"requestBody": body})
    async def send_transcript(request: Request) -> ImportedList:
        """Any form that is read; the same bytes twice are one debate. It is answered from at once."""
        sent = await _files(request)
        done = [await queue.run(lambda n=name, d=data: _add(library, n, d)) for name, data in sent]  # type: ignore[misc]
        library.encode_beside()
        return ImportedList(imported=done)


async def _files(request: Request) -> list[tuple[str, bytes]]:
    """(name, bytes) of what was sent.

    Raises:
        RequestValidationError: The JSON is not a name and a text.
        QuestionError: The form holds no file, or too many.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=_MOST, max_fields=_MOST) as form:
            sent = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
            if not sent:
                raise QuestionError("The form holds no file; send it as the field `file`.")
            return [((upload.filename or "transcript")[:200], await upload.read()) for upload in sent]
    try:
        text = TranscriptText.model_validate_json(await request.body())
    except ValidationError as error:
        wrong: list[Any] = [
            {**e, "loc": ("body", *e["loc"])} for e in error.errors(include_url=False, include_input=False)
        ]
        raise RequestValidationError(wrong) from error
    return [(text.name, text.text.encode("utf-8", "surrogatepass"))]


def _add(library: Library, name: str, data: bytes) -> Imported:
    shelved, state = library.add_bytes(data, name)
    return _imported(library, shelved, state)


def _imported(library: Library, shelved: Shelved, state: str) -> Imported:
    transcript = debate_on_record(library.store, shelved.sha256).transcript
    return Imported(transcript=summary(shelved), state=state, report=report_of(transcript))


def summary(debate: Shelved) -> TranscriptSummary:
    """A debate as the door shows it; where it lay on somebody's disk stays inside."""
    return TranscriptSummary(
        id=debate.id, title=debate.title or debate.name, date=debate.date, name=debate.name, version=debate.version,
        sha256=debate.sha256,
    )  # fmt: skip
