"""Tables: the columns of speakers and words are found by heading or by content, and prose is no table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.readers.reading import Reading, Source
from corpus.readers.tables import Tables

CASES = Path(__file__).parents[2] / "tests" / "cases"


def source(text: str) -> Source:
    return Source(text.encode(), "a.csv", text)


def read(text: str) -> Reading:
    assert Tables().claims(source(text)) >= 0.6
    return Tables().read(source(text))


def said(reading: Reading) -> list[tuple[str | None, str]]:
    return [
        (turn.name, "|".join(" ".join(reading.raw[p.start : p.end] for p in part) for part in turn.paragraphs))
        for turn in reading.turns
    ]


def test_speaker_and_text_columns_make_a_turn_a_row() -> None:
    reading = read((CASES / "28-speaker.csv").read_text(encoding="utf-8"))
    assert reading.form == "CSV"
    assert [name for name, _ in said(reading)] == ["Nora Field", "Tomas Weil", "Ines Braga"] * 2
    assert (
        said(reading)[2][1]
        == "I disagree. The bridge costs 260 million and opens two years earlier. The port cannot wait."
    )


def test_a_row_without_speaker_is_nobodys() -> None:
    reading = read('speaker,text\nAnn,"Is it late, or not?"\n,Yes.\nunknown,No.\nBob,Hm.\n')
    assert said(reading) == [("Ann", "Is it late, or not?"), (None, "Yes."), (None, "No."), ("Bob", "Hm.")]


def test_rows_of_one_person_stay_apart_unless_times_cut_them() -> None:
    assert len(read("name;words\nAnn;One thing.\nAnn;Another thing.\nBob;Yes.\n").turns) == 3
    reading = read("start,end,speaker,text\n0.5,2,Ann,The bridge\n2,4.5,Ann,opens.\n4.5,6,Bob,Yes.\n")
    assert said(reading) == [("Ann", "The bridge opens."), ("Bob", "Yes.")]
    assert [piece.seconds for piece in reading.turns[0].paragraphs[0]] == [0.5, 2.0]


def test_chinese_headings_and_clock_times() -> None:
    reading = read(
        "序号\t时间\t发言人\t职务\t发言内容\n1\t00:00:05\t周岚\t校长\t现在开会。\n2\t00:01:00\t林晓\t\t我反对。\n"
    )
    assert said(reading) == [("周岚", "现在开会。"), ("林晓", "我反对。")]
    assert [(turn.seconds, turn.role) for turn in reading.turns] == [(5.0, "校长"), (60.0, "")]


def test_milliseconds_are_told_from_the_pace_of_speech() -> None:
    reading = read("start_ms,speaker,text\n1500,Ann,Hello all.\n62000,Bob,Yes.\n")
    assert [turn.seconds for turn in reading.turns] == [1.5, 62.0]
    reading = read("start,speaker,text\n1500,Ann,Hello all of you here today.\n62000,Bob,Yes I think so.\n")
    assert [turn.seconds for turn in reading.turns] == [1.5, 62.0]


def test_title_above_the_heading_and_lines_within_cells() -> None:
    rows = ['"Lee, Ann",Green,"We say yes.\nAll of us.",2025-05-04', "Bob,Blue,No.,2025-05-04"]
    reading = read("\n".join(["Council of 4 May", "", "Speaker,Party,Speech,date", *rows]))
    assert said(reading) == [("Lee, Ann", "We say yes.|All of us."), ("Bob", "No.")]
    assert (reading.turns[0].role, reading.date) == ("Green", "2025-05-04")


def test_without_headings_names_come_back_beside_long_words() -> None:
    rows = [
        "09:00:05\tAnn:\tGood morning to all of you.",
        "09:00:15\tBob:\tGood morning to you too.",
        "09:01:00\tAnn:\tShall we begin with the bridge?",
        "09:01:05\tAnn:\tOr with the tunnel below it?",
    ]
    reading = read("\n".join(rows))
    assert [name for name, _ in said(reading)] == ["Ann", "Bob", "Ann", "Ann"]
    assert [turn.seconds for turn in reading.turns] == [0.0, 10.0, 55.0, 60.0]


def test_names_in_two_columns_and_a_position() -> None:
    heading = "id,firstName,lastName,speechContent,factionId,positionLong,date"
    reading = read(f"{heading}\n1,Ann,Lee,We say yes to it.,3,Minister,2020-01-22\n2,,,Who is it?,,,2020-01-22\n")
    assert said(reading) == [("Ann Lee", "We say yes to it."), (None, "Who is it?")]
    assert (reading.turns[0].role, reading.date) == ("Minister", "2020-01-22")


def test_table_with_bars() -> None:
    text = "| Speaker | Text |\n|---|---|\n| Ann | Is it late? |\n| Bob | Yes. |\n| Ann | Oh. |\n"
    assert said(read(text)) == [("Ann", "Is it late?"), ("Bob", "Yes."), ("Ann", "Oh.")]


@pytest.mark.parametrize(
    "text",
    [
        "Ann: Yes, we do.\nBob: No, we do not.\nAnn: Oh, well, fine.\n",
        "name,age\nAnn,4\nBob,5\n",
        "date,amount,comment\n2025-01-01,3.50,bread\n2025-01-02,4.00,milk\n",
        "One, two, three.\n\nFour, five, six.\n",
        "",
    ],
)
def test_other_texts_are_not_claimed(text: str) -> None:
    assert Tables().claims(source(text)) == 0


def test_table_without_words_is_refused_in_a_sentence() -> None:
    with pytest.raises(TranscriptParseError, match="no column of words"):
        Tables().read(source("name,age\nAnn,4\n"))


NAMES = st.sampled_from(["Ann Lee", "周岚", 'Bob "B" Ray'])
WORDS = st.text('ab ,;\t"|c.?é', max_size=30).map(lambda text: f"so {' '.join(text.split())} x".replace("  ", " "))


@given(
    st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=10), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"])
)
def test_known_rows_read_back(turns: list[tuple[str, str]], delimiter: str, newline: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([("Speaker", "Text"), *turns])
    got = said(Tables().read(source(text.getvalue())))
    assert [(name, "".join(words.split())) for name, words in got] in (
        [(name, "".join(words.split())) for name, words in turns],
        _joined(turns),
    )


def _joined(turns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same, where rows cut in mid-sentence were joined."""
    made: list[tuple[str, str]] = []
    for name, words in turns:
        words = "".join(words.split())
        if made and made[-1][0] == name:
            made[-1] = (name, made[-1][1] + words)
        else:
            made.append((name, words))
    return made
