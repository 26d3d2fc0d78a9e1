"""What stands beside the last quotes, and what it must not reach."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.beside import beside
from assistant.graph import _weighed
from corpus.parse import transcript_from_turns
from corpus.quotes import quote_sentences
from index.types import Hit

PANEL = transcript_from_turns(
    [
        ("Ann", "Should we open on Sundays? It has been asked before."),
        ("Bob Ray", "I am for it. Students need the room. Parking is free. The lights are on anyway."),
        ("Cleo Fox", "It costs too much. We cannot pay the staff."),
    ],
    "panel",
)
UNITS = [sentence.id for sentence in PANEL.sentences]
HITS = [Hit(id=unit, score=1 / len(UNITS), rank=rank, lexical=0.0, dense=0.0) for rank, unit in enumerate(UNITS, 1)]


def test_what_follows_comes_before_what_was_quoted() -> None:
    found = beside(HITS, [quote_sentences(PANEL, ("t2.1",))], PANEL)
    assert [hit.id for hit in found][:2] == ["t2.2", "t2.3"] and "t2.1" in {hit.id for hit in found}


def test_before_a_conclusion_stands_what_it_is_drawn_from() -> None:
    panel = transcript_from_turns([("Bob Ray", "The room is full. So we must open. We will see.")], "panel")
    hits = [hit._replace(id=s.id) for hit, s in zip(HITS, panel.sentences, strict=False)]
    assert beside(hits, [quote_sentences(panel, ("t1.2",))], panel)[0].id == "t1.1"


def test_what_answers_a_quoted_question_is_the_turn_that_follows_it() -> None:
    asked = quote_sentences(PANEL, ("t1.1",)).model_copy(update={"mode": "asks"})
    assert "t2.1" in {hit.id for hit in beside(HITS, [asked], PANEL)}
    last = quote_sentences(PANEL, ("t3.2",)).model_copy(update={"mode": "asks"})
    assert {hit.id for hit in beside(HITS, [last], PANEL)} == {"t3.1", "t3.2"}


@given(st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True))
def test_nothing_from_other_turns_and_shares_that_sum_to_one(quoted: list[str]) -> None:
    quotes = [quote_sentences(PANEL, (unit,)) for unit in quoted]
    found = beside(HITS, quotes, PANEL)
    turns = {quote.turn_id for quote in quotes}
    assert {PANEL.sentence(hit.id).turn_id for hit in found} == turns
    assert sum(hit.score for hit in found) == pytest.approx(1.0)
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


@given(st.dictionaries(st.sampled_from(UNITS), st.sampled_from([0.0, 0.5, 1.0])))
def test_weighing_drops_what_counts_nothing_and_never_all(weights: dict[str, float]) -> None:
    found = _weighed(HITS, weights)
    left = {unit for unit in UNITS if weights.get(unit, 1.0)}
    assert {hit.id for hit in found} == (left or set(UNITS))
    assert sum(hit.score for hit in found) == pytest.approx(1.0)
