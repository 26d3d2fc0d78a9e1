"""The first and the last question of a debate are found by their place, and only when nothing else is asked."""

from __future__ import annotations

import pytest

from assistant.api import Assistant
from assistant.reading.places import placed
from assistant.reading.read import understand
from corpus.parse import transcript_from_turns

_PARSED = transcript_from_turns(
    [
        ("Moderator", "Welcome, everybody."),
        ("Anna Low", "Glad to be here."),
        ("Moderator", "The river rose again. Who pays for the dam?"),
        ("Bela Kun", "The town does."),
        ("Moderator", "And what should farmers do now?"),
        ("Anna Low", "Move uphill."),
        ("Moderator", "Thank you all."),
    ],
    "meeting",
)
_MEETING = _PARSED.model_copy(
    update={
        "speakers": tuple(s.model_copy(update={"is_host": s.name == "Moderator"}) for s in _PARSED.speakers),
    }
)


@pytest.mark.parametrize(
    ("question", "turn"),
    [
        ("what did open with?", "t3"),
        ("the very first question of the evening", "t3"),
        ("开场问了什么", "t3"),
        ("what was the last question put to the guests?", "t5"),
        ("最后问了大家什么问题", "t5"),
    ],
)
def test_place_alone_names_a_turn_that_asks(question: str, turn: str) -> None:
    assert {i.split(".")[0] for i in placed(question, _MEETING, ())} == {turn}


@pytest.mark.parametrize(
    "question",
    ["what did the moderator ask about the dam first?", "主持人最后关于洪水问了什么", "what did the moderator ask?"],
)
def test_a_subject_is_not_overruled_by_a_place(question: str) -> None:
    assert not understand(question, _MEETING).placed


@pytest.mark.parametrize(
    ("question", "turn"),
    [
        ("What did Chen Qian open the session with?", "t1"),
        ("主持人收尾时问了什么", "t34"),
        ("How did the moderator kick off the debate?", "t1"),
    ],
)
def test_hosts_first_and_last_questions_are_answered(embedded: Assistant, question: str, turn: str) -> None:
    answer = embedded.ask(question)
    assert not answer.abstained
    assert {quote.turn_id for quote in answer.quotes} == {turn}
