"""A calculation as a file, from the command line and from the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.calculators.trace import run
from corpus.library import Debate
from ui.cli.command import main
from ui.guard import COOKIE, owner_of
from ui.sheet import sheet_file
from ui.web import calculate
from ui.web.conversation import Conversations
from ui.web.desk import Desk
from ui.web.sheets import add_sheets

_CHANGE = ["calc", "useful_life_change", "--cost", "300", "--old-life", "5", "--new-life", "7", "--age", "2"]
_VISITOR = "a" * 43


@pytest.fixture
def assistant(filled_home: Path) -> Iterator[Assistant]:
    with Assistant.open(light=True) as opened:
        yield opened


@pytest.fixture
def client(assistant: Assistant) -> TestClient:
    app = FastAPI()
    add_sheets(app, Desk(assistant))
    return TestClient(app, cookies={COOKIE: _VISITOR})


def book_of(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def links(html: str) -> list[str]:
    return [unescape(part.split('"')[0]) for part in html.split('href="')[1:] if "format=" in part.split('"')[0]]


def test_the_command_writes_both_files_and_still_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook, table = tmp_path / "change.xlsx", tmp_path / "change.csv"
    assert main([*_CHANGE, "--xlsx", str(workbook), "--csv", str(table), "--lang", "en"]) == 0
    assert "-24" in capsys.readouterr().out
    assert book_of(workbook.read_bytes())["Calc"]["C2"].value.startswith("=Inputs!$C$2-")
    rows = list(csv.reader(table.read_text("utf-8-sig").splitlines()))
    assert ["Calc", "change in annual depreciation (new − old)", "", "-24.0", "USD bn", "formula"] in rows


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_CHANGE, "--xlsx", str(tmp_path / "none" / "x.xlsx")]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1 and "x.xlsx" in printed.err and printed.out == ""
    assert main([*_CHANGE[:-1], "9", "--csv", str(tmp_path / "x.csv")]) == 2
    assert not (tmp_path / "x.csv").exists() and "age" in capsys.readouterr().err


def test_a_quote_stands_with_its_speaker_and_sentence(debate: Debate) -> None:
    trace = run("useful_life_change", {"cost": 300.0, "old_life": 5.0, "new_life": 7.0, "age": 2.0})
    rows = book_of(sheet_file(trace, "xlsx", "zh", debate).content)["来源"].iter_rows(values_only=True)
    quoted = [row for row in rows if row[2] and row[2] != "原话"]
    assert quoted
    for _, _, words, speaker, sentence, _ in quoted:
        said = next(s for s in debate.transcript.sentences if s.id == sentence)
        assert words.strip("“”") in said.text and debate.transcript.speaker_of(said.id.split(".")[0]).name == speaker


def test_the_language_is_that_of_the_reader(debate: Debate) -> None:
    trace = run("useful_life_change", {"cost": 300.0, "old_life": 5.0, "new_life": 7.0, "age": 2.0})
    inputs = book_of(sheet_file(trace, "xlsx", "zh", debate).content)["输入"]
    assert [cell.value for cell in inputs[6]] == ["残值", None, 0, "十亿美元", "默认值", "惯例:无残值"]


def test_an_answer_s_calculation_is_its_owner_s_alone(assistant: Assistant, client: TestClient) -> None:
    view = list(Conversations(assistant).ask("300亿美元的20%是多少?", "", (), owner_of({COOKIE: _VISITOR})))[-1]
    workbook, table = links(view.messages[-1]["content"])
    response = client.get(workbook)
    assert response.status_code == 200 and response.headers["content-disposition"].endswith('part_of.xlsx"')
    inputs = book_of(response.content)["输入"]
    assert [inputs.cell(row, 3).value for row in range(3, 5)] == [30, 0.2] and inputs["E3"].value == "提问者给出"
    assert client.get(table).text.startswith("\ufeff输入,")
    for missing in (workbook.replace("/0?", "/9?"), workbook.replace("/1/", "/7/"), "/export/none/1/0"):
        assert client.get(missing).status_code == 404
    client.cookies.set(COOKIE, "b" * 43)
    assert client.get(workbook).status_code == 404


def test_the_panel_s_file_holds_what_is_typed(assistant: Assistant, client: TestClient) -> None:
    talks = Conversations(assistant)
    base = {"cost": "300", "old_life": "4", "new_life": "6.5", "age": "2", "salvage": "0"}
    html = calculate.compute("useful_life_change", base, {"cost": "100"}, assistant.debate, talks.cast, "en")
    workbook, table = links(html)
    inputs = book_of(client.get(workbook).content)["Inputs"]
    assert inputs["C2"].value == 100 and inputs["E3"].value == "quote" and inputs["F3"].value.startswith("Rob Li · t")
    assert inputs["E6"].value == "default"
    assert "Inputs,old life,,4.0" in client.get(table).text
    refused = client.get(workbook.replace("b.age=2", "b.age=20"))
    assert refused.status_code == 422 and refused.text.count("\n") == 1 and "age" in refused.text
    assert client.get("/sheet/abacus").status_code == 422
