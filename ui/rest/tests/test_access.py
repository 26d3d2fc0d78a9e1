"""Who is let in, how fast, how much; and two users over every route."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant import Assistant
from ui.access import Access, owner_of_token, read_tokens
from ui.errors import UsageError
from ui.limits import RateLimit, RateLimitedError
from ui.rest.app import create_api
from ui.rest.problems import MEDIA_TYPE
from ui.rest.tests.conftest import ALICE, BASE, BOB
from ui.settings import Settings, hosts_for, is_loopback

Bearer = Callable[[str], TestClient]
OPEN = {"/healthz", "/readyz"}


def test_every_route_demands_the_token(guarded_api: FastAPI) -> None:
    nobody = TestClient(guarded_api, base_url=BASE)
    for path, item in guarded_api.openapi()["paths"].items():
        for method in item:
            response = nobody.request(method, re.sub(r"\{\w+\}", "x", path))
            if path in OPEN:
                assert response.status_code == 200
            else:
                assert response.status_code == 401, path
                assert response.headers["www-authenticate"].startswith("Bearer")
                assert response.headers["content-type"] == MEDIA_TYPE
    assert nobody.get("/openapi.json").status_code == 401
    assert nobody.post("/mcp", json={}).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer wrong-token-0123456789", f"Basic {ALICE}", f"Bearer {ALICE}x", "Bearer ", ALICE]
)
def test_a_wrong_token_is_no_token(guarded_api: FastAPI, header: str) -> None:
    client = TestClient(guarded_api, base_url=BASE, headers={"Authorization": header})
    assert client.get("/v1/threads").status_code == 401


def test_a_browser_signs_in_once_and_the_token_leaves_the_address(guarded_api: FastAPI) -> None:
    browser = TestClient(guarded_api, base_url=BASE, follow_redirects=False)
    response = browser.get("/", params={"token": ALICE, "view": "1"})
    assert response.status_code == 303 and response.headers["location"] == "/?view=1"
    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("debate_session="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and ALICE not in cookie
    assert browser.get("/v1/threads").status_code == 200
    assert browser.get("/", params={"token": ALICE[:-1]}).status_code in (401, 404)
    stranger = TestClient(guarded_api, base_url=BASE, follow_redirects=False)
    assert stranger.get("/", params={"token": ALICE[:-1]}).status_code == 401


def test_signing_in_leads_nowhere_else(guarded_api: FastAPI) -> None:
    browser = TestClient(guarded_api, base_url=BASE, follow_redirects=False)
    location = browser.get(f"{BASE}//evil.example/", params={"token": ALICE}).headers["location"]
    assert location.startswith("/") and not location.startswith("//")


def _requests(thread: str) -> list[tuple[str, str, dict[str, object]]]:
    return [
        ("GET", f"/v1/threads/{thread}", {}),
        ("PATCH", f"/v1/threads/{thread}", {"json": {"title": "mine now"}}),
        ("DELETE", f"/v1/threads/{thread}", {}),
        ("GET", f"/v1/threads/{thread}/export", {}),
        ("GET", f"/v1/threads/{thread}/export?format=json", {}),
        ("POST", "/v1/ask", {"json": {"question": "那 Ethan 呢?", "thread": thread}}),
        ("POST", "/v1/ask", {"json": {"question": "那 Ethan 呢?", "thread": thread, "stream": True}}),
    ]


@pytest.mark.parametrize("by", ["token", "cookie", "chosen token"])
def test_two_users_on_every_route_read_nothing_of_each_other(
    by: str, api: FastAPI, bearer: Bearer, assistant: Assistant
) -> None:
    if by == "token":
        alice, bob = bearer(ALICE), bearer(BOB)
    elif by == "cookie":
        alice, bob = TestClient(api, base_url=BASE), TestClient(api, base_url=BASE)
    else:
        alice = TestClient(api, base_url=BASE, headers={"Authorization": "Bearer my-own-identity-alice"})
        bob = TestClient(api, base_url=BASE, headers={"Authorization": "Bearer my-own-identity-bobby"})
    secret = f"Zanzibar{by.replace(' ', '')}"
    thread = alice.post("/v1/ask", json={"question": f"{secret} GPU 折旧?"}).json()["thread"]
    assert secret in alice.get(f"/v1/threads/{thread}").text
    for method, path, body in _requests(thread):
        response = bob.request(method, path, **body)  # type: ignore[arg-type]
        assert response.status_code == 404, (method, path)
        assert secret not in response.text
        unknown = bob.request(method, path.replace(thread, "0" * 8), **body)  # type: ignore[arg-type]
        assert unknown.status_code == 404
    for path, item in api.openapi()["paths"].items():  # nothing that can be read without a thread tells of hers either
        if "get" in item and "{" not in path:
            assert secret not in bob.get(path).text, path
    assert alice.get(f"/v1/threads/{thread}").json()["title"].startswith(secret)
    assert len(alice.get(f"/v1/threads/{thread}").json()["answers"]) == 1


def test_callers_without_a_cookie_share_nothing(api: FastAPI) -> None:
    first = TestClient(api, base_url=BASE)
    thread = first.post("/v1/ask", json={"question": "GPU 折旧?"}).json()["thread"]
    for _ in range(3):
        assert TestClient(api, base_url=BASE).get("/v1/threads").json()["threads"] == []
        assert TestClient(api, base_url=BASE).get(f"/v1/threads/{thread}").status_code == 404
    local = TestClient(api, base_url=BASE, headers={"Authorization": "Bearer short"})
    assert local.get("/v1/threads").json()["threads"] == []


def test_the_command_lines_threads_are_nobodys_on_the_network(client: TestClient, assistant: Assistant) -> None:
    thread = assistant.ask("GPU 折旧?").thread
    assert client.get(f"/v1/threads/{thread}").status_code == 404


def test_the_record_holds_no_token(assistant: Assistant, bearer: Bearer) -> None:
    bearer(ALICE).post("/v1/ask", json={"question": "GPU 折旧?"})
    owner = owner_of_token(ALICE)
    assert assistant.store.threads(owner) and ALICE not in owner


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "localhost.evil.example"]
)
def test_another_host_is_400(client: TestClient, host: str) -> None:
    response = client.get("/v1/threads", headers={"Host": host})
    assert response.status_code == 400 and response.headers["content-type"] == MEDIA_TYPE
    assert client.post("/mcp", json={}, headers={"Host": host}).status_code == 400


def test_another_site_is_403_and_cors_is_off(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": "GPU 折旧?"}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    preflight = client.options(
        "/v1/ask", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code >= 400
    read = client.get("/v1/transcript", headers={"Origin": "https://evil.example"})
    assert not any(name.startswith("access-control") for name in read.headers)


def test_a_body_too_large_is_413_with_and_without_a_length(client: TestClient) -> None:
    huge = b'{"question": "' + b"a" * 30_000_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    assert client.post("/v1/ask", content=huge, headers=headers).status_code == 413
    pieces = (huge[at : at + 65_536] for at in range(0, len(huge), 65_536))
    response = client.post("/v1/ask", content=pieces, headers=headers)
    assert response.status_code == 413 and response.headers["content-type"] == MEDIA_TYPE


def test_each_token_has_a_rate_of_its_own(assistant: Assistant) -> None:
    api = create_api(assistant, Settings(tokens=(ALICE, BOB), rate=2.0), mcp=False)
    alice = TestClient(api, base_url=BASE, headers={"Authorization": f"Bearer {ALICE}"})
    bob = TestClient(api, base_url=BASE, headers={"Authorization": f"Bearer {BOB}"})
    statuses = [alice.get("/v1/models").status_code for _ in range(10)]
    assert statuses[:4] == [200] * 4 and 429 in statuses
    refused = alice.get("/v1/models")
    if refused.status_code == 429:
        assert int(refused.headers["retry-after"]) >= 1 and refused.headers["content-type"] == MEDIA_TYPE
    assert bob.get("/v1/models").status_code == 200
    assert alice.get("/healthz").status_code == 200


@given(st.lists(st.floats(0, 3), max_size=60), st.floats(0.1, 50))
def test_no_more_than_the_burst_and_the_rate_pass(waits: list[float], per_s: float) -> None:
    now = 0.0
    limit = RateLimit(per_s, clock=lambda: now)
    passed = 0
    for wait in waits:
        now += wait
        try:
            limit.take("a")
            passed += 1
        except RateLimitedError as error:
            assert error.retry_after_s >= 1
        limit.take("somebody else") if wait < -1 else None
    assert passed <= limit.burst + now * per_s + 1e-6


@pytest.mark.parametrize(
    "text", ["short", "has a blank in the middle", "令牌令牌令牌令牌令牌令牌令牌令牌令牌", f"{ALICE},short"]
)
def test_tokens_that_can_be_guessed_or_not_sent_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="DEBATE_TOKEN"):
        read_tokens(text)


def test_tokens_are_read_in_order_and_once() -> None:
    assert read_tokens(f" {ALICE} ,{BOB},,{ALICE}") == (ALICE, BOB) and read_tokens(None) == ()


def test_comparing_a_token_looks_at_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    import hmac

    seen: list[bytes] = []

    def spy(a: bytes, b: bytes) -> bool:
        seen.append(a)
        return a == b

    monkeypatch.setattr(hmac, "compare_digest", spy)
    from ui.access import _known

    assert _known(ALICE.encode(), (ALICE.encode(), BOB.encode())) and len(seen) == 2


def test_which_addresses_are_loopback_and_which_hosts_are_answered() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "localhost", "::1", "[::1]", "127.8.9.1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "example.org")))
    assert "192.168.1.5" in hosts_for("192.168.1.5") and "debate.example" in hosts_for("0.0.0.0", ("Debate.example",))
    assert "0.0.0.0" not in hosts_for("0.0.0.0")


def test_without_the_guard_nobody_gets_anybodys_threads(assistant: Assistant) -> None:
    owners: list[str] = []

    async def app(scope: dict[str, dict[str, str]], receive: object, send: object) -> None:
        owners.append(scope["state"]["owner"])

    import asyncio

    for _ in range(2):
        scope = {"type": "http", "path": "/v1/threads", "method": "GET", "headers": [], "state": {}}
        asyncio.run(Access(app)(scope, None, None))  # type: ignore[arg-type]
    assert owners[0] != owners[1] and all(owner.startswith("nobody:") for owner in owners)
