from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.readers.choice import choose
from corpus.readers.grammars import GRAMMARS, Grammar, label_on
from corpus.readers.labelled import read_text
from corpus.readers.lines import split_lines
from corpus.tests.clock import assert_linear


def labels(text: str) -> list[tuple[int, str]]:
    """Line and name of each turn; "" where nobody is known."""
    return [(turn.line, turn.name or "") for turn in read_text(text).turns]


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.form)
def test_each_grammar_finds_its_examples_and_not_the_others(grammar: Grammar) -> None:
    for line in grammar.yes:
        assert label_on(grammar, line) is not None, line
    for line in grammar.no:
        assert label_on(grammar, line) is None, line


@pytest.mark.parametrize(
    "line",
    [
        "The reasons are:",
        "原因如下:",
        "比如:",
        "视频:新云(Neocloud)战争",
        "图片来源:Bloomberg",
        "Michael Burry,图片来源:Bloomberg",
        "https://a.example/x",
        "他说:“好。”",
        "12:30",
        "e.g. this: that",
        "• Ann: a point",
        "我想了很久。所以:",
    ],
)
def test_a_colon_alone_makes_no_speaker(line: str) -> None:
    article = f"Ann:\n\nFirst.\n\n{line}\n\nBob:\n\nSecond.\n\nAnn:\n\nThird.\n"
    assert [name for _, name in labels(article)] == ["Ann", "Bob", "Ann"]


def test_label_alone_wins_over_a_forged_inline_one() -> None:
    assert labels("Ann:\n\nHi.\n\nBob: I lied.\nBob: Twice.\n\nBob:\n\nYes.\n\nAnn:\n\nNo.") == [
        (1, "Ann"),
        (8, "Bob"),
        (12, "Ann"),
    ]


def test_two_headings_do_not_hide_inline_labels() -> None:
    text = "Agenda:\n\nTopics:\n\n" + "\n".join(f"Ann: {n}.\nBob: {n}." for n in range(4))
    assert [name for _, name in labels(text)] == ["Ann", "Bob"] * 4


def test_heading_of_a_list_is_no_speaker() -> None:
    assert labels("Guests:\n\n- Ann\n- Bob\n\nAnn:\n\nHi.\n\nBob:\n\nHo.") == [(6, "Ann"), (10, "Bob")]


def test_stray_inline_note_is_no_speaker() -> None:
    talk = "Ann: a.\nmore\nmore\nBob: b.\nmore\nTranscript: by hand\nmore\nAnn: c.\nmore\nBob: d.\nmore"
    assert [name for _, name in labels(talk)] == ["Ann", "Bob", "Ann", "Bob"]


def test_guest_who_speaks_once_is_believed_by_the_guest_list() -> None:
    talk = "• Cy Dee, analyst\n\nAnn: a.\nmore\nmore\nCy Dee: c.\nmore\nmore\nAnn: d.\nmore\nmore"
    assert [name for _, name in labels(talk)] == ["Ann", "Cy Dee", "Ann"]


def test_every_caption_is_dropped_not_only_the_first() -> None:
    assert [name for _, name in labels("Ann: one.\nVideo: a clip\nBob: two.\nImage: a chart")] == ["Ann", "Bob"]


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u202a"])
def test_invisible_character_makes_no_second_speaker(mark: str) -> None:
    assert {name for _, name in labels(f"Ann: one.\n{mark}Ann: two.")} == {"Ann"}


@pytest.mark.parametrize(
    ("layout", "name", "seconds"),
    [
        ("Ann: hi", "Ann", None),
        ("Ann：hi", "Ann", None),
        ("**Ann:** hi", "Ann", None),
        ("**Ann**: hi", "Ann", None),
        ("__Ann Lee__ : hi", "Ann Lee", None),
        ("[00:12] Ann: hi", "Ann", 12.0),
        ("(1:02:03) Ann: hi", "Ann", 3723.0),
        ("00:12.5 - Ann: hi", "Ann", 12.5),
        ("Ann (00:12): hi", "Ann", 12.0),
        ("Ann Lee  1:12", "Ann Lee", 72.0),
        ("SPEAKER_00: hi", "SPEAKER_00", None),
        ("陈茜:好", "陈茜", None),
        ("Jean-Luc O'Neil: hi", "Jean-Luc O'Neil", None),
    ],
)
def test_layouts(layout: str, name: str, seconds: float | None) -> None:
    lines = list(split_lines("\n\n".join([layout, "Words below.", layout.replace("hi", "ho"), "More."])))
    choice = choose(lines)
    assert choice is not None
    label = choice.labels[0]
    assert (label.name, label.seconds) == (name, seconds)
    assert layout[label.words_at :] in ("hi", "好", "")


