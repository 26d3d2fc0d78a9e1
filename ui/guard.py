"""What stands before every page: who may ask (Host, Origin), how much, who they are, and what the browser may run.

Pure ASGI and no framework: it wraps the whole application. It does not authenticate; without a token the server listens
on loopback only, which is the command's business.

A visitor is a random HttpOnly cookie. A request without one gets an identity of its own, at once and for this request
too: there is no shared identity to fall back to.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "debate_visitor"
MAX_BODY = 1_000_000  # bytes; a question is at most 4,000 characters, a page's event a few kilobytes
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MAX_UPLOADS = {"/v1/transcripts": 32_000_000}  # bytes of a request, where files are sent in
BODY_S = 15.0  # how long a body may take to arrive
_HOST = re.compile(r"^(?P<name>\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?\Z")
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")
_YEAR = 365 * 24 * 3600
_SAFE = ("GET", "HEAD", "OPTIONS")
_PROGRAMS = ("/v1/", "/mcp", "/healthz", "/readyz", "/metrics", "/openapi.json")  # paths that programs ask for
# Gradio routes that nothing here needs, and that read files or fetch addresses.
_CLOSED = re.compile(r"^/(?:gradio_api/)?(?:file=|proxy=|upload|stream/|dev/|deep_link|vibe|login|logout|monitoring)")


def owner_of(cookies: MutableMapping[str, str] | dict[str, str]) -> str:
    """Whose conversations a request may see: a digest, so that the record never holds what a cookie is made of.

    Raises:
        PermissionError: The request carries no valid visitor cookie; the guard gives one to every request it passes on.
    """
    token = cookies.get(COOKIE, "")
    if not _TOKEN.match(token):
        raise PermissionError("The request has no visitor cookie; allow cookies for this page and reload it.")
    return "web:" + hashlib.sha256(token.encode()).hexdigest()[:32]


def content_policy(nonce: str) -> str:
    """The Content-Security-Policy of the page: nothing from elsewhere; inline scripts only with this nonce.

    Gradio compiles component templates with ``Function`` ('unsafe-eval'; without it the page stays empty) and adds
    style elements and attributes ('unsafe-inline' for styles). Fonts, workers, media and all else are closed.
    """
    return (
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
        "frame-src 'self'; frame-ancestors 'self'; form-action 'none'; base-uri 'self'; object-src 'none'"
    )


class Guard:
    """ASGI middleware; see the module."""

    def __init__(
        self,
        app: App,
        *,
        hosts: Iterable[str] = LOOPBACK,
        max_body: int = MAX_BODY,
        larger: Mapping[str, int] = MappingProxyType({}),
        dress: Callable[[bytes, str], bytes] | None = None,
    ) -> None:
        """Wrap an application.

        Args:
            hosts: names in ``Host`` that are answered, without port.
            max_body: bytes of a request's body.
            larger: the same for single paths that take files.
            dress: what rewrites an HTML page given the nonce of its inline scripts.
        """
        self._app = app
        self._hosts = frozenset(hosts)
        self._max_body, self._larger = max_body, larger
        self._dress = dress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(send, scope["path"], *refusal)
            return
        token, fresh = _visitor(headers.get("cookie", ""))
        if fresh:
            scope = {**scope, "headers": _with_cookie(scope["headers"], token)}
        await self._pass(scope, _Capped(receive, self._limit(scope)), send, token if fresh else None)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        # Two Host headers, or one with more than a name and a port in it, are read otherwise by others on the way.
        twice = sum(name.lower() == b"host" for name, _ in scope["headers"]) > 1
        if twice or _name(host) not in self._hosts:
            return 400, "This server does not answer to that Host; open it by its own address."
        origin = headers.get("origin")
        if scope["method"] not in _SAFE and origin is not None and urlsplit(origin).netloc != host:
            return 403, "Requests from other sites are not answered."
        if _CLOSED.match(scope["path"]):
            return 404, "There is nothing here."
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal() or int(length) > self._limit(scope):
            return 413, f"The request is larger than {self._limit(scope):,} bytes."
        return None

    def _limit(self, scope: Scope) -> int:
        """How many bytes a body may have: more where files are sent in."""
        larger = {**MAX_UPLOADS, **self._larger}
        return larger.get(scope["path"], self._max_body) if scope["method"] == "POST" else self._max_body

    async def _pass(self, scope: Scope, receive: _Capped, send: Send, fresh: str | None) -> None:
        nonce = secrets.token_urlsafe(16)
        held: list[Message] = []  # the start and body of a page that is being rewritten
        started = False

        async def out(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": self._headers(scope, message["headers"], nonce, fresh)}
                if self._dress is not None and _is_page(message["headers"]):
                    held.append(message)
                    return
            elif held:
                held.append(message)
                if message.get("more_body"):
                    return
                start, body = held[0], b"".join(m.get("body", b"") for m in held[1:])
                assert self._dress is not None
                body = self._dress(body, nonce) if scope["method"] == "GET" else body
                kept = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
                held.clear()
                await send({**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
                await send({"type": "http.response.body", "body": body})
                return
            await send(message)

        try:
            await self._app(scope, receive, out)
        except BodyError as error:
            if not started:
                await _refuse(send, scope["path"], error.status, str(error))

    def _headers(
        self, scope: Scope, headers: Iterable[tuple[bytes, bytes]], nonce: str, fresh: str | None
    ) -> list[tuple[bytes, bytes]]:
        kept = [(k, v) for k, v in headers if k.lower() not in (b"server", b"access-control-allow-origin")]
        named = {k.lower() for k, _ in kept}
        if b"content-security-policy" not in named:
            kept.append((b"content-security-policy", content_policy(nonce).encode()))
        kept += [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), clipboard-write=(self)"),
        ]
        if fresh is not None:
            secure = "; Secure" if scope.get("scheme") == "https" else ""
            cookie = f"{COOKIE}={fresh}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax{secure}"
            kept.append((b"set-cookie", cookie.encode()))
        return kept


class BodyError(Exception):
    """A body that is refused while it is read, with the status that says why."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


