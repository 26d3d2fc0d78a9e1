"""The guard before the page: who may ask, how much, and who they are."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ui.guard import COOKIE, Guard, content_policy, owner_of
from ui.web.rendering.shell import dress

PAGE = b'<!doctype html><html lang="en"><head><script>a</script><meta property="og:image" content="https://x"></head></html>'


async def _app(scope: Any, receive: Any, send: Any) -> None:
    size = 0
    while scope["method"] == "POST":
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    cookie = dict(scope["headers"]).get(b"cookie", b"")
    kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/plain"
    body = PAGE if scope["path"] == "/" else b"%d %s" % (size, cookie)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": body})


def scope_of(path: str, method: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "scheme": "http", "headers": headers}


def ask(
    path: str = "/x", method: str = "GET", bodies: tuple[bytes, ...] = (b"",), **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request through the guard."""
    named = {"host": "127.0.0.1:7860", **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": "http", "method": method, "path": path, "scheme": "http",
        "headers": [(k.encode(), v.encode()) for k, v in named.items()],
    }  # fmt: skip
    left, sent = list(bodies), []

    async def receive() -> dict[str, Any]:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    guard = Guard(_app, max_body=100, larger={"/file": 150}, dress=lambda page, nonce: dress(page, nonce, "<link>"))
    asyncio.run(guard(scope, receive, send))
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:])


_FOREIGN = (
    "evil.example", "", "127.0.0.1.evil.example", "evil.example:7860", "[::2]", "localhost:foo@evil.example",
    "testserver", "localhost:", "localhost:123456", "localhost evil", "localhost/x", "[::1", "[::1]x",
)  # fmt: skip


@pytest.mark.parametrize("host", _FOREIGN)
def test_foreign_hosts_are_refused(host: str) -> None:
    assert ask(host=host)[0] == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "LOCALHOST:1", "[::1]:7860"])
def test_own_hosts_are_answered(host: str) -> None:
    assert ask(host=host)[0] == 200


def test_other_sites_cannot_post() -> None:
    assert ask(method="POST", origin="https://evil.example")[0] == 403
    assert ask(method="POST", origin="http://127.0.0.1:1")[0] == 403
    assert ask(method="POST", origin="null")[0] == 403
    assert ask(method="POST", origin="http://127.0.0.1:7860")[0] == 200


def test_bodies_are_capped_with_and_without_a_length() -> None:
    assert ask(method="POST", content_length="101")[0] == 413
    assert ask(method="POST", content_length="-1")[0] == 413
    assert ask(method="POST", bodies=(b"x" * 60, b"x" * 60))[0] == 413
    assert ask(method="POST", path="/file", bodies=(b"x" * 60, b"x" * 60))[2].startswith(b"120")
    assert ask(method="POST", path="/file", bodies=(b"x" * 90, b"x" * 90))[0] == 413
    assert ask(method="POST", bodies=(b"x" * 60, b"x" * 40))[2].startswith(b"100")


@pytest.mark.parametrize(
    "path", ["/gradio_api/file=/etc/passwd", "/file=/etc/passwd", "/gradio_api/proxy=http://x", "/gradio_api/upload"]
)
def test_routes_that_read_files_or_fetch_are_closed(path: str) -> None:
    assert ask(path)[0] == 404


def test_each_request_without_a_cookie_is_somebody_new() -> None:
    first, second = ask(), ask()
    assert "HttpOnly" in first[1]["set-cookie"] and "SameSite=Lax" in first[1]["set-cookie"]
    assert first[1]["set-cookie"] != second[1]["set-cookie"]
    assert COOKIE.encode() in first[2]  # the application sees the identity at once
    token = first[1]["set-cookie"].split(";")[0]
    kept = ask(cookie=f"a=b; {token}")
    assert "set-cookie" not in kept[1] and token.encode() in kept[2]


def test_a_forged_cookie_is_replaced() -> None:
    assert "set-cookie" in ask(cookie=f"{COOKIE}=admin")[1]
    with pytest.raises(PermissionError):
        owner_of({COOKIE: "admin"})
    with pytest.raises(PermissionError):
        owner_of({})


def test_the_page_runs_only_scripts_with_its_nonce() -> None:
    status, headers, body = ask("/")
    nonce = headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
    assert status == 200 and f'<script nonce="{nonce}">a</script>'.encode() in body
    assert b"og:image" not in body and b"<link></head>" in body and b'lang="zh-CN"' in body
    assert int(headers["content-length"]) == len(body)
    policy = content_policy("n")
    assert "default-src 'none'" in policy and "script-src 'self' 'nonce-n'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0] and "http" not in policy


def test_two_host_headers_are_refused() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    twice = [(b"host", b"127.0.0.1"), (b"host", b"evil.example")]
    for headers in (twice, twice[::-1]):
        sent.clear()
        asyncio.run(Guard(_app)(scope_of("/x", "GET", headers), receive, send))
        assert sent[0]["status"] == 400


def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.guard.BODY_S", 0.1)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {}

    headers = [(b"host", b"127.0.0.1"), (b"content-length", b"10")]
    asyncio.run(Guard(_app)(scope_of("/x", "POST", headers), never, send))
    assert sent[0]["status"] == 408
