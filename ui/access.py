"""Who is asking: a bearer token, or a browser's own cookie; and how fast they may ask. Pure ASGI, inside ``ui.guard``.

- Tokens configured (``DEBATE_TOKEN``, one or several separated by commas): every path but the health checks demands
  one, as ``Authorization: Bearer …``. A browser signs in once by opening ``/?token=…``, which leaves a cookie.
- No tokens (loopback only): everything is open. A bearer token of the caller's own choice, 16 characters or more, is
  then an identity; without one it is the visitor's cookie.

The owner of threads, in ``request.state.owner``, is the token's digest for bearers and the visitor's cookie for
browsers. Nobody falls back to somebody else's.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.errors import UsageError
from ui.guard import owner_of
from ui.limits import RateLimit, RateLimitedError
from ui.rest.problems import error_response, problem

SESSION = "debate_session"
MIN_TOKEN = 16  # characters; what can be guessed is no token
_OPEN = frozenset({"/healthz", "/readyz"})


def read_tokens(text: str | None) -> tuple[str, ...]:
    """The tokens of ``DEBATE_TOKEN``.

    Raises:
        UsageError: One is too short, or not printable ASCII, which a header cannot carry.
    """
    tokens = tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))
    for token in tokens:
        if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
            raise UsageError(
                f"DEBATE_TOKEN must hold tokens of {MIN_TOKEN} or more printable ASCII characters, separated by "
                "commas; make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'."
            )
    return tokens


def owner_of_token(token: str) -> str:
    """Whose threads a bearer sees; the record never holds the token itself."""
    return f"token:{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()[:32]}"


class Access:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp, tokens: Iterable[str] = (), rate: RateLimit | None = None) -> None:
        self.app = app
        self._tokens = tuple(token.encode() for token in tokens)
        # A session cookie proves that its bearer once knew the token and holds nothing of it.
        self._sessions = tuple(hmac.digest(token, b"debate session", "sha256").hex().encode() for token in self._tokens)
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its owner, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        try:
            if scope["path"] in _OPEN or await self._admitted(scope, receive, send):
                await self.app(scope, receive, send)
        finally:
            # For the count, whose scope may be another copy.
            state.setdefault("route", getattr(scope.get("route"), "path", ""))

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Note the owner; False when the request was refused, and answered, here."""
        headers = {name.lower(): value for name, value in scope["headers"]}
        cookies = _cookies(headers.get(b"cookie", b""))
        bearer = _bearer(headers.get(b"authorization", b""))
        if self._tokens and not _known(bearer, self._tokens):
            if not _known(cookies.get(SESSION, "").encode("utf-8", "replace"), self._sessions):
                await self._sign_in(scope, receive, send)
                return False
            bearer = b""
        owner = self._owner(bearer, cookies)
        scope["state"]["owner"] = owner
        if self._rate is not None:
            # A visitor who drops the cookie is another owner each time, but one address.
            caller = owner if owner.startswith("token:") else str((scope.get("client") or ("",))[0])
            try:
                self._rate.take(caller)
            except RateLimitedError as error:
                await error_response(error, scope)(scope, receive, send)
                return False
        return True

    def _owner(self, bearer: bytes, cookies: dict[str, str]) -> str:
        if bearer and (self._tokens or len(bearer) >= MIN_TOKEN):
            return owner_of_token(bearer.decode("latin-1"))
        try:
            return owner_of(cookies)
        except PermissionError:  # the guard is not in front of us: nobody's threads, and nobody else's either
            return f"nobody:{secrets.token_hex(16)}"

    async def _sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A browser that brings the token in the address gets a cookie for it; anybody else is refused."""
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = query.pop("token", [""])[0].encode("utf-8", "replace")
        at = next((n for n, token in enumerate(self._tokens) if hmac.compare_digest(token, given)), None)
        if scope["method"] == "GET" and at is not None:
            rest = urlencode(query, doseq=True)
            secure = "; Secure" if scope.get("scheme") == "https" else ""
            cookie = f"{SESSION}={self._sessions[at].decode()}; Path=/; HttpOnly; SameSite=Lax{secure}"
            path = scope["path"].replace("//", "/") or "/"
            location = f"{path}?{rest}" if rest else path
            headers = {"Location": location, "Set-Cookie": cookie, "Cache-Control": "no-store"}
            response = problem(303, "signed-in", "You are signed in; go on without the token.", headers=headers)
        else:
            response = problem(
                401,
                "unauthorized",
                "A token is demanded: send it as `Authorization: Bearer …`, or open /?token=… once in a browser.",
                headers={"WWW-Authenticate": 'Bearer realm="debate"'},
                scope=scope,
            )
        await response(scope, receive, send)


def _known(given: bytes, accepted: tuple[bytes, ...]) -> bool:
    """Whether it is one of them; every one is compared, in time that does not tell where they differ."""
    found = False
    for one in accepted:
        found |= hmac.compare_digest(one, given)
    return found


def _bearer(header: bytes) -> bytes:
    scheme, _, token = header.partition(b" ")
    return token.strip() if scheme.lower() == b"bearer" else b""


def _cookies(header: bytes) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header.decode("latin-1")).items()}
    except CookieError:
        return {}
