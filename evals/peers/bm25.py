"""BM25 alone: the sentences, their characters and words, nothing else.

Tokens are Chinese characters and pairs of them, and lower-cased Latin words; the best three sentences that share a
token with the question are quoted, and a question that shares none is abstained from. Through bm25s (Lucene's variant,
its default).
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from corpus.library import open_debate
from corpus.types import Transcript
from evals.errors import SystemUnavailableError
from evals.peers.chunks import prediction_of
from evals.types import Prediction

QUOTED = 3
CONSIDERED = 50
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:\.[0-9]+)?")


def tokens(text: str) -> list[str]:
    """Characters and pairs of Chinese, words of the rest, in order.

    >>> tokens("GPU能用6.5年?")
    ['gpu', '能', '用', '能用', '6.5', '年']
    """
    found: list[str] = []
    for run in _RUN.findall(text.casefold()):
        if "\u3400" <= run[0] <= "\u9fff":
            found.extend(run)
            found.extend(a + b for a, b in pairwise(run))
        else:
            found.append(run)
    return found


class BM25:
    """BM25 over the sentences of a debate."""

    def __init__(self, transcript: Transcript) -> None:
        """Raises: SystemUnavailableError: bm25s is not installed."""
        try:
            import bm25s
        except ImportError as error:
            raise SystemUnavailableError("bm25s is not installed; `pip install 'debate-assistant[peers]'`.") from error
        self.transcript = transcript
        self._index: Any = bm25s.BM25()
        self._index.index([tokens(s.text) or [""] for s in transcript.sentences], show_progress=False)

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """Each question by itself: it knows no threads."""
        return [self._answer(question) for question in questions]

    def _answer(self, question: str) -> Prediction:
        started = time.perf_counter()
        ranked = []
        known = [token for token in tokens(question) if token in self._index.vocab_dict]
        if known:
            k = min(CONSIDERED, len(self.transcript.sentences))
            rows, scores = self._index.retrieve([known], k=k, show_progress=False)
            ranked = [
                self.transcript.sentences[int(row)] for row, score in zip(rows[0], scores[0], strict=True) if score > 0
            ]
        latency_ms = (time.perf_counter() - started) * 1000
        return prediction_of(self.transcript, ranked[:QUOTED], ranked, latency_ms)


def open_peer() -> BM25:
    """BM25 on the debate that ships."""
    return BM25(open_debate().transcript)
