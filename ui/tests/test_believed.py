"""What is stored is not believed: rows are altered in every way we can think of, and read through every door.

A door may show the true words, or say that something was altered; it never shows a false quote as good, and no export
of an altered answer verifies as if nothing had happened.
"""

from __future__ import annotations

import html
import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant import Answer, Assistant
from assistant.proof import quote_problems, unsaid
from assistant.stored import VERSION, from_record, to_record
from corpus.library import Debate
from corpus.seals import message_seal
from corpus.store import Message
from ui.export import Conversation, export_json, export_markdown
from ui.rest.app import create_api
from ui.session import OWNER
from ui.verify import verify_export
from ui.web.conversation import Conversations

QUESTIONS = ("Rob 怎么看 GPU 折旧?", "Where do they disagree on depreciation?", "What did Yang say about tulips?")
FORGED = "泡沫明天就会破裂,大家快卖。"
Json = dict[str, Any]
Change = Callable[[Json, random.Random, Debate], None]


@pytest.fixture(scope="module")
def assistant(_filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("believed") / "home"
    shutil.copytree(_filled, folder)
    with Assistant.open(data=folder, light=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> list[Answer]:
    return [assistant.answer(question) for question in QUESTIONS]


# ── what a hand in the file may do to an answer ──


def other_ids(row: Json, chance: random.Random, debate: Debate) -> None:
    for quote in row["quotes"]:
        quote["ids"] = [chance.choice(debate.transcript.sentences).id]


def ids_of_nothing(row: Json, chance: random.Random, debate: Debate) -> None:
    for quote in row["quotes"][:1]:
        quote["ids"] = ["t99999.1"]


def words_in_the_row(row: Json, chance: random.Random, debate: Debate) -> None:
    for quote in row["quotes"]:
        quote |= {"text": FORGED, "speaker": "Rob Li", "originator": "Warren Buffett", "gloss": "Sell everything."}


def marks_of_others(row: Json, chance: random.Random, debate: Debate) -> None:
    for quote in row["quotes"]:
        quote["is"][chance.choice(("words", "speaker", "claim", "gloss"))] = "0" * 12


def lead_with_a_quote(row: Json, chance: random.Random, debate: Debate) -> None:
    row["lead"] = f"Rob Li 说得很清楚:“{FORGED}”"


def claim_with_a_quote(row: Json, chance: random.Random, debate: Debate) -> None:
    row["claims"] = [{"text": f"Rob said “{FORGED}”", "speaker": None, "quotes": []}]


def claim_of_another(row: Json, chance: random.Random, debate: Debate) -> None:
    for claim in row["claims"]:
        claim["speaker"] = chance.choice([s.name for s in debate.transcript.speakers if s.name != claim["speaker"]])


def table_with_a_quote(row: Json, chance: random.Random, debate: Debate) -> None:
    row["table"] = {"columns": ["Who", "Said"], "rows": [["Rob Li", f"“{FORGED}”"]]}


def note_with_a_quote(row: Json, chance: random.Random, debate: Debate) -> None:
    row["notes"] = [{"text": f"Bruce added “{FORGED}”", "basis": []}]


def silence_with_a_quote(row: Json, chance: random.Random, debate: Debate) -> None:
    row["abstention"] = {"reason": "topic_absent", "message": f"Rob: 「{FORGED}」", "spoke": ["Nobody"], "nearest": []}


def nearest_of_nothing(row: Json, chance: random.Random, debate: Debate) -> None:
    row["abstention"] = {"reason": "topic_absent", "message": "", "spoke": [], "nearest": [{"ids": ["t0.0"], "is": {}}]}


def numbers_out_of_range(row: Json, chance: random.Random, debate: Debate) -> None:
    row["claims"] = [{"text": "", "speaker": None, "quotes": [999, -1]}]


def a_field_missing(row: Json, chance: random.Random, debate: Debate) -> None:
    del row[chance.choice(sorted(row))]


def an_unknown_field(row: Json, chance: random.Random, debate: Debate) -> None:
    row["verified"] = {"by": "nobody"}


def a_field_of_another_kind(row: Json, chance: random.Random, debate: Debate) -> None:
    row[chance.choice(sorted(row))] = chance.choice([None, 7, "x", [1], {"a": 1}, -1e400])


def another_transcript(row: Json, chance: random.Random, debate: Debate) -> None:
    row["transcript_sha256"] = "0" * 64


CHANGES: tuple[Change, ...] = (
    other_ids, ids_of_nothing, words_in_the_row, marks_of_others, lead_with_a_quote, claim_with_a_quote,
    claim_of_another, table_with_a_quote, note_with_a_quote, silence_with_a_quote, nearest_of_nothing,
    numbers_out_of_range, a_field_missing, an_unknown_field, a_field_of_another_kind, another_transcript,
)  # fmt: skip
# Sealed anew, these may leave a true answer: words that nobody reads, what has a default, true quotes of other ids.
HARMLESS = ("an_unknown_field", "a_field_missing", "a_field_of_another_kind", "words_in_the_row", "other_ids")


def altered_rows(answers: list[Answer], debate: Debate, count: int) -> Iterator[tuple[str, str, str, bool]]:
    """(name, question, row, whether the hand could seal it anew) of altered answers."""
    chance = random.Random(16)
    for number in range(count):
        change, answer = CHANGES[number % len(CHANGES)], chance.choice(answers)
        row = json.loads(to_record(answer))
        change(row, chance, debate)
        if row != json.loads(to_record(answer)):  # an answer without quotes has none to alter
            yield change.__name__, answer.question, json.dumps(row), bool(number // len(CHANGES) % 2)


def put(assistant: Assistant, owner: str, question: str, honest: str, row: str, sealed: bool) -> str:
    """An answer on record whose row somebody then altered; the thread's id."""
    store = assistant.store
    sha256 = assistant.debate.transcript.sha256
    thread = store.add_message(None, question, honest, owner=owner, sha256=sha256, version=VERSION)
    seal = message_seal(thread, 1, 0, VERSION, question, row) if sealed else None
    store._connection.execute(
        "UPDATE messages SET answer = ?, seal = coalesce(?, seal) WHERE thread_id = ?", (row, seal, thread)
    )
    return thread


def test_no_altered_row_shows_a_false_quote_at_any_door(assistant: Assistant, answers: list[Answer]) -> None:
    debate, honest = assistant.debate, to_record(answers[0])
    talks, client = Conversations(assistant), TestClient(create_api(assistant, mcp=False), base_url="http://127.0.0.1")
    token = {"Authorization": "Bearer 0123456789abcdef"}
    owner = _owner_of(client, token, assistant)
    for name, question, row, sealed in altered_rows(answers, debate, 96):
        thread = put(assistant, owner, question, honest, row, sealed)
        page = talks.messages(thread, owner)[1]["content"]
        read = client.get(f"/v1/threads/{thread}", headers=token)
        assert read.status_code == 200, (name, read.text)
        shown = Answer.model_validate(
            {k: v for k, v in read.json()["answers"][0].items() if k != "abstained"}, strict=False
        )
        for quote in (*shown.quotes, *(shown.abstention.nearest if shown.abstention else ())):
            assert list(quote_problems(quote, debate)) == [], name
        assert FORGED not in page and FORGED not in read.text, name
        cards = [html.unescape(words) for words in re.findall(r"<q[^>]*>(.*?)</q>", page)]
        assert all(not list(unsaid(f"“{re.sub('<[^>]+>', '', words)}”", debate)) for words in cards), name
        marked = bool(shown.altered)
        assert marked == ("data-altered" in page), name
        if not sealed or name not in HARMLESS:
            assert marked, name
        for form in ("md", "json"):
            export = client.get(f"/v1/threads/{thread}/export", params={"format": form}, headers=token)
            assert export.status_code == 200 and FORGED not in export.text, name
            if marked:
                assert verify_export(export.content, debate).findings, (name, form)
        assistant.store.delete_thread(thread, owner, forever=True)


def _owner_of(client: TestClient, token: dict[str, str], assistant: Assistant) -> str:
    made = client.post("/v1/ask", json={"question": QUESTIONS[0]}, headers=token).json()["thread"]
    return str(assistant.store._rows("SELECT owner FROM threads WHERE id = ?", (made,))[0][0])


@pytest.mark.parametrize("field", ["text", "speaker", "originator", "mode", "gloss"])
def test_a_row_of_an_older_program_is_read_from_the_transcript_too(
    field: str, assistant: Assistant, answers: list[Answer]
) -> None:
    """Rows of version 1 hold whole quotes; before they were sealed anybody may have changed them."""
    row = json.loads(answers[0].model_dump_json(exclude={"abstained"}))
    message = Message(1, answers[0].question, json.dumps(row), 0.0)
    good = from_record(message, assistant.debate)
    assert good.altered == () and good.quotes == answers[0].quotes and good.claims == answers[0].claims
    row["quotes"][0][field] = "relays" if field == "mode" and row["quotes"][0]["mode"] != "relays" else "asks"
    bad = from_record(message._replace(answer=json.dumps(row)), assistant.debate)
    assert bad.quotes == answers[0].quotes and "quote 1" in bad.altered[0]


def test_what_is_kept_comes_back_the_same(assistant: Assistant, answers: list[Answer]) -> None:
    for answer in answers:
        kept = to_record(answer)
        assert all(quote.text not in kept for quote in answer.quotes)
        assert from_record(Message(1, answer.question, kept, 0.0, version=VERSION), assistant.debate) == answer


def test_an_answer_of_a_newer_program_is_told_not_guessed(assistant: Assistant, answers: list[Answer]) -> None:
    kept = Message(1, "为什么?", to_record(answers[0]), 0.0, version=VERSION + 1)
    lost = from_record(kept, assistant.debate)
    assert lost.quotes == () and "newer program" in lost.altered[0] and lost.question == "为什么?"


def test_the_command_line_exports_no_altered_answer_as_good(
    filled_home: Path, capsys: pytest.CaptureFixture[str], debate: Debate
) -> None:
    from ui.cli.command import main

    assert main(["ask", QUESTIONS[0]]) == 0
    with Assistant.open(data=filled_home, light=True) as opened:
        row = json.loads(opened.store.messages(opened.store.threads(OWNER)[0].id, OWNER)[0].answer)
        row["lead"] = f"Rob Li: “{FORGED}”"
        opened.store._connection.execute("UPDATE messages SET answer = ?", (json.dumps(row),))
    capsys.readouterr()
    for form in ("md", "json"):
        assert main(["export", "last", "--format", form]) == 0
        text = capsys.readouterr().out
        assert FORGED not in text and verify_export(text.encode(), debate).findings


def test_a_good_export_still_verifies(assistant: Assistant, answers: list[Answer]) -> None:
    conversation = Conversation("t", tuple(answers))
    for make in (export_markdown, export_json):
        assert verify_export(make(conversation, assistant.debate).encode(), assistant.debate).findings == []
