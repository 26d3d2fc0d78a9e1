from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.parse import transcript_from_turns
from corpus.types import Transcript
from index.surroundings import WIDTHS, Surroundings


def panel(turns: int = 9) -> Transcript:
    """A panel of three in which every fourth turn asks."""
    words = [f"Point {n} holds. Is it {n} then?" if n % 4 == 0 else f"No, {n}." for n in range(turns)]
    return transcript_from_turns([(("Ana", "Bo", "Cy")[n % 3], said) for n, said in enumerate(words)], "panel")


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), turns=st.integers(1, 14))
def test_a_windows_cosine_is_that_of_the_vector_that_nobody_made(seed: int, turns: int) -> None:
    transcript, draw = panel(turns), np.random.default_rng(seed)
    vectors = draw.normal(size=(len(transcript.sentences), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    question = vectors[0] + draw.normal(size=8).astype(np.float32)
    question /= np.linalg.norm(question)
    found = Surroundings(transcript, vectors).cosines(vectors @ question)
    lengths = np.array([len(s.text) for s in transcript.sentences])
    for name, width in WIDTHS.items():
        for at in range(len(vectors)):
            near = slice(max(0, at - width), at + width + 1)
            mean = (vectors[near] * lengths[near, None]).sum(axis=0)
            assert np.isclose(found[name][at], mean @ question / np.linalg.norm(mean), atol=1e-4)


def test_what_a_turn_was_asked_counts_for_all_its_sentences_and_for_no_other_turn() -> None:
    turns = [("Host", "Welcome. Who pays?"), ("Ana", "The city. It always did."), ("Host", "Thanks."), ("Bo", "Hm.")]
    transcript = transcript_from_turns(turns, "panel")
    vectors = np.eye(len(transcript.sentences), dtype=np.float32)
    asked = Surroundings(transcript, vectors).cosines(vectors @ vectors[1])["asked"]
    by_words = {s.text: float(score) for s, score in zip(transcript.sentences, asked, strict=True)}
    assert by_words["The city."] == by_words["It always did."] == 1.0
    assert by_words["Welcome."] == by_words["Who pays?"] == 0.0


def test_a_spread_score_keeps_its_mean_where_all_are_alike() -> None:
    around = Surroundings(panel(), np.ones((len(panel().sentences), 2), dtype=np.float32))
    alike = np.full(len(panel().sentences), 0.25, dtype=np.float32)
    assert np.allclose(around.spread(alike), 0.25, atol=1e-6)
