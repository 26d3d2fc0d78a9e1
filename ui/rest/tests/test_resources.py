"""What each resource answers, and how each refuses."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.calculators.sheet import CSV, XLSX
from ui.rest.problems import MEDIA_TYPE

ROB = {"question": "Rob 怎么看 GPU 折旧?"}


def events_of(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))) for lines in blocks]


def test_an_answer_holds_quotes_that_stand_in_the_transcript(client: TestClient, assistant: Assistant) -> None:
    answer = client.post("/v1/ask", json=ROB).json()
    raw = assistant.debate.transcript.raw
    assert answer["quotes"] and all(raw[q["start"] : q["end"]] == q["text"] for q in answer["quotes"])
    assert {q["speaker"] for q in answer["quotes"]} == {"Rob Li"} and not answer["abstained"]


def test_a_stream_tells_the_steps_and_ends_with_the_same_answer(client: TestClient) -> None:
    response = client.post("/v1/ask", json={**ROB, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    kinds = [kind for kind, _ in events]
    assert kinds[-1] == "answer" and kinds.index("retrieved") < kinds.index("claim") < kinds.index("answer")
    whole = client.post("/v1/ask", json=ROB).json()
    assert events[-1][1]["quotes"] == whole["quotes"]
    claimed = [quote for kind, data in events if kind == "claim" for quote in data["quotes"]]
    assert claimed and all(quote in whole["quotes"] for quote in claimed)
    evidence = dict(events)["retrieved"]
    assert [item["rank"] for item in evidence] == list(range(1, len(evidence) + 1))


def test_a_numeric_question_streams_its_calculation(client: TestClient) -> None:
    question = "If a $300bn fleet moved from 5 to 7 years of life after 2 years, how much would depreciation change?"
    events = events_of(client.post("/v1/ask", json={"question": question, "stream": True}).text)
    calculations = [data for kind, data in events if kind == "calculation"]
    assert calculations == events[-1][1]["calculations"] and calculations


def test_a_stream_that_cannot_begin_is_a_plain_refusal(client: TestClient) -> None:
    response = client.post("/v1/ask", json={**ROB, "stream": True, "thread": "nobodys"})
    assert response.status_code == 404 and response.headers["content-type"] == MEDIA_TYPE


def test_a_follow_up_goes_on_in_its_thread(client: TestClient) -> None:
    first = client.post("/v1/ask", json=ROB).json()
    second = client.post("/v1/ask", json={"question": "那 Ethan 呢?", "thread": first["thread"]}).json()
    assert second["thread"] == first["thread"] and second["speaker_ids"] == ["ethan-xu"]
    assert "折旧" in second["standalone"]
    detail = client.get(f"/v1/threads/{first['thread']}").json()
    assert [a["question"] for a in detail["answers"]] == [ROB["question"], "那 Ethan 呢?"]


def test_a_thread_can_be_renamed_and_deleted(client: TestClient) -> None:
    thread = client.post("/v1/ask", json=ROB).json()["thread"]
    assert client.patch(f"/v1/threads/{thread}", json={"title": " 折旧 "}).json()["title"] == "折旧"
    listed = client.get("/v1/threads", params={"limit": 1}).json()
    assert listed["threads"][0]["title"] == "折旧" and listed["total"] >= 1
    assert client.delete(f"/v1/threads/{thread}").status_code == 204
    assert client.get(f"/v1/threads/{thread}").status_code == 404


@pytest.mark.parametrize("form", ["md", "json"])
def test_an_export_verifies_and_an_altered_one_does_not(client: TestClient, form: str) -> None:
    answer = client.post("/v1/ask", json={"question": "Ethan 怎么看旧芯片?", "speakers": ["Ethan"]}).json()
    thread, said = answer["thread"], answer["quotes"][0]["text"][:12]
    export = client.get(f"/v1/threads/{thread}/export", params={"format": form}).text
    good = client.post("/v1/verify", json={"document": export}).json()
    assert good["verified"] and good["quotes"] >= 1 and good["findings"] == []
    assert said in export
    bad = client.post("/v1/verify", json={"document": export.replace(said, said[:-1] + "改")}).json()
    assert not bad["verified"] and bad["findings"]


def test_an_answer_verifies_as_it_was_given(client: TestClient) -> None:
    answer = client.post("/v1/ask", json=ROB).json()
    assert client.post("/v1/verify", json={"document": answer}).json()["verified"]
    answer["quotes"][0]["speaker"] = "Ethan Xu"
    assert not client.post("/v1/verify", json={"document": answer}).json()["verified"]


@pytest.mark.parametrize(
    "document", ["", "hello", {}, {"quotes": "\ud800"}, '{"answers": [{"question": "\\ud800"}]}', "[" * 9_000]
)
def test_what_is_no_export_is_not_verified(client: TestClient, document: object) -> None:
    body = json.dumps({"document": document})
    response = client.post("/v1/verify", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422 or (response.status_code == 200 and not response.json()["verified"])


def test_the_transcript_is_the_words_and_comes_once(client: TestClient, assistant: Assistant) -> None:
    response = client.get("/v1/transcript")
    raw, turns = assistant.debate.transcript.raw, response.json()["turns"]
    assert len(turns) == len(assistant.debate.transcript.turns)
    assert all(raw[s["start"] : s["end"]] == s["text"] for turn in turns for s in turn["sentences"])
    again = client.get("/v1/transcript", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    robs = client.get("/v1/transcript", params={"speaker": "rob"}).json()["turns"]
    assert robs == [turn for turn in turns if turn["speaker"] == "Rob Li"]
    assert client.get("/v1/transcript/t12").json() == next(turn for turn in turns if turn["id"] == "t12")


def test_report_tells_who_speaks_how_much(client: TestClient, assistant: Assistant) -> None:
    report = client.get("/v1/report").json()
    assert [s["name"] for s in report["speakers"]] == [s.name for s in assistant.debate.transcript.speakers]
    assert (report["turns"], report["attributed"], report["doubts"]) == (36, 1.0, [])
    assert abs(sum(s["share"] for s in report["speakers"]) - 1) < 0.001


def test_stances_tell_silence(client: TestClient, assistant: Assistant) -> None:
    table = client.get("/v1/stances").json()
    cells = len(table["stances"]) + len(table["neutral"]) + len(table["silent"])
    assert cells == len(table["topics"]) * len(assistant.debate.transcript.speakers) and table["silent"]
    one = client.get("/v1/stances", params={"topic": table["topics"][0]["id"], "speaker": "Rob"}).json()
    assert len(one["stances"]) + len(one["neutral"]) + len(one["silent"]) == 1


def test_figures_name_their_speaker(client: TestClient, assistant: Assistant) -> None:
    ledger = client.get("/v1/figures").json()
    transcript = assistant.debate.transcript
    for figure in ledger["figures"]:
        sentence = transcript.sentence(figure["sentence"])
        assert figure["text"] in sentence.text and figure["speaker"] == transcript.speaker_of(sentence.turn_id).name
    group = ledger["groups"][0]
    assert {f["group"] for f in client.get("/v1/figures", params={"group": group}).json()["figures"]} == {group}


def test_a_calculation_shows_every_input_and_takes_other_units(client: TestClient) -> None:
    arguments = {"cost": 300, "old_life": 5, "new_life": 7, "age": 2}
    plain = client.post("/v1/calculators/useful_life_change", json={"arguments": arguments}).json()
    assert {a["name"] for a in plain["arguments"]} >= set(arguments)
    assert all(a["origin"]["kind"] in ("user", "default") for a in plain["arguments"])
    other = {"arguments": {**arguments, "cost": 300_000}, "units": {"cost": "USD mn"}}
    assert client.post("/v1/calculators/useful_life_change", json=other).json()["outputs"] == plain["outputs"]


def test_a_refused_input_is_named_with_its_range(client: TestClient) -> None:
    response = client.post("/v1/calculators/useful_life_change", json={"arguments": {"cost": 300, "old_life": -5}})
    problem = response.json()
    assert response.status_code == 422 and problem["field"] in ("old_life", "new_life") and problem["allowed"]


def test_a_calculation_comes_as_a_spreadsheet(client: TestClient) -> None:
    asked = {"arguments": {"cost": 300_000, "old_life": 5, "new_life": 7, "age": 2}, "units": {"cost": "USD mn"}}
    path = "/v1/calculators/useful_life_change/export"
    response = client.post(path, json=asked)
    assert response.status_code == 200 and response.headers["content-type"] == XLSX
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Inputs", "Calc", "Sources", "Sensitivity"]
    assert book["Inputs"]["C2"].value == 300 and book["Calc"]["C5"].value == "=Calc!$C$4-Calc!$C$3"
    table = client.post(f"{path}?format=csv&lang=zh", json=asked)
    assert table.headers["content-type"] == CSV and "年折旧变化(新−旧),,-24.0,十亿美元,公式" in table.text
    refused = client.post(path, json={"arguments": {"cost": 300, "old_life": 5, "new_life": 7, "age": 9}})
    assert refused.status_code == 422 and refused.json()["field"] == "age"
    assert client.post(f"{path}?format=pdf", json=asked).status_code == 422
    assert client.post("/v1/calculators/abacus/export", json=asked).status_code == 404


def test_every_calculator_describes_itself(client: TestClient) -> None:
    for listed in client.get("/v1/calculators").json()["calculators"]:
        described = client.get(f"/v1/calculators/{listed['name']}").json()
        assert described["inputs"] and described["outputs"] and described["equation"]
        assert set(described["input_schema"]["properties"]) == {i["name"] for i in described["inputs"]}
        for field in described["inputs"]:
            assert field["required"] or field["default"] is None or field["source"], (listed["name"], field["name"])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"{", "body"),
        (b'{"question": ""}', "body.question"),
        (b'{"question": "?!"}', "body.question"),
        (b'{"question": "\\ud800a"}', "body.question"),
        (b'{"question": "a", "stream": "yes"}', "body.stream"),
        (b'{"question": "a", "more": 1}', "body.more"),
        (json.dumps({"question": "a" * 4001}).encode(), "body.question"),
    ],
)
def test_what_cannot_be_asked_is_told_where_and_never_echoed(client: TestClient, body: bytes, where: str) -> None:
    response = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    problem = response.json()
    assert response.status_code == 422 and response.headers["content-type"] == MEDIA_TYPE
    assert problem["errors"][0]["where"].startswith(where) and problem["type"] == "urn:debate:invalid"
    assert problem["instance"].endswith(response.headers["x-request-id"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/transcript/t999", 404),
        ("GET", "/v1/stances?topic=nothing", 404),
        ("GET", "/v1/figures?group=nothing", 404),
        ("GET", "/v1/calculators/nothing", 404),
        ("GET", "/v1/transcript?speaker=Nobody", 404),
        ("GET", "/v1/nothing", 404),
        ("PUT", "/v1/threads/abc", 405),
    ],
)
def test_what_is_not_there_is_a_problem(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status == response.json()["status"]
    assert response.headers["content-type"] == MEDIA_TYPE and response.json()["detail"].endswith(".")
    if status == 405:
        assert response.headers["allow"] == "DELETE, GET, PATCH"


def test_metrics_count_answers_by_route_and_hold_nothing_that_was_asked(client: TestClient) -> None:
    client.post("/v1/ask", json={"question": "Zanzibar 折旧?"})
    client.get("/v1/threads/some-secret-id")
    text = client.get("/metrics").text
    assert 'debate_requests_total{method="POST",route="/v1/ask",status="200"}' in text
    assert 'route="/v1/threads/{thread}",status="404"' in text
    assert "debate_answers_total{" in text and 'debate_step_seconds_count{step="retrieve"}' in text
    assert "Zanzibar" not in text and "some-secret-id" not in text


def test_health_and_readiness(client: TestClient, assistant: Assistant) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["transcript_sha256"] == assistant.debate.transcript.sha256


def test_a_request_id_is_kept_when_it_is_one_and_replaced_when_not(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert client.get("/healthz", headers={"X-Request-Id": "a b{}"}).headers["x-request-id"] != "a b{}"


def test_the_log_ties_the_steps_to_the_request_and_holds_no_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "debate"):
        client.post("/v1/ask", json={"question": "Zanzibar 折旧?"}, headers={"X-Request-Id": "tie-1"})
    records = {r.getMessage(): r for r in caplog.records if getattr(r, "request", "") == "tie-1"}
    assert {"request", "answered"} <= set(records)
    assert records["request"].__dict__["fields"]["route"] == "/v1/ask"
    assert "Zanzibar" not in repr([r.__dict__ for r in records.values()])
