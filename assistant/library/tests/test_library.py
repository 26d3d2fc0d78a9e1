"""Traps of asking many debates: the wrong debate, the wrong date, a namesake, a debate taken out, a changed file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import QuestionError
from assistant.library.library import Library
from assistant.library.scope import asked
from assistant.library.types import LibraryAnswer
from corpus.errors import UnknownDebateError
from corpus.library import debate_on_record
from index.across import fused

SPRING = """Harbour toll
Date: 5 March 2024

Mara Quist (Chair): Should lorries pay a toll at the harbour?

Ann Lee (Harbour master): I am against the toll. It would drive the coal boats away.

Tom Weil (Union secretary): A toll of 12 pounds a lorry would raise two million a year.
"""
AUTUMN = """Harbour toll, again
Date: 9 September 2024

Mara Quist (Chair): We return to the harbour toll.

Ann Lee (Harbour master): I was wrong in spring. I now support the toll.

Tom Weil (Union secretary): I no longer want the toll unless the money goes to wages.
"""
SCHOOL = """School meals
Date: 2 June 2024

Pia Holm (Host): Should the kitchen stay open on Fridays?

Ann Lee (Teacher): Children learn badly when hungry. A toll on sweets would pay for the kitchen.

Ed Moss (Cook): Fridays cost us 400 pounds in gas.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("spring.txt", SPRING), ("autumn.txt", AUTUMN), ("school.txt", SCHOOL)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder / "home") as opened:
        for name in ("spring.txt", "autumn.txt", "school.txt"):
            opened.add(folder / name)
        yield opened


def said(answer: LibraryAnswer) -> set[tuple[str, str]]:
    return {(card.date, quote.speaker) for card, quote in answer.quotes}


def same(answer: LibraryAnswer) -> str:
    document = json.loads(answer.model_dump_json(exclude={"timings_ms", "thread"}))
    for part in document["parts"]:
        part["answer"].pop("timings_ms")
    return json.dumps(document, ensure_ascii=False)


def test_every_quote_is_its_slice_of_the_debate_that_it_names(library: Library) -> None:
    for question in ("What did Tom Weil say about the toll?", "谁反对收费?", "Every figure for the toll"):
        for card, quote in library.ask(question).quotes:
            transcript = debate_on_record(library.store, card.sha256).transcript
            assert transcript.words(quote) == quote.text
            assert transcript.speaker_of(quote.turn_id).name == quote.speaker


def test_a_namesake_is_asked_back_and_never_quoted_for_another(library: Library) -> None:
    assert library.ask("What did Ann Lee say about the toll?").reason == "needs_context"
    meant = library.ask("What did Ann Lee the harbour master say about the toll?")
    assert said(meant) == {("2024-03-05", "Ann Lee"), ("2024-09-09", "Ann Lee")}
    assert said(library.ask("What did the teacher Ann Lee say about the kitchen?")) == {("2024-06-02", "Ann Lee")}


def test_a_date_in_the_question_excludes_every_other(library: Library) -> None:
    assert said(library.ask("What did Tom Weil say about the toll in March 2024?")) == {("2024-03-05", "Tom Weil")}
    assert said(library.ask("2024年9月 Tom Weil 怎么说 toll?")) == {("2024-09-09", "Tom Weil")}
    nothing = library.ask("What did Tom Weil say about the toll in May 2021?")
    assert nothing.abstained and not nothing.quotes and "2024-03-05" in nothing.lead


def test_change_is_told_by_date_and_who_was_taken_for_one_person_is_said(library: Library) -> None:
    answer = library.ask("Did Tom Weil change his mind on the toll?")
    assert answer.table is not None
    assert [row[0] for row in answer.table.rows] == sorted(row[0] for row in answer.table.rows)
    assert {part.debate.date for part in answer.parts} == {"2024-03-05", "2024-09-09"}
    assert any("taken for one person" in note for note in answer.notes)


def test_a_link_between_speakers_can_be_undone_and_done_again(library: Library) -> None:
    weil = next(p for p in library.people() if p.name == "Tom Weil")
    one, other = (voice.key for voice in weil.voices)
    library.link(one, other, False)
    assert library.ask("What did Tom Weil say about the toll?").reason == "needs_context"
    library.link(one, other, None)
    assert len(said(library.ask("What did Tom Weil say about the toll?"))) == 2
    lees = [p for p in library.people() if p.name == "Ann Lee"]
    library.link(lees[0].voices[0].key, lees[1].voices[0].key, True)
    assert sum(p.name == "Ann Lee" for p in library.people()) == 1


