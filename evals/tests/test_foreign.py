"""Every system is held to the same budget, and chunks tell a speaker only by the labels they hold."""

from __future__ import annotations

from corpus.parse import transcript_from_turns
from corpus.types import Transcript
from evals.foreign import (
    NONE,
    Foreign,
    Found,
    Given,
    Piece,
    Question,
    Row,
    chosen,
    figures,
    given,
    measure,
    table,
    within,
)
from evals.ground import Ground
from evals.written import all_written

PANEL = transcript_from_turns(
    [("Ann", "Is it a bubble? I wonder."), ("Bob", "No. Demand is real."), ("Ann", "Prices fell.")], "panel"
)
DEBATE = Foreign(PANEL, (Question("Is demand real?", False, frozenset({"t2.2"})),), long=True)


class Toy:
    """Says one sentence, and has the second turn's in reserve."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript

    def find(self, question: str) -> Found:
        return Found([Piece("Prices fell.", "Ann"), Piece("No. Demand is real.", "Bob")], 1)


def test_a_toy_is_told_from_what_it_holds_in_reserve() -> None:
    outcomes, (short_s, long_s) = measure(Toy, [DEBATE])
    (outcome,) = outcomes
    assert [one.sentence for one in outcome.given] == ["t3.1", "t2.1", "t2.2"]
    assert outcome.hit(outcome.given) and not outcome.hit(outcome.told)
    assert short_s == 0.0 < long_s
    cells = figures(Row("toy", NONE, tuple(outcomes), (short_s, long_s), 1.0), ours_s=long_s)
    assert cells[:8] == ["–", "–", "1.00", "1.00", "–", "0.00", "12", "1.00"]
    assert cells[10] == "1.00"


def test_a_chunk_tells_the_speakers_whose_labels_it_holds_and_sentences_it_holds_whole() -> None:
    raw = PANEL.raw
    chunk = raw[raw.index("I wonder.") : raw.index(" is real.")]
    found = {one.sentence: one.right for one in given([Piece(chunk)], Ground(PANEL))}
    assert found == {"t1.2": False, "t2.1": True}
    longer = raw[raw.index("Bob") : raw.index(" real.")]
    assert [one.right for one in given([Piece(longer)], Ground(PANEL))] == [True, False]  # the second one is cut


def test_words_that_nobody_said_or_somebody_else_said_are_wrong() -> None:
    pieces = [Piece("Prices rose.", "Ann"), Piece("Prices fell.", "Bob")]
    assert list(given(pieces, Ground(PANEL))) == [Given("", 12, False), Given("", 12, False)]


def test_a_budget_is_never_exceeded() -> None:
    handed = [Given("a", 600, True), Given("b", 500, True), Given("c", 10, True)]
    assert [one.sentence for one in within(handed, 1000)] == ["a"]


def test_a_system_that_is_not_installed_has_a_row_that_says_so() -> None:
    page = table([Row("toy", NONE, unavailable="toys is not installed; `pip install toys`.")], [DEBATE])
    row = page.splitlines()[2]
    assert row.startswith("| toy | – | not installed |")
    assert row.count("|") == page.splitlines()[0].count("|")
    assert "pip install toys" in page


def test_the_transcripts_are_three_short_ones_and_two_long_ones_with_questions_they_answer() -> None:
    debates = chosen(all_written())
    assert [debate.long for debate in debates] == [False, False, False, True, True]
    assert len({debate.transcript.sha256 for debate in debates}) == 5
    for debate in debates:
        ids = {sentence.id for sentence in debate.transcript.sentences}
        assert debate.questions and all(question.gold and question.gold <= ids for question in debate.questions)
