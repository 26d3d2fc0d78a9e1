"""The official MCP client holds a conversation with citations, over HTTP and over stdio."""

from __future__ import annotations

import base64
import io
import os
import sys
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import BlobResourceContents, CallToolResult, EmbeddedResource, TextContent

from assistant import Assistant
from ui.rest.tests.conftest import ALICE, BOB

TOOLS = {
    "ask", "search_quotes", "list_transcripts", "read_turn", "read_report", "compare_speakers", "verify_quote",
    "calculate",
}  # fmt: skip
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def text_of(result: CallToolResult) -> str:
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult) and not result.is_error, text_of(result)
    content: dict[str, Any] | None = result.structured_content
    assert content is not None
    return content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult) and result.is_error
    return text_of(result)


async def test_a_conversation_with_citations(address: str, assistant: Assistant) -> None:
    raw = assistant.debate.transcript.raw
    async with Client(f"{address}/mcp") as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        first = await call(client, "ask", question="Rob 怎么看 GPU 折旧?")
        assert first["quotes"] and all(raw[q["start"] : q["end"]] == q["text"] for q in first["quotes"])
        second = await call(client, "ask", question="那 Ethan 呢?", thread=first["thread"])
        assert second["thread"] == first["thread"] and second["speaker_ids"] == ["ethan-xu"]
        assert "折旧" in second["standalone"]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_both_generations_of_the_protocol_are_spoken(address: str, mode: str) -> None:
    async with Client(f"{address}/mcp", mode=mode) as client:
        assert (await call(client, "read_turn", turn="t12"))["turns"][0]["speaker"] == "Ethan Xu"


async def test_every_tool(address: str, assistant: Assistant) -> None:
    raw = assistant.debate.transcript.raw
    async with Client(f"{address}/mcp") as client:
        found = (await call(client, "search_quotes", query="TPU", k=3, speakers=["Ethan"]))["results"]
        assert found[0]["rank"] == 1 and {item["quote"]["speaker"] for item in found} == {"Ethan Xu"}
        assert all(raw[q["start"] : q["end"]] == q["text"] for q in (item["quote"] for item in found))
        turns = (await call(client, "read_turn", turn="t12.4", context=1))["turns"]
        assert [turn["id"] for turn in turns] == ["t11", "t12", "t13"]
        sides = (await call(client, "compare_speakers", question="GPU 折旧", speakers=["Rob", "Ethan"]))["sides"]
        assert [side["speaker"] for side in sides] == ["Rob Li", "Ethan Xu"]
        assert all(q["speaker"] == side["speaker"] for side in sides for q in side["quotes"]) and sides[0]["quotes"]
        report = await call(client, "read_report")
        assert report["turns"] == 36 and report["attributed"] == 1.0 and report["doubts"] == []
        trace = await call(
            client, "calculate", calculator="useful_life_change",
            arguments={"cost": 300, "old_life": 5, "new_life": 7, "age": 2},
        )  # fmt: skip
        assert {a["name"] for a in trace["arguments"]} >= {"cost", "old_life", "new_life", "age"}


async def test_a_calculation_comes_as_a_file_where_one_is_asked_for(address: str) -> None:
    async with Client(f"{address}/mcp") as client:
        asked: dict[str, Any] = {"calculator": "part_of", "arguments": {"whole": 30, "share": 0.2}}
        result = await client.call_tool("calculate", {**asked, "file": "xlsx"})
        assert isinstance(result, CallToolResult)
        (attached,) = (part.resource for part in result.content if isinstance(part, EmbeddedResource))
        assert isinstance(attached, BlobResourceContents) and str(attached.uri).endswith("part_of.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(attached.blob)))
        assert book["Calc"]["C2"].value == "=Inputs!$C$3*Inputs!$C$4"
        assert "file" in await refused(client, "calculate", **asked, file="pdf")


async def test_a_quote_is_verified_with_its_speaker(address: str) -> None:
    words = "他们7年前的TPU至今仍满负荷运转"
    async with Client(f"{address}/mcp") as client:
        good = await call(client, "verify_quote", text=f"“{words}”", speaker="Ethan")
        assert good["verbatim"] and good["said"][0]["sentence_ids"] == ["t12.4"] and good["speaker_matches"]
        wrong_speaker = await call(client, "verify_quote", text=words, speaker="Rob")
        assert not wrong_speaker["verbatim"] and wrong_speaker["said"] and wrong_speaker["speaker_matches"] is False
        altered = await call(client, "verify_quote", text=words.replace("7年", "8年"))
        assert not altered["verbatim"] and not altered["said"] and altered["nearest"]


async def test_refusals_tell_what_to_do(address: str) -> None:
    async with Client(f"{address}/mcp") as client:
        assert "t1 to t" in await refused(client, "read_turn", turn="t999")
        assert "No speaker matches" in await refused(client, "ask", question="GPU?", speakers=["Nobody"])
        assert "new_life" in await refused(
            client, "calculate", calculator="useful_life_change", arguments={"cost": 1, "old_life": 5}
        )
        assert "useful_life_change" in await refused(client, "calculate", calculator="nothing", arguments={})
        assert "empty" in await refused(client, "ask", question="?")


async def test_a_thread_is_for_whoever_holds_its_whole_id(address: str, assistant: Assistant) -> None:
    async with Client(f"{address}/mcp") as client:
        thread = (await call(client, "ask", question="Zanzibar 折旧?"))["thread"]
        secret, _, bare = thread.partition("-")
        for guess in (bare, f"{'0' * 32}-{bare}", f"{secret[::-1]}-{bare}"):
            assert "no thread" in await refused(client, "ask", question="那 Rob 呢?", thread=guess)
        await call(client, "ask", question="那 Rob 呢?", thread=thread)
        local = assistant.ask("GPU 折旧?").thread
        assert "no thread" in await refused(client, "ask", question="那 Rob 呢?", thread=local)


async def test_tokens_do_not_see_each_others_threads(guarded_address: str) -> None:
    url = f"{guarded_address}/mcp"

    def by(token: str) -> Any:
        return streamable_http_client(url, http_client=httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}))

    async with Client(by(ALICE)) as alice, Client(by(BOB)) as bob:
        thread = (await call(alice, "ask", question="GPU 折旧?"))["thread"]
        assert "no thread" in await refused(bob, "ask", question="那 Rob 呢?", thread=thread)
        await call(alice, "ask", question="那 Rob 呢?", thread=thread)
    async with httpx2.AsyncClient() as nobody:
        assert (await nobody.post(url, json={})).status_code == 401
        headers = {"Authorization": f"Bearer {ALICE}", "Host": "evil.example"}
        assert (await nobody.post(url, json={}, headers=headers)).status_code == 400


async def test_stdio(tmp_path: Path) -> None:
    environment = {**os.environ, "DEBATE_HOME": str(tmp_path / "home")}
    command = StdioServerParameters(command=sys.executable, args=["-m", "ui.cli.command", "mcp"], env=environment)
    async with Client(stdio_client(command)) as client:
        first = await call(client, "ask", question="Rob 怎么看 GPU 折旧?")
        second = await call(client, "ask", question="那 Ethan 呢?", thread=first["thread"])
        assert second["thread"] == first["thread"] and second["speaker_ids"] == ["ethan-xu"]
        assert "折旧" in second["standalone"]
