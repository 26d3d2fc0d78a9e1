"""Times, spans and unknown speakers over HTTP, over OpenAI's protocol and over MCP."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from mcp import Client
from starlette.testclient import TestClient

from assistant import Assistant
from corpus.store import Store
from corpus.words import words_of
from index.search import PassageIndex
from ui.limits import AnswerQueue
from ui.mcp_server import build_server
from ui.rest.app import create_api
from ui.rest.tests.conftest import BASE
from ui.rest.tests.test_mcp import call, text_of
from ui.testing import timed

PORT = {"question": "When did Ines say the port cannot wait?"}
RECORDING = "https://example.org/harbour"


@pytest.fixture(scope="module")
def harbour() -> Iterator[Assistant]:
    debate = timed()
    with Assistant(debate, PassageIndex.in_memory(debate.transcript), Store.in_memory(), light=True) as assistant:
        yield assistant


@pytest.fixture
def door(harbour: Assistant) -> TestClient:
    return TestClient(create_api(harbour, mcp=False), base_url=BASE)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_an_answer_s_quotes_tell_their_time_and_verify(door: TestClient) -> None:
    answer = door.post("/v1/ask", json=PORT).json()
    assert answer["lead"] == "Ines Braga said this at 0:29."
    first = answer["quotes"][0]
    assert (first["seconds"], first["time"], first["link"]) == (29.0, "0:29", f"{RECORDING}?t=29")
    assert door.post("/v1/verify", json={"document": answer}).json()["verified"] is True
    first["time"] = "0:28"
    checked = door.post("/v1/verify", json={"document": answer}).json()
    assert checked["verified"] is False and "its time is 0:28" in checked["findings"][0]["problem"]


def test_the_transcript_tells_spans_times_and_who_is_known(door: TestClient, harbour: Assistant) -> None:
    transcript = door.get("/v1/transcript").json()
    assert transcript["recording"] == RECORDING
    assert [s["name"] for s in transcript["speakers"] if not s["is_known"]] == ["unknown"]
    raw = harbour.debate.transcript.raw
    for turn in transcript["turns"]:
        assert turn["time"] is not None
        for said in turn["sentences"]:
            assert words_of(raw, [(span["start"], span["end"]) for span in said["spans"]], "html") == said["text"]
    turn = door.get("/v1/transcript/t7").json()
    assert (turn["time"], turn["sentences"][1]["time"]) == ("1:05:12", "1:05:22")
    assert turn["sentences"][1]["link"] == f"{RECORDING}?t=3922"


def test_a_chat_s_footnotes_tell_time_pieces_and_that_nobody_is_known(door: TestClient) -> None:
    asked = {"role": "user", "content": "What was said between 12:00 and 12:30?"}
    done = door.post("/v1/chat/completions", json={"model": "debate", "messages": [asked]}).json()
    content, citation = done["choices"][0]["message"]["content"], done["debate"]["citations"][0]
    assert "The transcript does not tell who spoke." in content
    assert f"— unknown speaker · t4.1 · [12:05]({RECORDING}?t=725)" in content
    assert citation["time"] == "12:05" and len(citation["spans"]) == 2


@pytest.mark.anyio
async def test_agents_hear_times_too(harbour: Assistant) -> None:
    queue = AnswerQueue()
    async with Client(build_server(harbour, queue)) as client:
        answer = await call(client, "ask", **PORT)
        assert answer["quotes"][0]["time"] == "0:29"
        turn = await client.call_tool("read_turn", {"turn": "t7"})
        assert "[t7.2 1:05:22] The port cannot wait." in text_of(turn)
        found = await client.call_tool("search_quotes", {"query": "the port cannot wait", "k": 2})
        assert "— Ines Braga [t3.3 0:29]" in text_of(found)
        checked = await call(client, "verify_quote", text="build a tunnel under the harbour", speaker="Nora")
        assert checked["verbatim"] and checked["said"][0]["sentence_ids"] == ["t1.2"]
        crossed = await call(client, "verify_quote", text="the harbour --> or a second bridge")
        assert not crossed["verbatim"]
    queue.close()


def test_a_debate_without_times_tells_none(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": "Rob 怎么看 GPU 折旧?"}).json()
    assert all(q["time"] is None and q["link"] is None and not q["pieces"] for q in answer["quotes"])
    assert "00:" not in json.dumps(client.get("/v1/transcript/t12").json())
