"""`debate ui`: the page on this machine, opened in the browser of whoever sits at it."""

from __future__ import annotations

import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from typing import TextIO

from ui.layout import is_terminal
from ui.session import Place

PORT = 7860
_PATIENCE_S = 120


def launch(place: Place, *, port: int, browser: bool, out: TextIO) -> int:
    """Serve the page on 127.0.0.1 until Ctrl-C.

    Args:
        port: where to listen.
        browser: open the page when it is ready, if somebody sits at a terminal.

    Raises:
        DebateError: The port is taken, or the debate or the data folder cannot be opened.
    """
    from ui.serve import serve

    if browser and port and is_terminal(sys.stdout):
        threading.Thread(target=_open_when_ready, args=(f"http://127.0.0.1:{port}/",), daemon=True).start()
    return serve(place, port=port, out=out)


def _open_when_ready(address: str) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=2):
                webbrowser.open(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
