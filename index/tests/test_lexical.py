from __future__ import annotations

import numpy as np

from index.lexical import LexicalIndex

INDEX = LexicalIndex([["gpu", "life", "gpu"], ["gpu", "price"], ["oil"], []])


def test_rare_terms_outweigh_common_ones() -> None:
    assert INDEX.idf("oil") > INDEX.idf("gpu")
    assert INDEX.idf("never") >= INDEX.idf("oil")


def test_scores_keep_the_order_of_documents_and_leave_strangers_at_zero() -> None:
    scores = INDEX.scores(["price"])
    assert scores.shape == (4,) and int(np.argmax(scores)) == 1 and scores[0] == scores[2] == 0


def test_coverage_is_the_share_of_weight_that_a_document_holds() -> None:
    coverage = INDEX.coverage(["gpu", "oil"])
    assert coverage.max() < 1 and coverage[2] > coverage[0] > 0 and coverage[3] == 0
    assert np.allclose(INDEX.coverage(["price", "gpu"])[1], 1)


def test_an_empty_query_or_index_scores_nothing() -> None:
    assert not INDEX.scores([]).any() and not INDEX.coverage([]).any()
    assert LexicalIndex([]).scores(["gpu"]).shape == (0,)
