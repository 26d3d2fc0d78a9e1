"""One assistant for all tests of the HTTP doors, and applications over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import Assistant
from ui.guard import LOOPBACK
from ui.rest.app import create_api
from ui.rest.testing import running
from ui.settings import Settings

HOSTS = (*LOOPBACK, "testserver")  # the name by which schemathesis asks
BASE = "http://127.0.0.1"
ALICE, BOB = "alice-0123456789abcdef", "bob-0123456789abcdef"


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(data=tmp_path_factory.mktemp("rest") / "home", light=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def api(assistant: Assistant) -> FastAPI:
    """Open to loopback, as `debate serve` is without a token."""
    return create_api(assistant, Settings(hosts=HOSTS), mcp=False)


@pytest.fixture(scope="session")
def guarded_api(assistant: Assistant) -> FastAPI:
    """Behind tokens."""
    return create_api(assistant, Settings(tokens=(ALICE, BOB), hosts=HOSTS), mcp=False)


@pytest.fixture
def client(api: FastAPI) -> TestClient:
    return TestClient(api, base_url=BASE)


@pytest.fixture(scope="session")
def bearer(guarded_api: FastAPI) -> Callable[[str], TestClient]:
    """A client of the application behind tokens, by token."""
    return lambda token: TestClient(guarded_api, base_url=BASE, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="session")
def address(assistant: Assistant) -> Iterator[str]:
    """A real server, open to loopback, with MCP."""
    with running(create_api(assistant)) as base:
        yield base


@pytest.fixture(scope="session")
def guarded_address(assistant: Assistant) -> Iterator[str]:
    """A real server behind tokens, with MCP."""
    with running(create_api(assistant, Settings(tokens=(ALICE, BOB)))) as base:
        yield base
