from __future__ import annotations

import pytest

from corpus.outsiders import is_office, mentioned, outsiders
from corpus.parse import transcript_from_turns

HARBOUR = transcript_from_turns(
    [
        ("Nora Field", "Should the city build a tunnel, or a bridge?"),
        ("Tomas Weil", "As Governor Ames always says, a harbour without a tunnel is a pond. Goldman Quay is full."),
        ("Ines Braga", "Mr. Ames never paid a toll. Rose prices rose. Mrs. Rose knows it."),
    ],
    "harbour",
)
CANTEEN = transcript_from_turns(
    [("主持人", "今天讨论食堂。"), ("林晓", "王校长说过，每天倒掉四十公斤。"), ("周明", "高盛怎么算都不对。")],
    "canteen",
)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Governor Ames say about bridges?", ("Governor Ames",)),
        ("what did governor ames say about bridges?", ("Governor Ames",)),
        ("What does Ames think?", ("Ames",)),
        ("What did Angela Quist say about the tunnel?", ("Angela Quist",)),
        ("How does Angela Quist see it?", ("Angela Quist",)),
        ("Angela Quist's view on tolls", ("Angela Quist",)),
        ("According to Angela Quist, who pays?", ("Angela Quist",)),
        ("What did the mayor say?", ("the mayor",)),
        ("What did Mr. Tomas Quist say?", ("Mr. Tomas Quist",)),
    ],
)
def test_who_is_asked_about_and_does_not_speak(question: str, names: tuple[str, ...]) -> None:
    assert outsiders(question, HARBOUR) == names


@pytest.mark.parametrize(
    "question",
    [
        "What did Weil say about tolls?",
        "What did Ines say about Governor Ames?",
        "Does Tomas agree with Governor Ames?",
        "Did the council decide anything?",
        "What does Harbour Bridge cost?",
        "What did Acme Corp say about tolls?",
        "Who pays for the Golden Quay?",
        "What did Inés Brga say?",
        "What did Tomas Wiel say?",
        "What did Tom Weil say?",
        "Who was Governor Ames?",
        "What do people think about New York?",
        "Is the Rose Tunnel wanted?",
        "",
    ],
)
def test_what_merely_holds_a_name_asks_about_nobody_absent(question: str) -> None:
    assert outsiders(question, HARBOUR) == ()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("校长怎么说?", ("校长",)),
        ("校長怎麼說?", ("校长",)),
        ("王校长怎么看自助餐?", ("王校长",)),
        ("王建国怎么看?", ("王建国",)),
        ("What did the principal say?", ("the principal",)),
        ("市场怎么看?", ()),
        ("高盛怎么看?", ()),
        ("周老师怎么看?", ()),
        ("周鸣为什么反对?", ()),
        ("主持人怎么看?", ()),
        ("家长委员会怎么说?", ()),
    ],
)
def test_chinese_names_and_offices(question: str, names: tuple[str, ...]) -> None:
    assert outsiders(question, CANTEEN) == names


FOREIGN = transcript_from_turns([("Hamish Dunbar", "Riots."), ("Anton Weil", "No."), ("Cy Orr", "Hm.")], "foreign")
FISHING = transcript_from_turns([("近海韩婶", "不行。"), ("吕伯", "可以。"), ("阿丹", "为什么?")], "fishing")


@pytest.mark.parametrize("question", ["邓巴认为骚乱的起因是什么?", "安东怎么看?"])
def test_a_speakers_name_written_in_chinese_is_nobody_absent(question: str) -> None:
    assert outsiders(question, FOREIGN) == ()
    assert outsiders("马国强怎么看?", FOREIGN) == ("马国强",)


@pytest.mark.parametrize("name", ["Aunt Han", "Mr Lü", "Ah Dan", "Mrs. Han"])
def test_a_speakers_name_written_in_latin_letters_is_nobody_absent(name: str) -> None:
    assert outsiders(f"What does {name} think of it?", FISHING) == ()
    assert outsiders("What does Mr. Quist think of it?", FISHING) == ("Mr. Quist",)


def test_an_office_that_somebody_holds_is_no_outsider() -> None:
    talk = transcript_from_turns([("Ann Lee (mayor)", "We repair the roof."), ("Bob Ray", "When?")], "roof")
    assert outsiders("What did the mayor say?", talk) == ()


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Governor Ames", ("t2.1", "t3.1")),
        ("Ames", ("t2.1", "t3.1")),
        ("Mrs. Rose", ("t3.3",)),  # not "Rose prices": the name is a word too
        ("Angela Quist", ()),
        ("the mayor", ()),
    ],
)
def test_where_somebody_is_mentioned(name: str, ids: tuple[str, ...]) -> None:
    assert mentioned(HARBOUR, name) == ids


def test_where_somebody_is_mentioned_in_chinese() -> None:
    assert mentioned(CANTEEN, "王校长") == mentioned(CANTEEN, "校长") == ("t2.1",)
    assert is_office("校长") and is_office("the mayor") and not is_office("王校长") and not is_office("Governor Ames")
