"""`debate serve`: one process with the page, REST, the OpenAI-compatible endpoint and MCP; and `debate mcp` on stdio.

On loopback it is open to this machine. Any other address demands a token in ``DEBATE_TOKEN`` (several, separated by
commas, are several callers who do not see each other's threads).
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from corpus.errors import StoreBusyError, StoreDamagedError
from ui.errors import UsageError
from ui.layout import visible
from ui.session import Place, open_assistant
from ui.settings import Settings, hosts_for, is_loopback

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant import Assistant

PORT = 8000
RATE = 20.0  # requests a second for each token, when tokens are demanded
_GRACE_S = 2
_CONNECTIONS = 1_000  # open at a time; further ones are answered 503


def serve(
    place: Place,
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    with_ui: bool = True,
    allowed: tuple[str, ...] = (),
    rate: float | None = None,
    workers: int | None = None,
    out: TextIO,
) -> int:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        allowed: further names in ``Host``, such as a proxy's.
        rate: requests a second for each caller; by default none on loopback, else ``RATE``.

    Raises:
        UsageError: The address cannot be used, or is not loopback and there is no token.
        DebateError: The debate or the data folder cannot be opened.
    """
    from ui.access import read_tokens

    tokens = read_tokens(os.environ.get("DEBATE_TOKEN"))
    if not is_loopback(host) and not tokens:
        raise UsageError(
            f"{host} can be reached from other machines, so a token is demanded: set DEBATE_TOKEN to 16 characters or "
            "more, or serve on 127.0.0.1."
        )
    settings = Settings(
        tokens=tokens,
        hosts=hosts_for(host, allowed),
        rate=rate or (RATE if tokens else None),
        **({"workers": workers} if workers else {}),
    )
    listening = listen(host, port)
    calm_threads()
    assistant, unsaved = open_assistant(place, (StoreDamagedError,), background=True, encode="beside", light=True)
    with assistant:
        assistant.unsaved = unsaved  # every answer says so
        app = application(assistant, settings, with_ui=with_ui)
        shown = f"[{host}]" if ":" in host else host
        if unsaved is not None:
            out.write(f"not saved: {visible(unsaved)}\n")
        if tokens and not is_loopback(host):
            out.write("Careful: tokens and answers cross the network unencrypted; put a proxy with TLS before it.\n")
        out.write(f"Serving {assistant.debate.transcript.title} on http://{shown}:{listening.getsockname()[1]}\n")
        out.flush()
        run(app, listening)
    return 0


def calm_threads() -> None:
    """Settings of the process that serving wants; to be called before numpy is imported.

    A question's products of matrices are small: on two cores a second BLAS thread made one cost 52 ms of processor time
    instead of 19. A shorter switch interval lets the event loop refuse and stream while answers are being made.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.setswitchinterval(0.001)


def application(assistant: Assistant, settings: Settings, *, with_ui: bool) -> FastAPI:
    """What is served: the page and the doors for programs, or the doors alone."""
    if not with_ui:
        from ui.rest.app import create_api

        return create_api(assistant, settings)
    from ui.web.page import create_app

    return create_app(assistant, settings=settings)


def run(app: FastAPI, listening: socket.socket) -> None:
    """Serve on an open socket until told to stop."""
    import uvicorn

    gc.collect()
    gc.freeze()  # what is loaded stays loaded; collecting it again and again stops every request
    from ui.timely import TimelyProtocol

    class Server(uvicorn.Server):
        """uvicorn's, which tells those who wait for an answer that it stops before it waits for them."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            """A signal came."""
            queue = getattr(app.state, "queue", None)
            if queue is not None:
                queue.stop()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, http=TimelyProtocol,
        timeout_graceful_shutdown=_GRACE_S, ws="none", limit_concurrency=_CONNECTIONS,
    )  # fmt: skip
    # uvicorn raises again what stopped it; the folder is to be given back first, and stopping is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """An open socket, so that a port that is taken is one sentence and not a traceback after seconds of loading."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"Cannot listen on {host}:{port} ({why}); give another port by --port.") from error


def mcp(place: Place) -> int:
    """Speak MCP on standard input and output.

    Raises:
        DebateError: The debate or the data folder cannot be opened.
    """
    calm_threads()
    from ui.mcp_server import serve_stdio

    # A server or a chat may hold the record; agents can still ask, in threads that end with this process.
    assistant, unsaved = open_assistant(place, (StoreBusyError, StoreDamagedError), light=True, encode="beside")
    with assistant:
        assistant.unsaved = unsaved
        serve_stdio(assistant)
    return 0
