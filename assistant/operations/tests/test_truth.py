"""Our own sentences hold whatever is asked: every topic by every operation in both languages, and chains of follow-ups.

Each is recomputed: whoever is named is in a row that it rests on, whoever is called silent is, stances are the table's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.document import own_statements
from assistant.types import Answer
from corpus.annotations import Language, Topic, is_silent
from corpus.library import open_debate
from corpus.speakers import find_speakers

OURS = open_debate()
CHAINS = int(os.environ.get("DEBATE_CHAINS", "40"))  # of follow-ups; 2,000 take some minutes
ASKED = {
    "en": (
        "Summarise what was said on {}.", "Compare the guests on {}.", "Who disagrees on {}?", "Who agrees on {}?",
        "Which guest said nothing about {}?", "Is it so: {}?", "How many guests speak on {}?",
        "Who was the first to bring up {}?", "What is the strongest argument against {}?", "Why {}?",
        "List the points on {}",
    ),
    "zh": (
        "总结一下关于{}的讨论", "各位嘉宾怎么看{},对比一下", "谁反对{}?", "谁赞同{}?", "哪位嘉宾没谈到{}?",
        "{},是这样吗?", "有几位嘉宾谈到{}?", "谁最先提到{}?",
        "反对{}的最强理由是什么?", "为什么{}?", "列出关于{}的要点",
    ),
}  # fmt: skip
FOLLOW_UPS = (
    "why?", "为什么?", "shorter please", "短一点", "as a table", "列个表", "in Chinese", "用英文", "anyone else?",
    "其他人呢?", "who disagrees?", "谁同意?", "and Rob?", "那 Yang 呢?",
    "just Ethan", "source?", "出处?", "more", "还有吗",
    "say that again", "the second one", "really?", "no, I meant Bruce", "换个话题,电力呢?", "different topic: shale",
    "thanks", "what about power?", "how many of them?", "exact words please", "翻译成英文",
)  # fmt: skip


@pytest.fixture(scope="module")
def ours() -> Iterator[Assistant]:
    with Assistant.open(save=False, light=True) as assistant:
        yield assistant


def hold(answer: Answer) -> None:
    """Recompute what our sentences say from what they rest on."""
    transcript, notes = OURS.transcript, OURS.notes
    assert not answer.rejected, (answer.question, answer.rejected)  # no true summary of ours is left out
    for quote in answer.quotes:
        assert transcript.words(quote) == quote.text
    for claim in answer.claims:
        for row in claim.basis:
            if row.startswith("stance:") and claim.stance is not None:
                _, topic, name = row.split(":", 2)
                stance = notes.stance(name, topic)
                assert stance is not None and stance.stance == claim.stance, answer.question
    quoted = {quote.speaker for quote in answer.quotes}
    for statement in own_statements(answer):
        rows = [row.split(":") for row in statement.basis if ":" in row]
        named = {s.name for s in find_speakers(statement.text, transcript.speakers)}
        spoke = {
            transcript.speaker_of(i.partition(".")[0]).name for i in statement.basis if i.startswith("t") and "." in i
        }
        known = {row[-1] for row in rows if row[0] == "stance"} | spoke | quoted
        known |= {s.name for s in transcript.speakers if ["roster", s.id] in rows}
        if answer.abstention is None and answer.intent != "host_question":  # "the hosts" are both of them
            assert named <= known, (answer.question, statement.text)
        topics = [row[1] for row in rows if row[0] == "topic"]
        if topics and ("did not speak" in statement.text or "没有谈到" in statement.text):
            missing = {s.name for s in transcript.speakers if ["roster", s.id] in rows}
            assert all(is_silent(notes, transcript, name, topics[0]) for name in missing), statement.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("topic", OURS.notes.topics, ids=lambda topic: topic.id)
def test_every_operation_on_every_topic_says_what_the_tables_say(
    ours: Assistant, topic: Topic, language: Language
) -> None:
    for form in ASKED[language]:
        for words in (topic.zh, topic.proposition_zh) if language == "zh" else (topic.en, topic.proposition_en):
            answer = ours.answer(form.format(words))
            assert answer.language == language, answer.question
            hold(answer)


@settings(max_examples=CHAINS, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.tuples(st.sampled_from(OURS.notes.topics), st.sampled_from(ASKED["en"] + ASKED["zh"])),
    then=st.lists(st.sampled_from(FOLLOW_UPS), min_size=1, max_size=5),
)
def test_our_sentences_hold_through_any_chain_of_follow_ups(
    ours: Assistant, first: tuple[Topic, str], then: list[str]
) -> None:
    thread: list[Answer] = []
    for question in (first[1].format(first[0].en if first[1].isascii() else first[0].zh), *then):
        thread.append(ours.answer(question, thread))
        hold(thread[-1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_of_a_summary_is_left_out(ours: Assistant, language: Language) -> None:
    whole = "用15点总结全场" if language == "zh" else "Summarise the debate in 15 points"
    people = [s.name for s in OURS.transcript.speakers if not s.is_host]
    of_one = "用12点总结{}的观点" if language == "zh" else "Summarise what {} thinks in 12 points"
    for question in (whole, *(of_one.format(name) for name in people)):
        answer = ours.answer(question)
        assert answer.claims and all(claim.text for claim in answer.claims), question
        hold(answer)