def names(text: str) -> list[str]:
    return [name for _, name in labels(text)]


def test_dialogue_read_out_within_a_turn_is_its_speakers() -> None:
    text = (
        "Ann Lee:\n\nI read it.\n\nFather: Where?\n\nSon: Here.\n\nFather: No.\n\nBob Ray:\n\nNo.\n\nAnn Lee:\n\nYes.\n"
    )
    assert names(text) == ["Ann Lee", "Bob Ray", "Ann Lee"]
    assert {doubt.line for doubt in read_text(text).doubts} == {5, 7, 9}


@pytest.mark.parametrize("word", ["Note", "Result", "Break"])
def test_remark_where_labels_stand_is_nobodys_and_announced(word: str) -> None:
    text = f"Ann: One.\n\n{word}: two.\n\nBob: Three.\n\nAnn: Four.\n"
    assert names(text) == ["Ann", "", "Bob", "Ann"]
    assert [doubt.line for doubt in read_text(text).doubts] == [3]


@pytest.mark.parametrize("answer", ["Thank you, chair.", "Bob.", "Ann and Bob."])
def test_answer_of_names_is_no_declaration(answer: str) -> None:
    text = f"Chair: Who?\n\nAnn: {answer}\n\nBob: I.\n\nChair: Good.\n"
    assert names(text) == ["Chair", "Ann", "Bob", "Chair"]


def test_list_of_who_takes_part_labels_nothing() -> None:
    cast = "Participants\n\nOrla Finch - Chief Executive\nBen Rowe - Finance\n\n"
    talk = "Orla Finch\n\nWe sold two million kettles.\n\nBen Rowe\n\nThe margin was 37 percent.\n\n"
    assert names(cast + talk * 2) == ["Orla Finch", "Ben Rowe"] * 2


def test_label_wrapped_within_its_brackets_is_one() -> None:
    text = "Ann Lee (Greens and\nReds):\n\nYes.\n\nBob Ray (Blues):\n\nNo.\n\nAnn Lee (Greens and\nReds):\n\nYes.\n"
    assert names(text) == ["Ann Lee", "Bob Ray", "Ann Lee"]


def test_address_of_another_speaker_is_no_label_where_labels_have_capitals() -> None:
    speakers = ("Ms. BERG", "Mr. LANG", "Ms. SOLE", "Mr. DRAKE")
    text = "".join(f"{name}: Yes.\n\nMore of it.\n\n" for name in speakers * 6)
    assert "Madam Berg" not in names(text.replace("More of it.", "Madam Berg: you are wrong.", 1))


def test_nicknames_in_small_letters_are_labels_where_nearly_every_line_has_one() -> None:
    assert names("ann: hi\nbob_2: ho\nann: is it late?\nbob_2: no\ncy: yes") == ["ann", "bob_2", "ann", "bob_2", "cy"]
    assert names("Ann: Hi.\nso: we go\nBob: Ho.\nAnn: Bye.") == ["Ann", "Bob", "Ann"]


def test_court_has_questions_and_answers_among_its_labels() -> None:
    text = "THE COURT: Go on.\n\nQ. Where?\nA. There.\nQ. When?\nA. Then.\n\nMR. DRAKE: No more.\n\nTHE COURT: Good.\n"
    assert names(text) == ["THE COURT", "Q", "A", "Q", "A", "MR. DRAKE", "THE COURT"]


