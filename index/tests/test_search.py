from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotations import Annotations
from corpus.library import open_debate
from corpus.parse import transcript_from_turns
from corpus.testing import timed_debate
from index.dense import ExactScan, Nearest
from index.errors import ChromaIndexError
from index.passages import make_passages
from index.search import PassageIndex
from index.testing import BagOfWords
from index.types import Filters, Vectors, View

DEBATE = open_debate()
INDEX = PassageIndex.in_memory(DEBATE.transcript, DEBATE.notes)


def test_no_passage_crosses_a_turn() -> None:
    for passage in make_passages(DEBATE.transcript, DEBATE.notes):
        if passage.sentence_ids and passage.view != "question":
            assert {DEBATE.transcript.sentence(i).turn_id for i in passage.sentence_ids} == {passage.turn_id}


def test_passage_ids_are_unique() -> None:
    ids = [p.id for p in INDEX.passages]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("谷歌七年前的TPU还在用", "t12.4"),
        ("seven-year-old TPUs still at full load", "t12.4"),
        ("輝達股價 190", "t29.2"),
    ],
)
def test_chinese_english_and_traditional_find_the_same_words(query: str, sentence: str) -> None:
    assert sentence in [hit.id for hit in INDEX.search(query, k=3)]


@settings(max_examples=40, deadline=None)
@given(
    query=st.text(max_size=60),
    speakers=st.lists(st.sampled_from([s.id for s in DEBATE.transcript.speakers]), max_size=2, unique=True),
    sections=st.lists(st.integers(1, 6), max_size=2, unique=True),
)
def test_filters_hold_for_every_hit_of_any_query(query: str, speakers: list[str], sections: list[int]) -> None:
    hits = INDEX.search(query, k=20, filters=Filters(speaker_ids=tuple(speakers), sections=tuple(sections)))
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    assert all(a.score >= b.score for a, b in pairwise(hits))
    for hit in hits:
        turn = DEBATE.transcript.turn(DEBATE.transcript.sentence(hit.id).turn_id)
        assert not speakers or turn.speaker_id in speakers
        assert not sections or turn.section in sections


def test_editorial_text_is_found_only_when_asked_for_and_has_no_speaker() -> None:
    speech = INDEX.search("页岩油周期的早期 2010-2012", k=20)
    assert all(not hit.id.startswith("e") for hit in speech)
    editorial = INDEX.search("页岩油周期的早期 2010-2012", k=3, filters=Filters(kind="editorial"))
    assert editorial and all(hit.id.startswith("e") for hit in editorial)


def test_a_debate_without_notes_is_searched_all_the_same() -> None:
    turns = [
        ("Ann", "Is the roof leaking? I saw water."),
        ("Bob", "The budget is spent. No money for repairs."),
        ("Cem", ""),
    ]
    index = PassageIndex.in_memory(transcript_from_turns(turns, "panel"), encoder=BagOfWords())
    assert index.search("money for repairs", k=1)[0].id == "t2.2"
    assert index.search("§§§", k=5) == []


class FailingDense:
    def nearest(self, query: Vectors, view: View, k: int, filters: Filters) -> Nearest:
        raise ChromaIndexError("gone")


def test_a_failing_cache_is_replaced_by_the_exact_scan_within_the_question() -> None:
    index = PassageIndex.in_memory(DEBATE.transcript, DEBATE.notes)
    before = index.search("GPU 折旧", k=5)
    index.dense = FailingDense()
    assert index.search("GPU 折旧", k=5) == before
    assert isinstance(index.dense, ExactScan)


def test_vectors_are_asked_of_the_encoder_once_a_text() -> None:
    class Counting(BagOfWords):
        calls = 0

        def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
            Counting.calls += len(texts)
            return super().encode(texts, query=query)

    index = PassageIndex.in_memory(DEBATE.transcript, encoder=Counting())
    assert Counting.calls == len({p.embedding_text for p in index.passages})
    assert index.vectors.dtype == np.float32


def test_an_open_question_about_another_year_says_nothing_of_this_one() -> None:
    notes = DEBATE.notes.model_copy(update={"unanswered": ("2035年的电力缺口有多大",)})
    index = PassageIndex.in_memory(DEBATE.transcript, notes)
    assert index.legs("电力缺口到2035年有多大").nearest_open[0] > 0.8
    assert index.legs("电力缺口到2030年有多大").nearest_open == ()


def test_a_stretch_of_time_is_a_filter_in_every_leg() -> None:
    debate = timed_debate()
    index = PassageIndex.in_memory(debate, encoder=BagOfWords())
    assert {hit.id for hit in index.search("The port cannot wait", k=20)} >= {"t3.3", "t7.2"}
    for stretch in ((0.0, 600.0), (725.0, 3912.0), (3900.0, 4000.0), (30.0, 40.0)):
        hits = index.search(
            "The port cannot wait for the bridge, the tunnel, 渡轮", k=20, filters=Filters(seconds=stretch)
        )
        begins = [debate.sentence(hit.id).seconds for hit in hits]
        assert all(at is not None and stretch[0] <= at < stretch[1] for at in begins)
        assert bool(hits) == (stretch != (30.0, 40.0))


def test_a_dense_cache_that_holds_no_times_is_not_asked_for_a_stretch() -> None:
    index = PassageIndex.in_memory(timed_debate(), encoder=BagOfWords())
    index.dense = FailingDense()
    index.search("the port", filters=Filters(seconds=(0.0, 60.0)))
    assert isinstance(index.dense, FailingDense)


def test_a_debate_without_times_has_nothing_in_a_stretch_of_time() -> None:
    assert INDEX.search("GPU 折旧", filters=Filters(seconds=(0.0, 1e9))) == []


def test_texts_hold_the_words_and_nothing_that_stands_between_cues() -> None:
    texts = [p.embedding_text for p in make_passages(timed_debate(), Annotations())]
    assert "Tolls pay half of the tunnel." in texts
    assert not any("-->" in text or "&amp;" in text for text in texts)
