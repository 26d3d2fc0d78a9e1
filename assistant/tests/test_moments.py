"""Questions about the time of speaking, over a debate with times, over one without; and words of nobody known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.moments import Timeline
from assistant.types import Answer
from corpus.annotations import Annotations
from corpus.library import Debate
from corpus.store import Store
from corpus.testing import timed_debate, trapped_debate
from corpus.types import Transcript
from index.search import PassageIndex


def opened(transcript: Transcript) -> Assistant:
    debate = Debate(transcript, Annotations(), None)
    return Assistant(debate, PassageIndex.in_memory(transcript), Store.in_memory(), light=True)


@pytest.fixture(scope="module")
def timed() -> Iterator[Assistant]:
    with opened(timed_debate()) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def untimed() -> Iterator[Assistant]:
    with opened(trapped_debate()) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("When did Ines talk about the bridge?", "Ines Braga said this at 0:24."),
        ("At what minute was it said that tolls pay for the tunnel?", "Tomas Weil said this at 12:41."),
        ("周岚什么时候提到票价的?", "周岚是在 40:10 说的。"),
        ("票价太高了是几分几秒说的?", "周岚是在 40:10 说的。"),
    ],
)
def test_the_lead_tells_when_the_best_quote_was_said(timed: Assistant, question: str, lead: str) -> None:
    answer = timed.ask(question)
    assert answer.lead == lead and answer.question == answer.standalone == question
    assert any(quote.time and quote.time in lead for quote in answer.quotes)


@pytest.mark.parametrize(
    ("first", "then"),
    [("What does the tunnel cost?", "When did he say that?"), ("渡轮票价怎么样?", "什么时候说的?")],
)
def test_when_asked_of_the_last_quotes_tells_their_time(timed: Assistant, first: str, then: str) -> None:
    before = timed.ask(first)
    answer = timed.ask(then, thread=before.thread)
    assert {i for q in answer.quotes for i in q.sentence_ids} <= {i for q in before.quotes for i in q.sentence_ids}
    assert any(quote.time is not None and quote.time in answer.lead for quote in answer.quotes)


STRETCHES = [
    ("in the first ten minutes", "前十分钟", (0.0, 600.0)),
    ("between 12:00 and 20:00", "12:00到20:00之间", (720.0, 1200.0)),
    ("after 1:05:00", "1:05:00之后", (3900.0, 9e9)),
    ("in the last five minutes", "最后五分钟", (3622.0, 9e9)),
    ("from 20:00 to 30:00", "20:00到30:00之间", (1200.0, 1800.0)),
]
MATTERS = [
    ("What did Ines say about the port", "Ines对港口是怎么说的"),
    ("Who spoke about tolls", "谁谈到了过路费"),
    ("What was said", "说了什么"),
    ("Where do they disagree on the tunnel", "大家对隧道有什么分歧"),
    ("Anything on the fare of the ferry", "渡轮的票价"),
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(STRETCHES), st.lists(st.sampled_from(MATTERS), min_size=1, max_size=2), st.booleans())
def test_every_quote_lies_in_the_stretch_asked_about(
    timed: Assistant, stretch: tuple[str, str, tuple[float, float]], matters: list[tuple[str, str]], english: bool
) -> None:
    thread = None
    for en, zh in matters:
        answer = timed.ask(f"{en} {stretch[0]}?" if english else f"{stretch[1]}{zh}?", thread)
        thread = answer.thread
        assert all(q.seconds is not None and stretch[2][0] <= q.seconds < stretch[2][1] for q in answer.quotes)
        assert not answer.abstained or answer.abstention.message  # type: ignore[union-attr]


def test_a_follow_up_of_nothing_but_a_stretch_keeps_the_subject(timed: Assistant) -> None:
    before = timed.ask("What did Ines say about the port?")
    answer = timed.ask("And after 1:05:00?", before.thread)
    assert [q.sentence_ids[-1] for q in answer.quotes] == ["t7.2"]
    assert answer.lead.startswith("Only what was said after 1:05:00.")


def test_all_that_was_said_in_a_stretch_is_an_overview_of_it(timed: Assistant) -> None:
    answer = timed.ask("What was said in the first ten minutes?")
    assert answer.intent == "overview" and answer.lead.startswith("Only what was said before 10:00.")
    assert {q.speaker for q in answer.quotes} == {"Nora Field", "Tomas Weil", "Ines Braga"}
    assert [q.turn_id for q in timed.ask("What did Tomas say between 12:00 and 20:00?").quotes] == ["t5"]


def test_silence_in_a_stretch_is_told_with_what_was_said_at_other_times(timed: Assistant) -> None:
    answer = timed.ask("What did Ines say about the bridge in the last five minutes?")
    assert answer.abstention is not None and not answer.quotes
    assert answer.abstention.message == (
        "I found nothing by Ines Braga on this after 1:00:22. It was spoken of at other times."
    )
    assert answer.abstention.nearest[0].time == "0:24"
    outsider = timed.ask("What did Angela Merkel say about the bridge in the first ten minutes?").abstention
    assert outsider is not None and outsider.message.startswith("Angela Merkel does not speak")
    nobody = timed.ask("20:00到30:00之间说了什么?").abstention
    assert nobody is not None and nobody.message == "20:00 到 30:00 之间没有人发言。"


def test_a_transcript_without_times_says_so_in_one_sentence(untimed: Assistant) -> None:
    answer = untimed.ask("When did Ann talk about the rent of GPUs?")
    assert answer.quotes and answer.lead.startswith("The transcript has no times, so it does not tell when this was")
    assert untimed.ask("前十分钟谁提到了GPU的租金?").lead.startswith("文稿没有标时间,以下不限时段。")
    whole = untimed.ask("What was said in the last five minutes?")
    assert whole.abstention is not None
    assert whole.abstention.message == "The transcript has no times, so it does not tell what was said then."


@pytest.mark.parametrize(
    "question", ["How long can old chips be used?", "When did Ann say GPU rents rose?", "电价多少?"]
)
def test_other_questions_never_hear_of_times(untimed: Assistant, question: str) -> None:
    answer: Answer = untimed.ask(question)
    assert "times" not in answer.text and "时间" not in answer.text


def test_words_of_nobody_known_say_so_once_in_the_readers_language(timed: Assistant) -> None:
    answer = timed.ask("What was said between 12:00 and 12:30?")
    assert answer.lead.endswith("The transcript does not tell who spoke. What was said on this:")
    assert answer.text.count("does not tell who spoke") == 1 and "— unknown speaker [t4 12:05]" in answer.text
    chinese = timed.ask("12:00到12:30之间说了什么?")
    assert "文稿没有标明是谁说的。" in chinese.lead and "— 说话人不详 [t4 12:05]" in chinese.text


def test_a_sentence_without_a_time_of_its_own_is_spoken_after_the_last_one_told() -> None:
    transcript = timed_debate()
    without = tuple(s.model_copy(update={"seconds": None}) for s in transcript.sentences)
    fields = {name: getattr(transcript, name) for name in Transcript.model_fields}
    timeline = Timeline(Transcript.model_construct(**(fields | {"sentences": without})))
    assert timeline.times["t3.3"] == 24.0 and timeline.end == 3912.0
    assert timeline.ids_in((24.0, 25.0)) == ("t3.1", "t3.2", "t3.3")
    assert Timeline(trapped_debate()).end is None