class _Capped:
    """``receive`` that counts bytes and seconds; a body without a length, or without end, must not get round a cap."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit, self._left = receive, limit, limit
        self._until = 0.0
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:  # what comes now is that the caller has left, whenever that is
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._until = self._until or loop.time() + BODY_S
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._until - loop.time()))
        except TimeoutError:
            raise BodyError(408, f"The request did not arrive within {BODY_S:g} s.") from None
        if message["type"] == "http.request":
            self._whole = not message.get("more_body", False)
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise BodyError(413, f"The request is larger than {self._limit:,} bytes.")
        return message


def _name(host: str) -> str:
    """ "127.0.0.1:7860" → "127.0.0.1", "[::1]:80" → "[::1]"."""
    match = _HOST.match(host)
    return match["name"].lower() if match is not None else ""


def _visitor(cookie: str) -> tuple[str, bool]:
    """The visitor's token and whether it is new."""
    try:
        found = SimpleCookie(cookie).get(COOKIE)
    except CookieError:
        found = None
    if found is not None and _TOKEN.match(found.value):
        return found.value, False
    return secrets.token_urlsafe(32), True


def _with_cookie(headers: Iterable[tuple[bytes, bytes]], token: str) -> list[tuple[bytes, bytes]]:
    kept = [(k, v) for k, v in headers if k.lower() != b"cookie"]
    others = [v for k, v in headers if k.lower() == b"cookie" and COOKIE.encode() not in v]
    return [*kept, (b"cookie", b"; ".join([*others, f"{COOKIE}={token}".encode()]))]


def _is_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    found = {k.lower(): v for k, v in headers}
    return found.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in found


async def _refuse(send: Send, path: str, status: int, words: str) -> None:
    """Words for people; for programs the same as problem details (RFC 9457)."""
    if path.startswith(_PROGRAMS):
        title = HTTPStatus(status).phrase
        kind = f"urn:debate:{title.lower().replace(' ', '-')}"
        body = json.dumps({"type": kind, "title": title, "status": status, "detail": words}).encode()
        media = "application/problem+json"
    else:
        body, media = f"{words}\n".encode(), "text/plain; charset=utf-8"
    headers = [(b"content-type", media.encode()), (b"content-length", str(len(body)).encode()),
               (b"x-content-type-options", b"nosniff")]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
