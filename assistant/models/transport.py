"""HTTP for chat models: follows no redirect, ends with the question's deadline, counts bytes.

A provider's own client gives up when nothing arrives for a while; a server that drips a byte now and then holds it for
ever. Here every read is checked against the meter of the question on whose behalf the thread reads.
"""

from __future__ import annotations

import contextvars
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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

_current: contextvars.ContextVar[Meter | None] = contextvars.ContextVar("meter", default=None)


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Requests made by this thread inside the block are the meter's."""
    token = _current.set(meter)
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
            meter = _current.get()
            if meter is None:
                return _plain(way.handle_request(request))
            meter.check()
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
                    self._ways[proxy] = http.HTTPTransport(proxy=proxy, verify=_verified())
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