def test_removing_a_debate_leaves_the_answers_of_others_byte_for_byte(library: Library, folder: Path) -> None:
    within = [d.id for d in library.debates if d.date != "2024-06-02"]
    questions = ("What did Tom Weil say about the toll?", "Did Tom Weil change his mind on the toll?", "谁反对收费?")
    before = [same(library.answer(q, within)) for q in questions]
    library.remove("School meals")
    assert [same(library.answer(q, within)) for q in questions] == before
    library.close()
    with Library.open(folder / "home") as again:  # from the record alone
        assert [same(again.answer(q, within)) for q in questions] == before
    for cache in (folder / "home" / "search").glob("*"):
        cache.unlink()
    with Library.open(folder / "home") as anew:
        assert [same(anew.answer(q, within)) for q in questions] == before


def test_an_answer_from_an_older_version_still_verifies_against_it(library: Library, folder: Path) -> None:
    first = library.ask("What did Tom Weil say about the toll in March 2024?")
    assert first.thread is not None
    (folder / "spring.txt").write_text(SPRING.replace("12 pounds", "15 pounds"), encoding="utf-8")
    assert library.add(folder / "spring.txt")[1] == "new version"
    assert "15 pounds" in library.ask("What did Tom Weil say about the toll in March 2024?").text
    (kept,) = library.thread(first.thread)
    assert not kept.altered and "12 pounds" in kept.text


def test_a_row_that_was_changed_puts_no_words_into_a_mouth(library: Library, folder: Path) -> None:
    thread = library.ask("What did Tom Weil say about the toll?").thread
    assert thread is not None
    library.close()
    with sqlite3.connect(folder / "home" / "debate.sqlite3") as db:
        db.execute("UPDATE messages SET answer = replace(answer, 'The words of', 'The lies of')")
    with Library.open(folder / "home") as again:
        (kept,) = again.thread(thread)
    assert kept.altered and "lies" not in kept.text and kept.quotes


def test_somebody_who_speaks_nowhere_is_told_as_such(library: Library) -> None:
    answer = library.ask("What did Walter Quill say about the toll?")
    assert answer.abstained and not answer.parts and "Walter Quill" in answer.lead


def test_a_follow_up_keeps_the_matter_and_its_debates(library: Library) -> None:
    first = library.ask("What did Tom Weil say about the toll?", within=["spring.txt", "school.txt"])
    later = library.ask("And Ann Lee the harbour master?", thread=first.thread)
    assert {card.date for card in later.scope} == {"2024-03-05", "2024-06-02"}
    assert said(later) == {("2024-03-05", "Ann Lee")}
    with pytest.raises(UnknownDebateError, match="other debates"):
        library.ask("And Ed Moss?", within=["autumn.txt"], thread=first.thread)


def test_no_debate_and_no_library_are_refused_in_one_sentence(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UnknownDebateError, match="debate list"):
        library.ask("Who spoke?", within=["nothing like it"])
    with Library.open(tmp_path / "empty") as empty, pytest.raises(QuestionError, match="debate import"):
        empty.ask("Who spoke?")


def test_one_ranking_sums_to_one_and_of_one_debate_is_that_debates(library: Library) -> None:
    indexes = [library.opened(d).pipeline.index for d in library.debates]
    legs = [(index, index.legs("the toll for lorries")) for index in indexes]
    assert sum(float(scores.sum()) for scores in fused(legs)) == pytest.approx(1.0, abs=1e-4)
    (alone,) = fused(legs[:1])
    assert np.argmax(alone) == np.argmax(indexes[0].fuse(legs[0][1]))
    found = library.search("the toll for lorries", k=5)
    assert [f.rank for f in found] == [1, 2, 3, 4, 5]
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("What was said on 5 March 2024?", ("2024-03-05",)),
        ("2024年3月5日的会上说了什么", ("2024-03-05",)),
        ("in September 2024, who objected?", ("2024-09",)),
        ("What may happen by 2030?", ()),
        ("May the toll be raised?", ()),
        ("What did Ann say about the march to the harbour?", ()),
    ],
)
def test_a_date_is_read_only_where_one_stands(question: str, dates: tuple[str, ...]) -> None:
    assert asked(question).dates == dates
