"""Questions about the debate itself are told from its record; questions about what was said are not taken for them."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.about import about
from assistant.reading.read import understand
from corpus.annotations import Annotations
from corpus.library import Debate, open_debate
from corpus.parse import parse_transcript
from corpus.store import Store
from corpus.testing import trapped_debate
from corpus.types import Transcript
from index.search import PassageIndex

OURS = open_debate().transcript
TRAPPED = trapped_debate()


def kind_of(transcript: Transcript, question: str) -> str | None:
    plan = understand(question, transcript).plan
    return plan.about if plan.operation == "about" else None


def told(transcript: Transcript, question: str) -> str:
    reading = understand(question, transcript)
    assert reading.plan.operation == "about"
    return about(transcript, reading.plan, reading.understanding.language) or ""


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who speaks?", "cast"),
        ("WHO ARE THE GUESTS", "cast"),
        ("how many guests take part?", "cast"),
        ("嘉宾都有谁", "cast"),
        ("Who is the moderator", "hosts"),
        ("主持人是谁", "hosts"),
        ("when was this?", "date"),
        ("How long was the debate?", "length"),
        ("who talked the most?", "spoke_most"),
        ("谁说得最少", "spoke_least"),
        ("How many times did Ann speak?", "turns"),
        ("who is Bob Ray?", "person"),
        ("What is the debate about?", "topics"),
    ],
)
def test_asked_in_other_words_than_the_examples(question: str, kind: str) -> None:
    assert kind_of(TRAPPED, question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "Who speaks about GPU depreciation?",
        "who said that?",
        "Which guests disagree?",
        "What did Ann say?",
        "what does Bob think?",
        "How long do GPUs last?",
        "When will it pop?",
        "who is bullish?",
        "谁最看好电力",
        "谁说的",
        "Ann 说了什么?",
        "what was discussed about oil?",
        "主持人问了什么?",
        "how many gigawatts?",
    ],
)
def test_questions_about_what_was_said_are_left_to_the_search(question: str) -> None:
    assert kind_of(TRAPPED, question) is None


def test_numbers_told_are_those_of_the_transcript() -> None:
    assert told(TRAPPED, "How many times did Ann speak?") == "Ann Lee speaks 3 times, 39% of all words."
    assert told(OURS, "Who spoke the most?").startswith("Bruce Liu spoke the most: 9 turns")
    assert told(OURS, "主持人是谁?").startswith("主持人是陈茜 (")


def test_what_the_record_does_not_say_is_said_to_be_unknown() -> None:
    panel = parse_transcript("Ann: Rain.\n\nBob: Snow.\n\nAnn: Hail.\n", "panel")
    assert told(panel, "When was this?") == "The transcript does not give a date."
    assert told(panel, "What is it about?") == "The transcript has no title and no parts."
    assert told(panel, "Who is the host?") == "The transcript does not tell who hosts."


def test_answered_without_quotes_and_not_as_silence() -> None:
    with Assistant.open(save=False, light=True) as assistant:
        answer = assistant.ask("Who are the guests?")
        assert not answer.abstained and answer.intent == "about" and answer.quotes == ()
        assert all((speaker.name in answer.lead) != speaker.is_host for speaker in OURS.speakers)
        later = assistant.ask("How many people?", thread=assistant.ask("Rob 怎么看 GPU 折旧?").thread)
        assert later.intent != "about"


@pytest.mark.parametrize(
    "question", ["Who hosts the call?", "主播有哪些人?", "Who speaks on this call?", "这期节目有谁发言?"]
)
def test_a_call_or_an_episode_is_a_debate_too(question: str) -> None:
    assert kind_of(TRAPPED, question) is not None


def test_the_date_of_something_spoken_of_is_looked_for_and_not_said_to_be_unknown() -> None:
    words = "Ann: We meet again on the 20th of January for the vote.\n\nBob: Then the vote it is.\n"
    debate = parse_transcript(words, "panel")
    index = PassageIndex.in_memory(debate)
    with Assistant(Debate(debate, Annotations(), None), index, Store.in_memory(), light=True) as assistant:
        answer = assistant.ask("When is the vote?")
        nearest = answer.abstention.nearest if answer.abstention else ()
        assert any("20th of January" in quote.text for quote in (*answer.quotes, *nearest))
        assert assistant.ask("When was this?").lead == "The transcript does not give a date."


def test_of_two_things_asked_of_the_debate_both_are_told() -> None:
    with Assistant.open(save=False, light=True) as assistant:
        lead = assistant.ask("Who spoke the most and who hosted?").lead
        assert "spoke the most" in lead
        assert "hosts are" in lead
