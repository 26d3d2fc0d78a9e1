"""The library over HTTP, MCP and the OpenAI-compatible door: every quote names its debate and date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant import Assistant
from ui.rest.app import create_api
from ui.rest.tests.conftest import BASE, HOSTS
from ui.settings import Settings

MARCH = (
    "Harbour toll\nDate: 4 March 2025\n\nAnn Lee: I am against the toll.\n\nBob Ray: The toll would raise 2 million.\n"
)
JUNE = "Harbour again\nDate: 9 June 2025\n\nAnn Lee: I was wrong, I support the toll now.\n\nBob Ray: Good.\n"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with (
        Assistant.open(data=tmp_path_factory.mktemp("shelf") / "home", light=True) as assistant,
        TestClient(create_api(assistant, Settings(hosts=HOSTS), mcp=False), base_url=BASE) as client,
    ):
        sent = client.post("/v1/transcripts", files=[("file", ("march.txt", MARCH.encode()))])
        assert sent.status_code == 201, sent.text
        assert client.post("/v1/transcripts", json={"name": "june.txt", "text": JUNE}).status_code == 201
        yield client


def test_the_same_bytes_sent_twice_are_one_debate(shelf: TestClient) -> None:
    again = shelf.post("/v1/transcripts", files=[("file", ("other name.txt", MARCH.encode()))])
    assert again.json()["imported"][0]["state"] == "already there"
    listed = shelf.get("/v1/transcripts").json()["transcripts"]
    assert [(t["title"], t["date"]) for t in listed] == [
        ("Harbour toll", "2025-03-04"),
        ("Harbour again", "2025-06-09"),
    ]


def test_a_thread_keeps_the_debates_that_it_began_with(shelf: TestClient) -> None:
    asked = {"question": "Did Ann Lee change her mind on the toll?", "transcripts": ["all"]}
    first = shelf.post("/v1/ask", json=asked).json()
    assert [p["debate"]["date"] for p in first["parts"]] == ["2025-03-04", "2025-06-09"]
    later = shelf.post("/v1/ask", json={"question": "And Bob Ray?", "thread": first["thread"]}).json()
    assert {q["speaker"] for p in later["parts"] for q in p["answer"]["quotes"]} == {"Bob Ray"}
    one = shelf.get("/v1/transcripts").json()["transcripts"][0]["id"]
    other = shelf.post("/v1/ask", json={"question": "Why?", "thread": first["thread"], "transcripts": [one]})
    assert other.status_code == 404 and "other debates" in other.json()["detail"]
    kept = shelf.get(f"/v1/threads/{first['thread']}").json()
    assert [a["question"] for a in kept["answers"]] == ["Did Ann Lee change her mind on the toll?", "And Bob Ray?"]
    assert kept["answers"][0]["altered"] == []


def test_what_is_no_transcript_is_refused_in_one_sentence(shelf: TestClient) -> None:
    refused = shelf.post("/v1/transcripts", files=[("file", ("scan.png", b"\x89PNG\r\n\x1a\n" + bytes(50)))])
    assert refused.status_code == 422 and "picture" in refused.json()["detail"]
    assert shelf.post("/v1/transcripts", json={"text": "Ann: Hm."}).status_code == 422
    assert shelf.post("/v1/transcripts", content=b"{", headers={"Content-Type": "application/json"}).status_code == 422
    unknown = shelf.post("/v1/ask", json={"question": "Who spoke?", "transcripts": ["nothing like it"]})
    assert unknown.status_code == 404 and unknown.json()["type"] == "urn:debate:unknown-debate"


def test_models_are_the_debate_the_library_and_each_of_its_debates(shelf: TestClient) -> None:
    listed = shelf.get("/v1/transcripts").json()["transcripts"]
    models = [m["id"] for m in shelf.get("/v1/models").json()["data"]]
    assert models == ["debate", "debate/all", *(f"debate/{t['id']}" for t in listed)]
    asked = {"model": models[3], "messages": [{"role": "user", "content": "What did Ann Lee say about the toll?"}]}
    done = shelf.post("/v1/chat/completions", json=asked).json()
    assert done["model"] == models[3]
    assert "2025-06-09" in done["choices"][0]["message"]["content"]
    assert {c["transcript_sha256"] for c in done["debate"]["citations"]} == {listed[1]["sha256"]}
    assert shelf.post("/v1/chat/completions", json={**asked, "model": "debate/nope"}).status_code == 404


def test_a_debate_taken_out_is_quoted_no_more(shelf: TestClient) -> None:
    text = "Ferry\n\nCy Fox: The ferry leaks and nobody mends it.\n\nDi Orr: It leaks.\n"
    made = shelf.post("/v1/transcripts", json={"name": "2025-07-01 ferry.txt", "text": text}).json()
    identifier = made["imported"][0]["transcript"]["id"]
    asked = {"question": "Does the ferry leak?", "transcripts": ["all"]}
    assert "leaks" in json.dumps(shelf.post("/v1/ask", json=asked).json()["parts"])
    assert shelf.delete(f"/v1/transcripts/{identifier}").status_code == 204
    assert shelf.delete(f"/v1/transcripts/{identifier}").status_code == 404
    assert "leaks" not in shelf.post("/v1/ask", json=asked).text


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_agents_list_ask_and_search_the_library(tmp_path: Path) -> None:
    from mcp import Client

    from ui.limits import AnswerQueue
    from ui.mcp_server import build_server

    with Assistant.open(data=tmp_path / "home", light=True) as assistant:
        assistant.library.add_bytes(MARCH.encode(), "march.txt")
        queue = AnswerQueue()
        try:
            async with Client(build_server(assistant, queue)) as client:
                listed = await client.call_tool("list_transcripts", {})
                assert listed.structured_content["transcripts"][0]["date"] == "2025-03-04"
                found = await client.call_tool("search_quotes", {"query": "toll", "transcripts": ["all"]})
                assert found.structured_content["results"][0]["debate"]["title"] == "Harbour toll"
                said = await client.call_tool(
                    "ask", {"question": "What did Bob Ray say about the toll?", "transcripts": ["all"]}
                )
                assert "Harbour toll (2025-03-04)" in str(said.content)
        finally:
            queue.close()
