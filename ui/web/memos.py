"""The page's memo: a browser's list of items → checked items, the preview's verification, and files. No gradio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from assistant.calculators.trace import CalculationTrace
from corpus.errors import DebateError
from corpus.library import Debate
from ui.docx_file import MEDIA, docx_of
from ui.errors import UsageError
from ui.memo import Item, Memo, items_of, write
from ui.verify import verify_export
from ui.web.calculate import computed
from ui.web.desk import Desk
from ui.words import Language

PATH = "/web/memo"


class Checked(NamedTuple):
    """What verifying a memo came to."""

    quotes: int
    problems: tuple[str, ...]


def read(said: Mapping[str, Any], debate: Debate) -> tuple[Item, ...]:
    """The items that a browser keeps, made anew. Raises DebateError for the first that cannot be."""
    kept = said.get("items")
    kept = kept if isinstance(kept, Sequence) and not isinstance(kept, str) else []
    return items_of(kept, debate, {at: _trace(one) for at, one in enumerate(kept) if _computes(one)})


def _computes(one: Any) -> bool:
    return isinstance(one, Mapping) and one.get("kind") == "calculation"


def _trace(one: Mapping[str, Any]) -> CalculationTrace:
    texts = one.get("texts")
    return computed(
        str(one.get("name", "")), {str(k): str(v) for k, v in texts.items()} if isinstance(texts, Mapping) else {}
    )


def document(said: Mapping[str, Any], items: tuple[Item, ...], debate: Debate) -> str:
    """The memo as Markdown. Raises DebateError."""
    return write(Memo(str(said.get("title", ""))[:200], items), debate, language_of(said))


def checked(markdown: str, debate: Debate) -> Checked:
    """The same check that `debate verify` makes."""
    report = verify_export(markdown.encode(), debate)
    return Checked(report.quotes, tuple(finding.problem for finding in report.findings))


def language_of(said: Mapping[str, Any]) -> Language:
    """The page's language."""
    return "en" if said.get("language") == "en" else "zh"


def add_memos(app: FastAPI, desk: Desk) -> None:
    """Add the download to the page's application."""

    @app.post(PATH, include_in_schema=False)
    async def memo(request: Request, format: str = "md") -> Response:
        try:
            said = await request.json()
            if not isinstance(said, dict):
                raise UsageError("A memo is a JSON object.")
            debate = desk.of(str(said.get("debate", ""))).assistant.debate
            text = document(said, read(said, debate), debate)
        except ValueError as error:
            return PlainTextResponse(f"The memo cannot be read: {error}\n", 422)
        except DebateError as error:
            return PlainTextResponse(f"{error}\n", 422)
        if format == "docx":
            return Response(docx_of(text), media_type=MEDIA, headers={"Cache-Control": "no-store"})
        return Response(text, media_type="text/markdown; charset=utf-8", headers={"Cache-Control": "no-store"})
