"""HTTP for chat models: follows no redirect, ends with the question's deadline, counts bytes.

A provider's own client gives up when nothing arrives for a while; a server that drips a byte now and then holds it for
ever. Here every read is checked against the meter of the question on whose behalf the thread reads.
"""

from __future__ import annotations

import contextvars
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from types import ModuleType
from typing import Any
from urllib.request import getproxies, proxy_bypass

from assistant.models.meter import MAX_OUTPUT, Meter
from assistant.models.trouble import ModelOutputError

#: Framing makes an answer longer on the wire than its text: each token of a stream travels in an event of its own.
WIRE_FACTOR = 32
#: Bytes of one event of a stream: room for a whole call in one piece, no more (see ``model.MAX_ARGUMENTS``).
MAX_EVENT = 12_288


class Call:
    """One call to a model: on whose account, and how to end it from another thread. Thread-safe."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self._mutex = threading.Lock()
        self._open: list[socket.socket] = []
        self._ended = False

    def opened(self, connection: socket.socket) -> None:
        """A connection was made for it."""
        with self._mutex:
            self._open.append(connection)
            ended = self._ended
        if ended:
            self.cut()

    def cut(self) -> None:
        """Hang up: whoever reads or writes at this moment is woken. Does nothing to a call that is over."""
        with self._mutex:
            self._ended = True
            connections, self._open = self._open, []
        for connection in connections:
            with suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)

    def traced(self, event: str, information: Mapping[str, Any]) -> None:
        """httpcore tells what it does; a new connection carries its socket."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            connection = information["return_value"].get_extra_info("socket")
            if connection is not None:
                self.opened(connection)


_current: contextvars.ContextVar[Call | None] = contextvars.ContextVar("call", default=None)


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Requests made by this thread inside the block are the call's."""
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


def limited_transport(http: ModuleType) -> Any:
    """A transport of httpx, or of a library with its interface, that keeps to the current meter."""

    class Limited(http.SyncByteStream):  # type: ignore[misc, name-defined]
        """A response body that ends with the meter."""

        def __init__(self, stream: Any, meter: Meter) -> None:
            self._stream, self._meter = stream, meter

        def __iter__(self) -> Iterator[bytes]:
            read = event = 0
            for chunk in self._stream:
                read += len(chunk)
                if read > MAX_OUTPUT * WIRE_FACTOR:
                    raise ModelOutputError("too_long")
                first, *others = chunk.split(b"\n")
                if max(event + len(first), *map(len, others), 0) > MAX_EVENT:
                    raise ModelOutputError("too_long")
                event = len(others[-1]) if others else event + len(first)
                self._meter.check()
                yield chunk

        def close(self) -> None:
            self._stream.close()

    class LimitedTransport(http.BaseTransport):  # type: ignore[misc, name-defined]
        """Sends a request with the time that is left, through the proxy that the environment names, if any."""

        def __init__(self) -> None:
            self._mutex = threading.Lock()
            self._ways: dict[str | None, Any] = {}

        def handle_request(self, request: Any) -> Any:
            # Compressed, a few bytes could become gigabytes after they were counted.
            request.headers["accept-encoding"] = "identity"
            way = self._way(request.url.scheme, request.url.host)
            call = _current.get()
            if call is None:
                return _plain(way.handle_request(request))
            meter = call.meter
            meter.check()
            request.extensions["trace"] = call.traced
            request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), max(0.05, meter.left()))
            response = _plain(way.handle_request(request))
            response.stream = Limited(response.stream, meter)
            return response

        def close(self) -> None:
            for way in self._ways.values():
                way.close()

        def _way(self, scheme: str, host: str) -> Any:
            proxy = None if proxy_bypass(host) else getproxies().get(scheme)
            with self._mutex:
                if proxy not in self._ways:
                    # A connection serves one call: it can then be cut without harm to another.
                    alone = http.Limits(max_connections=None, max_keepalive_connections=0)
                    self._ways[proxy] = http.HTTPTransport(proxy=proxy, verify=_verified(), limits=alone)
                return self._ways[proxy]

    return LimitedTransport()


def _plain(response: Any) -> Any:
    """The response, unless it sends us elsewhere or is compressed although we asked for plain text."""
    if 300 <= response.status_code < 400:
        response.close()
        raise ModelOutputError("redirect", status=response.status_code)
    if response.headers.get("content-encoding", "identity") != "identity":
        response.close()
        raise ModelOutputError("garbage")
    return response


@lru_cache(maxsize=1)
def _verified() -> ssl.SSLContext:
    """The certificates of the environment, or those that come with certifi; loading them is slow, so once."""
    import certifi

    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context()
    return ssl.create_default_context(cafile=certifi.where())
