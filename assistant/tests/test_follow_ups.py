"""What a follow-up carries over from its thread, and what it must not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.reading.message import listen, past_chat
from assistant.types import Answer
from corpus.library import open_debate

Converse = Callable[..., list[Answer]]


@pytest.fixture(scope="module")
def converse() -> Iterator[Converse]:
    with Assistant.open(save=False, light=True) as assistant:

        def said(*questions: str) -> list[Answer]:
            answers: list[Answer] = []
            for question in questions:
                answers.append(assistant.ask(question, thread=answers[-1].thread if answers else None))
            return answers

        yield said


def ids(answer: Answer) -> set[str]:
    return {i for quote in answer.quotes for i in quote.sentence_ids}


@pytest.mark.parametrize(
    ("questions", "wanted"),
    [
        (("Is AI in a bubble?", "and bitcoin?"), "t3.6"),
        (("12月降息概率", "比特币呢"), "t3.6"),
        (("What does Bruce say about private credit?", "And the cash?"), "t35.15"),
        (("Where will the money for AI come from?", "different topic: what does Ethan say about old TPUs?"), "t12.4"),
    ],
)
def test_new_words_get_away_from_the_old_topic(converse: Converse, questions: tuple[str, ...], wanted: str) -> None:
    assert wanted in ids(converse(*questions)[-1])


@pytest.mark.parametrize(
    ("questions", "turn"),
    [
        (("How does Yang describe the cloud business?", "and at the bottom?"), "t28"),
        (("What are the bears' arguments on the demand side?", "and on the funding side?"), "t6"),
        (("Who mentioned Siemens?", "in what context?"), "t35"),
    ],
)
def test_vague_words_stay_near_the_old_topic(converse: Converse, questions: tuple[str, ...], turn: str) -> None:
    assert turn in {quote.turn_id for quote in converse(*questions)[-1].quotes}


@pytest.mark.parametrize(
    "asks", ["谁说的?", "who said that?", "says who", "这是谁讲的", "was that Rob?", "say that again", "原话是什么"]
)
def test_what_was_quoted_is_what_is_asked_for_again(converse: Converse, asks: str) -> None:
    before, after = converse("How old are the TPUs that Google still runs?", asks)
    assert ids(after) and ids(after) <= ids(before)


def test_an_item_that_a_quote_counts_out_is_pointed_at(converse: Converse) -> None:
    before, after = converse("走出债务周期有哪两个方法?", "第一个展开说说")
    assert "t26.3" in ids(before) and after.topic.startswith("货币贬值") and "t26.3" in ids(after)


def test_a_person_who_is_no_speaker_is_not_taken_for_the_one_quoted(converse: Converse) -> None:
    _, after = converse("What did Michael Burry short?", "did he close his fund before?")
    assert after.speaker_ids == () and {"t6.1", "t6.2"} & ids(after)


def test_he_is_whoever_turned_out_to_have_said_it(converse: Converse) -> None:
    _, after = converse("谁提到Gartner曲线?", "他拿哪段历史来比")
    assert {quote.speaker for quote in after.quotes} == {"刘一鸣"}


def test_the_others_are_not_those_just_heard(converse: Converse) -> None:
    _, after = converse("Ethan怎么看旧芯片还能不能用", "其他人怎么看?")
    assert after.quotes and "Ethan Xu" not in {quote.speaker for quote in after.quotes}


def test_they_are_the_two_last_heard(converse: Converse) -> None:
    *_, after = converse("What does Bruce think about circular financing?", "and Yang?", "do they agree?")
    assert after.intent == "comparison" and {q.speaker for q in after.quotes} == {"Bruce Liu", "Yang Ren"}


@pytest.mark.parametrize("correction", ["no, I meant Yang", "不是Rob,是Yang"])
def test_a_correction_changes_the_speaker_and_keeps_the_topic(converse: Converse, correction: str) -> None:
    _, after = converse("Rob怎么看旧GPU还能不能用", correction)
    assert {quote.turn_id for quote in after.quotes} == {"t14"}


def test_a_new_speaker_takes_over_what_was_asked_last_and_not_only_first(converse: Converse) -> None:
    *_, after = converse("Is AI in a bubble?", "what about the useful life of old GPUs?", "那Ethan的说法呢")
    assert {quote.turn_id for quote in after.quotes} == {"t12"}


def test_a_whole_question_in_a_thread_is_read_as_if_it_were_the_first(converse: Converse) -> None:
    alone = converse("数据中心的电力缺口到2030年会有多大?")[0]
    after = converse("Rob 怎么看 GPU 折旧?", "数据中心的电力缺口到2030年会有多大?")[-1]
    assert after.quotes == alone.quotes and after.standalone == alone.standalone


@pytest.mark.parametrize(
    "said", ["haha fair enough", "good to know!", "哦哦懂了", "原来如此", "makes sense", "哈哈有道理"]
)
def test_small_talk_in_between_leaves_the_subject_alone(converse: Converse, said: str) -> None:
    _, between, after = converse("Bruce怎么看近期回调?", said, "那比特币呢")
    assert between.intent == "small_talk" and "t3.6" in ids(after)


@pytest.mark.parametrize("asks", ["does that make sense?", "有道理吗", "right or wrong?", "真的吗"])
def test_what_sounds_like_small_talk_and_asks_is_a_question(converse: Converse, asks: str) -> None:
    assert converse("Bruce怎么看近期回调?", asks)[-1].intent != "small_talk"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("thx. so what is ARR?", "so what is ARR?"),
        ("哈哈,好的。那Bruce呢", "那Bruce呢"),
        ("no, I meant Yang", "no, I meant Yang"),
        ("ok!", "ok!"),
        ("3.5 years, ok?", "3.5 years, ok?"),
    ],
)
def test_pleasantries_lead_over_to_the_question(typed: str, asked: str) -> None:
    assert past_chat(typed)[0] == asked


@pytest.mark.parametrize(
    ("question", "asks", "wanted"),
    [
        ("Ethan觉得哪两个说法矛盾?", "怎么说?", "t7.5"),
        ("Which two narratives does Ethan call contradictory?", "why is that?", "t7.5"),
        ("Does Bruce think a crash would be bad?", "such as?", "t9.7"),
        ("Is AI in a bubble?", "what are Bruce's reasons?", "t35.5"),
    ],
)
def test_a_reason_stands_beside_what_was_quoted(converse: Converse, question: str, asks: str, wanted: str) -> None:
    assert wanted in ids(converse(question, asks)[-1])


@pytest.mark.parametrize(
    "questions",
    [
        ("What did Jason Furman say about US growth?", "does Rob buy it?", "who disagrees with him?"),
        ("Furman说了什么", "谁不同意他"),
    ],
)
def test_who_disagrees_is_none_of_those_who_were_asked(converse: Converse, questions: tuple[str, ...]) -> None:
    after = converse(*questions)[-1]
    assert "t24.1" in ids(after) and (len(questions) == 2 or "Rob Li" not in {q.speaker for q in after.quotes})


def test_whether_one_agrees_with_another_is_about_the_one(converse: Converse) -> None:
    _, after = converse("Does Rob blame the Fed for the tech sell-off?", "does Bruce agree with Rob there?")
    assert {quote.speaker for quote in after.quotes} == {"Bruce Liu"} and "t3.1" in ids(after)


def test_exact_words_are_those_of_whoever_is_named(converse: Converse) -> None:
    _, after = converse("Rob认为AI拉动GDP是坏事吗?", "and Bruce, exact words?")
    assert {quote.speaker for quote in after.quotes} == {"Bruce Liu"}


def test_the_real_problem_is_not_what_a_host_asked(converse: Converse) -> None:
    _, after = converse("Rob认为AI拉动GDP是坏事吗?", "真正的问题是什么")
    assert {"t23.5", "t23.6", "t23.7"} & ids(after)


def test_a_short_question_that_could_stand_alone_stays_with_the_subject(converse: Converse) -> None:
    *_, after = converse("老一代GPU还有用吗?", "价格上看得出来吗")
    assert "t14.4" in ids(after)


def test_one_of_two_hosts_was_quoted_and_is_he(converse: Converse) -> None:
    _, after = converse("主持人怎么说Gartner曲线", "他想问什么")
    assert after.speaker_ids in ((), ("刘一鸣",)) and "刘一鸣" in {quote.speaker for quote in after.quotes}


def test_a_thread_of_a_debate_without_notes_is_followed_too(tmp_path: Path) -> None:
    panel = tmp_path / "panel.txt"
    panel.write_text(
        "Ann:\n\nShould the library open on Sundays?\n\n"
        "Bob Ray:\n\nI am for it. Students need the reading room at weekends. Parking is free on Sundays.\n\n"
        "Cleo Fox:\n\nOpening on Sundays costs too much. We cannot pay the staff.\n",
        encoding="utf-8",
    )
    with Assistant.open(panel, save=False, light=True) as assistant:
        first = assistant.ask("What does Bob say about parking?")
        second = assistant.ask("who said that?", thread=first.thread)
        third = assistant.ask("and the staff?", thread=second.thread)
    assert ids(first) == ids(second) == {"t2.3"} and "t3.2" in ids(third)


def test_a_conversation_from_before_there_were_plans_goes_on(converse: Converse) -> None:
    first = json.loads(converse("Rob怎么看旧GPU还能不能用")[0].model_dump_json(exclude={"abstained"}))
    for name in ("plan", "basis", "notes", "table"):
        del first[name]
    for claim in first["claims"]:
        del claim["stance"], claim["basis"]
    with Assistant.open(save=False, light=True) as assistant:
        after = assistant.answer("那Ethan呢?", [Answer.model_validate(first)])
    assert {quote.speaker for quote in after.quotes} == {"Ethan Xu"}


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("and the rest of the harbour money?", "harbour money"),
        ("anyone else?", ""),
        ("which guest told us that?", ""),
        ("其他人呢", ""),
        ("那渡轮补贴呢?", "渡轮补贴"),
    ],
)
def test_the_frame_of_a_question_is_no_matter(question: str, own: str) -> None:
    heard = listen(question, open_debate().transcript).own
    assert own in heard if own else heard == ""
