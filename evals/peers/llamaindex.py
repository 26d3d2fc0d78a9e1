"""LlamaIndex in its documented defaults: one Document, VectorStoreIndex, its retriever; all-MiniLM-L6-v2.

Sentence splitter of 1,024 tokens with 200 of overlap, the 2 most similar nodes. It has no model to write an answer, so
what it retrieves is its answer, and it never abstains.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from corpus.library import open_debate
from corpus.types import Transcript
from evals.errors import SystemUnavailableError
from evals.peers.chunks import locate, prediction_of, sentences_in
from evals.peers.minilm import minilm_folder
from evals.types import Prediction

TOP, CONSIDERED = 2, 10


class LlamaIndex:
    """A VectorStoreIndex over the whole transcript."""

    def __init__(self, transcript: Transcript) -> None:
        """Raises: SystemUnavailableError: A library or the encoder is not installed."""
        folder = minilm_folder()
        try:
            from llama_index.core import Document, VectorStoreIndex
            from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        except ImportError as error:
            raise SystemUnavailableError(
                f"{error.name} is not installed; `pip install 'debate-assistant[peers]'`."
            ) from error
        self.transcript = transcript
        encoder = HuggingFaceEmbedding(model_name=str(folder), device="cpu")
        index: Any = VectorStoreIndex.from_documents([Document(text=transcript.raw)], embed_model=encoder)
        self._retriever: Any = index.as_retriever(similarity_top_k=CONSIDERED)

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """Each question by itself: a retriever knows no threads."""
        return [self._answer(question) for question in questions]

    def _answer(self, question: str) -> Prediction:
        started = time.perf_counter()
        found = self._retriever.retrieve(question)  # as fast as 2; the rest is for the ranking only
        latency_ms = (time.perf_counter() - started) * 1000
        texts = [one.node.get_content() for one in found]
        quoted, considered = (
            sentences_in(self.transcript, locate(self.transcript.raw, chosen)) for chosen in (texts[:TOP], texts)
        )
        return prediction_of(self.transcript, quoted, considered, latency_ms)


def open_peer() -> LlamaIndex:
    """LlamaIndex on the debate that ships."""
    return LlamaIndex(open_debate().transcript)
