"""The addresses by which the wizard sends a file and asks after it; answers are JSON with rendered HTML in it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from corpus.errors import DebateError
from ui.guard import owner_of
from ui.web.components.wizard import first, preview
from ui.web.importing import PATH, Imports, Read


def add_imports(app: FastAPI, imports: Imports) -> None:
    """Add them to the page's application."""

    @app.get(PATH, include_in_schema=False)
    def begin() -> JSONResponse:
        return _told(html=first())

    @app.post(PATH, include_in_schema=False)
    async def read(request: Request, name: str = "") -> JSONResponse:
        data = await request.body()
        owner = owner_of(request.cookies)
        try:
            # Reading a large file takes a second or two; others are answered meanwhile.
            ticket = await asyncio.to_thread(imports.read, data, name, owner)
        except DebateError as error:
            return _refused(error)
        return _told(html=preview(imports.waiting(ticket, owner), ticket, name))

    @app.post(PATH + "/{ticket}", include_in_schema=False)
    async def keep(ticket: str, request: Request) -> JSONResponse:
        try:
            people = json.loads(await request.body() or b"{}")
        except ValueError:
            people = {}
        try:
            imports.keep(ticket, owner_of(request.cookies), people if isinstance(people, dict) else {})
            return _state(imports.waiting(ticket, owner_of(request.cookies)))
        except DebateError as error:
            return _refused(error)

    @app.get(PATH + "/{ticket}", include_in_schema=False)
    def state(ticket: str, request: Request) -> JSONResponse:
        try:
            return _state(imports.waiting(ticket, owner_of(request.cookies)))
        except DebateError as error:
            return _refused(error)


def _state(read: Read) -> JSONResponse:
    done = {"html": first()} if read.state == "kept" else {}
    return _told(state=read.state, done=read.done, total=read.total, debate=read.name, why=read.why, **done)


def _refused(error: DebateError) -> JSONResponse:
    return JSONResponse({"ok": False, "why": str(error)}, 422, headers={"Cache-Control": "no-store"})


def _told(**facts: Any) -> JSONResponse:
    return JSONResponse({"ok": True, **facts}, headers={"Cache-Control": "no-store"})
