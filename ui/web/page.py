"""The web application: the page at "/", its files under "/web", downloads, and the doors for programs beside it.

uvicorn.run(create_app(assistant), host="127.0.0.1", port=7860)
"""

from __future__ import annotations

import hashlib
import os
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

from assistant import Assistant
from corpus.errors import DebateError, UnknownThreadError
from ui.guard import Guard, owner_of
from ui.rest.app import create_api, install
from ui.rest.metrics import Observer
from ui.settings import Settings
from ui.web.desk import Desk
from ui.web.importing import MAX_BYTES, PATH, Imports
from ui.web.rendering.cast import colours
from ui.web.rendering.shell import dress

STATIC = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def create_app(
    assistant: Assistant, *, with_ui: bool = True, settings: Settings | None = None, runs: Path | None = None
) -> FastAPI:
    """The application over one assistant: the doors for programs, the page, and the guard before both.

    Args:
        with_ui: mount the page at "/"; without it the doors for programs remain.
        runs: folder of saved evaluation runs to browse; ``DEBATE_RUNS`` or ``runs`` when left out.
    """
    settings = settings or Settings()
    if not with_ui:
        return create_api(assistant, settings)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    service = install(app, assistant, settings)
    _add_page(app, Desk(assistant, service.queue), runs or Path(os.environ.get("DEBATE_RUNS", "runs")))
    files = {PATH: MAX_BYTES}
    app.add_middleware(Guard, hosts=settings.hosts, larger=files, dress=partial(dress, head=_head(assistant)))
    app.add_middleware(Observer, metrics=service.metrics)
    return app


def _add_page(app: FastAPI, desk: Desk, runs: Path) -> None:
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr

    from ui.web.app import build
    from ui.web.importing_routes import add_imports
    from ui.web.memos import add_memos
    from ui.web.sheets import add_sheets
    from ui.web.theme import theme

    @app.get("/export/{thread}", include_in_schema=False)
    def export(thread: str, request: Request, format: str = "md") -> Response:
        from ui.export import Conversation, export_json, export_markdown

        try:
            owner = owner_of(request.cookies)
            about = desk.of_thread(thread, owner).assistant
            title = about.store.thread(thread, owner).title
            talk = Conversation(title, tuple(about.thread(thread, owner=owner)), thread)
        except (UnknownThreadError, PermissionError):
            return PlainTextResponse("There is no such conversation of yours.\n", 404)
        except DebateError as error:
            return PlainTextResponse(f"{error}\n", 500)
        write, kind = (export_json, "application/json") if format == "json" else (export_markdown, "text/markdown")
        name = f"debate-{thread}.{'json' if format == 'json' else 'md'}"
        return Response(
            write(talk, about.debate), media_type=f"{kind}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )  # fmt: skip

    add_sheets(app, desk)
    add_imports(app, Imports(desk))
    add_memos(app, desk)

    _add_readings(app, desk, runs)
    app.add_api_route("/web/{name}", _static, include_in_schema=False)

    gr.mount_gradio_app(
        app, build(desk, runs=runs), path="", theme=theme(), footer_links=[], run_history=False,
        enable_monitoring=False, ssr_mode=False, show_error=False, max_file_size=1, mcp_server=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )  # fmt: skip


def _add_readings(app: FastAPI, desk: Desk, runs: Path) -> None:
    """What readers said of answers, and saved evaluation reports."""
    assistant = desk.main.assistant

    @app.get("/web/feedback.jsonl", include_in_schema=False)
    def feedback(request: Request) -> Response:
        from ui.web.feedback import cases

        body = cases(assistant, assistant.store.feedback(owner_of(request.cookies)))
        return Response(
            body, media_type="application/x-ndjson; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="feedback.jsonl"', "Cache-Control": "no-store"},
        )  # fmt: skip

    @app.get("/web/reports/{system}/{revision}", include_in_schema=False)
    def report(system: str, revision: str) -> Response:
        from ui.web.evaluations import report_page

        path = report_page(runs, system, revision)
        if path is None:
            return PlainTextResponse("There is no such report.\n", 404)
        # A report is a page of its own, framed without scripts.
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
        return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": policy})


async def _static(name: str) -> Response:
    path = STATIC / name
    if path.parent != STATIC or path.suffix not in _KINDS or not path.is_file():
        return PlainTextResponse("There is nothing here.\n", 404)
    return FileResponse(
        path, media_type=_KINDS[path.suffix], headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def _head(assistant: Assistant) -> str:
    """What our page adds to the head: styles first, scripts deferred, each address naming its content."""
    tags = []
    for path in sorted(STATIC.iterdir()):
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        if path.suffix == ".css":
            tags.append(f'<link rel="stylesheet" href="/web/{path.name}?v={version}">')
        elif path.suffix == ".js":
            tags.append(f'<script src="/web/{path.name}?v={version}" defer></script>')
    return f"<style>{colours(assistant.debate)}</style>{''.join(tags)}"
