"""What each operation says is in the tables; chat and tables never tell two stories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.document import own_statements
from assistant.types import Answer
from corpus.annotations import Language, Topic
from corpus.library import open_debate

OURS = open_debate()
PANEL = (
    "Moderator:\n\nGood evening. Should the town close the old swimming pool?\n\n"
    "Ida Falk:\n\nThe pool loses ninety thousand crowns a year, because the boiler is from 1971. "
    "I would close it in spring.\n\n"
    "Omar Nassar:\n\nI disagree with Ida. Two hundred children learn to swim there every winter. "
    "Closing it saves money only on paper.\n\n"
    "Greta Lind:\n\nI agree with Omar on the children. The roof worries me more than the boiler.\n\n"
    "Moderator:\n\nAnd what about the ice rink?\n\n"
    "Omar Nassar:\n\nThe ice rink pays for itself, thanks to the hockey club.\n"
)


@pytest.fixture(scope="module")
def ours() -> Iterator[Assistant]:
    with Assistant.open(save=False, light=True) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    path: Path = tmp_path_factory.mktemp("panel") / "pool.txt"
    path.write_text(PANEL, encoding="utf-8")
    with Assistant.open(path, save=False, light=True) as assistant:
        yield assistant


def named(answer: Answer) -> set[str]:
    return {claim.speaker for claim in answer.claims if claim.speaker}


def stances(topic: str, *kinds: str) -> set[str]:
    return {s.speaker for s in OURS.notes.stances if s.topic == topic and s.stance in kinds}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("topic", OURS.notes.topics, ids=lambda topic: topic.id)
def test_whom_the_chat_names_is_whom_the_table_names(ours: Assistant, topic: Topic, language: Language) -> None:
    question = (
        f"谁不同意“{topic.proposition_zh}”?" if language == "zh" else f"Who disputes that {topic.proposition_en}?"
    )
    answer = ours.answer(question)
    for claim in answer.claims:
        for row in claim.basis:
            if row.startswith("stance:"):
                _, told, name = row.split(":", 2)
                stance = OURS.notes.stance(name, told)
                assert stance is not None and claim.stance in (stance.stance, None)
    if any(row.startswith(f"stance:{topic.id}:") for row in answer.basis):
        assert stances(topic.id, "opposes") <= named(answer) <= stances(topic.id, "supports", "opposes", "mixed")


def test_every_sentence_of_ours_rests_on_something(ours: Assistant) -> None:
    questions = ("Summarise the debate", "谁没谈GPU折旧?", "Where do they disagree?", "Is AI in a bubble?", "谁是嘉宾?")
    for question in questions:
        answer = ours.answer(question)
        assert own_statements(answer) and all(s.basis for s in own_statements(answer)), question


def test_who_is_silent_has_no_word_on_it(ours: Assistant) -> None:
    answer = ours.answer("Which guest did not say anything about GPU depreciation?")
    missing = [s.name for s in OURS.transcript.speakers if not s.is_host and s.name in answer.lead]
    assert missing and not stances("depreciation", "supports", "opposes", "mixed") & set(missing)
    assert not named(answer) & set(missing)


def test_a_summary_has_the_points_that_were_asked_for(ours: Assistant) -> None:
    assert len(ours.answer("Summarise the debate in 4 bullets").claims) == 4
    assert len(ours.answer("用三点总结Yang Ren的观点").claims) == 3


def test_an_edit_of_the_answer_keeps_its_subject(ours: Assistant) -> None:
    first = ours.answer("Compare Rob and Ethan on depreciation")
    table = ours.answer("as a table please", [first])
    chinese = ours.answer("用中文", [first, table])
    assert table.table is not None and named(table) == named(first)
    assert chinese.language == "zh" and chinese.table is not None and named(chinese) == named(first)


def test_shorter_is_shorter(ours: Assistant) -> None:
    first = ours.answer("Summarise what Bruce Liu thinks")
    shorter = ours.answer("too long, make it shorter", [first])
    longer = ours.answer("more detail", [first])
    assert len(shorter.quotes) < len(first.quotes) <= len(longer.quotes)


def test_a_panel_without_notes_is_summed_up_in_its_own_words(panel: Assistant) -> None:
    answer = panel.answer("Give me the gist of the whole thing")
    assert len(answer.quotes) >= 2 and not any(claim.text for claim in answer.claims)
    assert "Moderator" not in {quote.speaker for quote in answer.quotes}


def test_who_objects_in_so_many_words_is_heard_without_notes(panel: Assistant) -> None:
    against = panel.answer("Where do they disagree?")
    agree = panel.answer("Who agrees with Omar?")
    assert {"Omar Nassar", "Ida Falk"} <= named(against) and "Greta Lind" not in against.lead
    assert "Greta Lind" in agree.lead


def test_a_reason_comes_with_the_conclusion(panel: Assistant) -> None:
    answer = panel.answer("Why does the ice rink pay for itself?")
    assert any("hockey club" in quote.text for quote in answer.quotes)


def test_how_often_a_word_was_said_is_counted(panel: Assistant) -> None:
    answer = panel.answer("How many times was the boiler mentioned?")
    assert "2 times" in answer.lead and "Ida Falk 1" in answer.lead and "Greta Lind 1" in answer.lead


def test_a_hosts_question_is_not_the_answer_to_it(panel: Assistant) -> None:
    answer = panel.answer("Should the town close the swimming pool?")
    assert answer.quotes and "Moderator" not in {quote.speaker for quote in answer.quotes}


def test_where_it_stands_is_told_of_the_last_quotes(panel: Assistant) -> None:
    first = panel.answer("What did Greta Lind say about the roof?")
    source = panel.answer("where is that from?", [first])
    assert "t4" in source.lead and source.quotes == first.quotes


def test_no_figure_is_put_right_where_the_words_hold_several(ours: Assistant) -> None:
    answer = ours.answer("Bruce是不是说页岩油的盈亏平衡点降到了50美元?")
    assert answer.quotes and not any("这里说的数字" in note.text for note in answer.notes)


def test_words_without_a_figure_are_not_led_as_figures(panel: Assistant) -> None:
    answer = panel.answer("How much does Greta Lind worry about the roof?")
    assert "figure" not in answer.lead
