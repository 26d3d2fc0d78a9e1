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


def test_which_host_spoke_more_is_told_of_the_hosts_alone(ours: Assistant) -> None:
    for question in ("which host spoke more?", "两位主持人谁说得多?"):
        answer = ours.answer(question)
        assert answer.plan is not None and answer.plan.about == "spoke_most"
        assert answer.lead.startswith("陈茜") and "Bruce" not in answer.lead
    assert "陈茜" not in ours.answer("which guest spoke the least?").lead
    assert "刘一鸣" not in ours.answer("who are the guests?").lead


def test_who_is_said_of_one_alone_or_of_nobody(ours: Assistant) -> None:
    for question in ("Who thinks AI is a bubble?", "谁觉得AI是泡沫?"):
        answer = ours.answer(question)
        assert not answer.lead.startswith(("It was", "这出自"))
        assert {c.stance for c in answer.claims} <= {"opposes", "questions"}
    assert ours.answer("who told the restaurant and landlord story?").lead == "It was Yang Ren:"


def test_who_only_doubts_is_not_said_to_deny(ours: Assistant) -> None:
    answer = ours.answer("Does Yang think OpenAI will spend the 1.4tn?")
    assert "doubts" in answer.lead and not answer.lead.startswith("No")


def test_a_tag_is_no_denial_and_an_opposing_verb_turns_the_answer(ours: Assistant) -> None:
    assert ours.answer("Bruce是不是说AI现在就是泡沫?").lead.startswith("不是")
    assert ours.answer("Is AI a bubble according to Ethan?").lead.startswith("No:")
    assert not ours.answer("AI不是泡沫吧?").lead.startswith(("是", "不是"))


def test_a_stand_on_record_is_told_though_it_was_asked_in_other_words(ours: Assistant) -> None:
    assert "电力短缺" in ours.answer("电够用吗?").lead
    assert {c.speaker for c in ours.answer("Does Bruce believe the 1.4tn will be realised?").claims} == {"Bruce Liu"}


def test_a_reason_leads_up_to_its_conclusion(ours: Assistant) -> None:
    answer = ours.answer("为什么投资人宁愿买微软的债也不买国债?")
    assert {"t19.3", "t19.4"} <= {i for quote in answer.quotes for i in quote.sentence_ids}


def test_a_person_described_by_their_words_is_the_one_who_is_asked(ours: Assistant) -> None:
    answer = ours.answer("The guest who used the shale comparison, what does he think of the 1.4tn?")
    assert {q.speaker for q in answer.quotes} == {"Bruce Liu"} and any("Bruce Liu" in n.text for n in answer.notes)
    other = ours.answer("那个说现金是炮灰的嘉宾怎么看电力?")
    assert {q.speaker for q in other.quotes} == {"Bruce Liu"} and "t35.4" in {
        i for q in other.quotes for i in q.sentence_ids
    }


def test_traditional_readers_are_answered_in_their_script_and_quotes_stay(ours: Assistant) -> None:
    answer = ours.answer("請問Yang Ren怎麼看內循環?")
    assert answer.script == "traditional" and "辯論" in answer.lead
    assert all(OURS.transcript.words(quote) == quote.text for quote in answer.quotes)
    assert ours.answer("请问Yang Ren怎么看内循环?").script == "simplified"


def test_what_gets_no_shorter_says_so_and_another_language_keeps_it(ours: Assistant) -> None:
    thread = [ours.answer("What did Ethan say about energy storage?")]
    for _ in range(3):
        thread.append(ours.answer("shorter", thread))
    assert thread[-1].lead == "It gets no shorter than this." and len(thread[-1].quotes) == 1
    chinese = ours.answer("用中文说", thread)
    assert chinese.language == "zh" and chinese.quotes == thread[-1].quotes


def test_the_last_answer_is_counted_and_not_searched_anew(ours: Assistant) -> None:
    first = ours.answer("Who disagrees on GDP?")
    many = ours.answer("how many guests took a position then?", [first])
    assert many.lead.startswith("2") and many.quotes == first.quotes


def test_whom_the_words_are_relayed_from_is_told_in_the_readers_language(ours: Assistant) -> None:
    zh, en = ours.answer("谁转述了微软CTO的说法?"), ours.answer("Who relayed what the Microsoft CTO hinted?")
    assert "微软CTO" in zh.text and "Microsoft CTO" not in zh.text and "Microsoft CTO" in en.text


def test_words_in_quotation_marks_are_found_where_they_stand(ours: Assistant) -> None:
    answer = ours.answer('the original Chinese for "not a lack of channels"')
    assert [q.sentence_ids for q in answer.quotes] == [("t17.8",)]
    english = ours.answer("把“没有渠道”那句翻成英文")
    assert english.language == "zh" and "financing choice" in english.text


def test_without_notes_nothing_is_called_sure(panel: Assistant) -> None:
    for question in ("Who spoke the most?", "Summarise it", "Why does the ice rink pay for itself?"):
        assert panel.answer(question).sureness != "sure"


def test_what_the_empty_page_offers_is_answered_without_notes(panel: Assistant) -> None:
    for question in (
        "Summarise the whole of it",
        "What did the hosts ask?",
        "Who spoke the most?",
        "Who disagrees with whom?",
    ):
        answer = panel.answer(question)
        assert not answer.abstained and (answer.quotes or answer.intent == "about"), question
