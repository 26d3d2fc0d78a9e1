"""Connections that end: whoever opens one and does not send a whole request head in time is cut off.

uvicorn closes connections that are idle after an answer; one that never asks, or that stops in the middle of a head,
would stay open for ever. Bodies have a time limit of their own, in ``ui.guard``.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    _Base: Any = HttpToolsProtocol
except ImportError:  # the parser in C is no dependency of uvicorn's
    _Base = H11Protocol


class TimelyProtocol(_Base):  # type: ignore[misc]
    """uvicorn's protocol with a limit on the time that a request head may take."""

    head_s = HEAD_S
    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A connection is open: its first request head is due."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Bytes have come: of a head that is complete now, or of one that is still due."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._forget()
        elif self.cycle is None or self.cycle.response_complete:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._forget()
        super().connection_lost(exc)

    def _expect(self) -> None:
        if self._due is None:
            self._due = self.loop.call_later(self.head_s, self._cut)

    def _forget(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _cut(self) -> None:
        self._due = None
        if not self.transport.is_closing():
            self.transport.close()