def test_emphasis_at_the_start_of_a_paragraph_is_no_label() -> None:
    text = "**Ann:** One.\n\n**Never** again.\n\n**Bob:** Two.\n\n**Ann:** Three.\n"
    assert names(text) == ["Ann", "Bob", "Ann"]


def test_mail_read_out_makes_nobody() -> None:
    text = "Ann: I got this:\nSubject: the mast\nFrom: the yard\nWe can do it.\nBob: Good.\nAnn: Yes.\nBob: Go.\n"
    assert names(text) == ["Ann", "Bob", "Ann", "Bob"]


def test_labels_that_follow_one_another_on_a_line_are_turns_and_announced() -> None:
    text = "Ann: Where? Bob: Here. Ann: Why?\n\nBob: So.\n\nAnn: Ah. He said Bob: no.\n"
    assert labels(text) == [(1, "Ann"), (1, "Bob"), (1, "Ann"), (3, "Bob"), (5, "Ann")]
    assert [doubt.line for doubt in read_text(text).doubts] == [1]


def test_label_before_nothing_but_addresses_is_none() -> None:
    text = "Ann: One.\n\nSlides: https://example.org/a\n\nBob: Two.\n\nAnn: Three.\n"
    assert "Slides" not in names(text)


def test_abbreviations_in_brackets_behind_names_are_explained() -> None:
    text = "Maren Falk (MFK), Jon Abel (JAB)\n\nMFK: One.\n\nJAB: Two.\n\nMFK: Three.\n"
    assert dict(read_text(text).names) == {"MFK": "Maren Falk", "JAB": "Jon Abel"}


def test_lines_are_not_split_at_unicode_separators() -> None:
    assert [line.text for line in split_lines("a\u2028b\x0bc\x0cd\x85e")] == ["a\u2028b\x0bc\x0cd\x85e"]


@given(st.text(st.sampled_from("ab \r\n\u2028\x0c"), max_size=40))
def test_lines_keep_offsets_and_numbers(text: str) -> None:
    lines = list(split_lines(text))
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) == text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for line in lines:
        assert text[line.start : line.end] == line.text == line.text.strip()


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "A" + " " * n + "b",
        lambda n: "A:" + " " * n + "b",
        lambda n: "1:" * n,
        lambda n: "[" * n + ":",
        lambda n: "*" * n + ":",
        lambda n: "A_" * n + ":",
        lambda n: "• a" + " " * n + "b",
        lambda n: "第 " * n,
        lambda n: "第" + "1" * n,
        lambda n: "![" * n + "]",
        lambda n: "Source " * n,
        lambda n: "A:\n" * n,
        lambda n: "\n".join(f"A{i}: b" for i in range(n)),
    ],
)
@pytest.mark.slow
def test_time_is_linear_on_hostile_lines(make: Callable[[int], str]) -> None:
    assert_linear(labels, make)


def test_more_lines_than_any_transcript_has_are_refused_unread() -> None:
    with pytest.raises(TranscriptParseError, match=r"more than 150,000 lines"):
        read_text("A: x\n" * 1_000_000)


def test_titles_with_a_colon_among_bare_names_are_nobodys_words() -> None:
    text = (
        "Operator\n\nWelcome to the call of the day.\n\nSara Lind -- CEO\n\nWe sold 40,000 bicycles this quarter.\n\n"
        "Questions & Answers:\n\nOperator\n\nThe first question is on prices in Spain.\n\nSara Lind -- CEO\n\n"
        "Not before summer, as far as we can tell.\n\nCall participants:\n"
    )
    turns = read_text(text).turns
    assert [turn.name for turn in turns] == ["Operator", "Sara Lind", "Operator", "Sara Lind"]
    assert not any("nswers" in text[p.start : p.end] for turn in turns for words in turn.paragraphs for p in words)


def test_somebody_listed_above_the_talk_who_never_speaks_is_no_turn() -> None:
    text = "Vorsitz: Anna Berg\nSchriftführerin: Ilse Korn\n\nAnna Berg: Ja.\n\nUdo Kern: Nein.\n\nAnna Berg: Doch.\n"
    assert [name for _, name in labels(text)] == ["Anna Berg", "Udo Kern", "Anna Berg"]
