from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.parse import parse_transcript
from corpus.readers.lines import Line, split_lines
from corpus.readers.unsaid import is_running_title, is_trailer, without_unsaid
from corpus.tests.clock import assert_linear


def spoken(text: str) -> list[tuple[str, str]]:
    transcript = parse_transcript(text, "meeting")
    return [(transcript.speaker_of(t.id).name, transcript.turn_text(t.id)) for t in transcript.turns]


def lines_of(text: str) -> list[Line]:
    return list(split_lines(text))


@pytest.mark.parametrize("mark", ["- 12 -", "Page 12 of 40", "Seite 12", "[[Page H12]]", "(A) (C)", "第 12 页"])
def test_page_number_cuts_no_sentence(mark: str) -> None:
    text = f"Ann: The mast is\n\n{mark}\n\ncracked.\n\nBob: How deep?\n\nAnn: A finger.\n"
    assert spoken(text)[0] == ("Ann", "The mast is cracked.")


def test_running_head_with_a_counting_number_is_left_out() -> None:
    page = "Ann: We sailed.\n\nBob: We did not.\n\n" + "more of it, word for word.\n\n" * 20
    text = "".join(f"{page}Harbour Board, 9th sitting, Tuesday, 4 March   {number}\n\n" for number in (110, 111, 112))
    assert not any("Harbour Board" in words for _, words in spoken(text))


def test_line_that_people_repeat_stays() -> None:
    text = "\n".join(f"{who}: Yes.\nsee page {n} of the report" for n, who in enumerate(("Ann", "Bob", "Ann"), 12))
    assert [words.count("report") for _, words in spoken(text)] == [1, 1, 1]


@pytest.mark.parametrize(
    "note",
    [
        "(Applause.)",
        "(Beifall bei der Linken -\nZuruf: Oho!)",
        "[The statement of Ms. Berg follows:]",
        "〔発言する者あり〕",
    ],
)
def test_stage_direction_on_lines_of_its_own_is_nobodys_and_can_be_found(note: str) -> None:
    transcript = parse_transcript(f"Ann: Yes.\n\n{note}\n\nBob: No.\n\nAnn: Yes.\n", "meeting")
    assert [t.text for t in transcript.editorials if t.kind == "caption"] == [note]
    assert [transcript.turn_text(t.id) for t in transcript.turns] == ["Yes.", "No.", "Yes."]


@pytest.mark.parametrize("line", ["(one) and (two)", "[a link](https://example.org)", "(00:31)", "(never closed"])
def test_line_with_brackets_is_no_stage_direction(line: str) -> None:
    assert without_unsaid(lines_of(f"Ann: Yes.\n{line}\n"))[1] == []


def test_names_in_brackets_on_their_own_line_stay_labels() -> None:
    text = "[Ann]\nYes.\n\n[Bob]\nNo.\n\n[Ann]\nYes.\n\n[laughter]\n\n[Bob]\nNo.\n"
    assert spoken(text) == [("Ann", "Yes."), ("Bob", "No."), ("Ann", "Yes."), ("Bob", "No.")]


def test_full_stop_behind_a_note_belongs_to_it() -> None:
    assert spoken("Ann: He said so. (Laughter).\nBob: No.\nAnn: Yes.")[0] == ("Ann", "He said so.")


def test_numbers_that_courts_print_before_lines_are_cut() -> None:
    text = "\n".join(
        f" {n}   {words}" for n, words in enumerate(("ANN: One", "and", "two.", "BOB: No.", "ANN: Yes."), 1)
    )
    assert [name for name, _ in spoken(text)] == ["ANN", "BOB", "ANN"]
    assert spoken(text)[0][1] == "One and two."


def test_numbered_list_keeps_its_numbers() -> None:
    text = "Ann: Three things.\n1  dig\n2  buy\n3  wait\nBob: Dig.\nAnn: Wait.\nBob: No.\nAnn: Yes.\n"
    assert "1  dig" in spoken(text)[0][1]


def test_what_a_program_adds_at_the_end_is_nobodys() -> None:
    text = "Ann: Yes.\nBob: No.\nAnn: Yes.\n\nTranscribed by a machine\n"
    assert spoken(text)[-1] == ("Ann", "Yes.")
    assert not is_trailer(lines_of("Transcribed by hand" + "\nmore" * 20), 0)


def test_capitals_between_empty_lines_are_a_heading_and_end_no_turn() -> None:
    text = "ANN: I swear.\n\nDIRECT EXAMINATION\n\nAnd I stay.\n\nBOB: No.\n\nANN: Yes.\n"
    assert spoken(text)[0] == ("ANN", "I swear.\nAnd I stay.")
    assert not is_running_title(lines_of("a\n\nNO.\n\nb"), 2) and not is_running_title(lines_of("a\n\nNO\n\nb"), 2)


def test_lines_of_a_chats_own_are_nobodys() -> None:
    text = (
        "14:03 <ann> yes\n14:04 -!- cy [cy@example.org] has joined\n14:05 <@bob> no\n14:06 * bob waves\n14:07 <ann> ok"
    )
    assert spoken(text) == [("ann", "yes"), ("bob", "no"), ("ann", "ok")]


def test_dated_line_that_names_nobody_is_the_chats_own() -> None:
    text = "04.03.25, 14:01 - Verschlüsselt.\n" + "".join(
        f"04.03.25, 14:0{n} - {who}: Ja.\n" for n, who in enumerate(("Ann", "Bob", "Ann"), 2)
    )
    assert spoken(text) == [("Ann", "Ja."), ("Bob", "Ja."), ("Ann", "Ja.")]


@given(st.lists(st.sampled_from(["Ann: a.", "- 2 -", "(x", "y)", "(z)", "", "1  b", "HEAD 3", "c"]), max_size=14))
def test_lines_keep_their_places_whatever_is_left_out(texts: list[str]) -> None:
    raw = "\n".join(texts)
    kept, notes = without_unsaid(lines_of(raw))
    assert all(raw[line.start : line.end] == line.text for line in kept)
    assert [line.number for line in kept] == sorted(line.number for line in kept)
    assert all(raw[note.start] in "([" for note in notes)


@pytest.mark.parametrize("unit", ["(a\n", "- 2 -\n", "(\n\n", "[a]\n", "1  a\n", "Sitting of the board 3\n"])
def test_time_is_linear(unit: str) -> None:
    assert_linear(lambda text: without_unsaid(lines_of(text)), lambda n: unit * n, n=3000)
