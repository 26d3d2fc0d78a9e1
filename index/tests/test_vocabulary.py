from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.parse import transcript_from_turns
from index.encoder import open_encoder
from index.search import PassageIndex
from index.vocabulary import Vocabulary

WORDS = st.sampled_from(["roof", "budget", "waterproof", "金价", "折旧", "leak", "the", "?", ""])
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=6)


@settings(deadline=None)  # the first example loads the encoder
@given(texts=TEXTS, question=st.lists(WORDS, max_size=5).map(" ".join))
def test_a_text_meets_a_question_by_a_share_and_one_without_words_not_at_all(texts: list[str], question: str) -> None:
    vocabulary = Vocabulary(texts, open_encoder())
    met = vocabulary.interaction(vocabulary.of(question))
    assert met.shape == (len(texts),)
    assert np.all((met >= 0) & (met <= 1 + 1e-5))
    assert all(score == 0 for text, score in zip(texts, met, strict=True) if not set(text.split()) - {"the", "?"})


def test_a_question_is_met_by_the_text_with_its_synonym() -> None:
    vocabulary = Vocabulary(
        ["Depreciation takes six years.", "Interest rates may fall.", "They sing in choirs."], open_encoder()
    )
    asked = vocabulary.of("how long is the amortization")
    assert vocabulary.interaction(asked).argmax() == 0


def test_a_word_in_every_text_says_less_than_a_rare_one() -> None:
    texts = ["budget roof", "budget fence", "budget choir"]
    vocabulary = Vocabulary(texts, open_encoder())
    assert vocabulary.interaction(vocabulary.of("budget choir")).argmax() == 2


def test_a_short_reply_is_found_through_what_it_replies_to_and_the_last_turn_has_no_next() -> None:
    turns = [
        ("Ann", "Is the roof leaking again?"),
        ("Bob", "Yes."),
        ("Cem", "The choir sings on Sunday."),
        ("Ann", "Right."),
    ]
    index = PassageIndex.in_memory(transcript_from_turns(turns, "panel"))
    asked = index.legs("leaking roof").scores["dense:asked"]
    assert asked[index.row("t2.1")] > 0.2 and asked[index.row("t1.1")] == 0.0
