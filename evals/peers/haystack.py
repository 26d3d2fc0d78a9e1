"""Haystack in its documented defaults: DocumentSplitter, in-memory store, embedding retriever; all-MiniLM-L6-v2.

The splitter cuts every 200 words, and a word is what stands between spaces, so Chinese comes in large pieces; the
retriever gives 10. It has no model to write an answer, so what it retrieves is its answer, and it never abstains.
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


class Haystack:
    """Split, embed, write; then embed and retrieve."""

    def __init__(self, transcript: Transcript) -> None:
        """Raises: SystemUnavailableError: A library or the encoder is not installed."""
        folder = str(minilm_folder())
        try:
            from haystack import Document
            from haystack.components.preprocessors import DocumentSplitter
            from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
            from haystack.document_stores.in_memory import InMemoryDocumentStore
            from haystack_integrations.components.embedders.sentence_transformers import (
                SentenceTransformersDocumentEmbedder,
                SentenceTransformersTextEmbedder,
            )
        except ImportError as error:
            raise SystemUnavailableError(
                f"{error.name} is not installed; `pip install 'debate-assistant[peers]'`."
            ) from error
        self.transcript = transcript
        store = InMemoryDocumentStore()
        pieces = DocumentSplitter().run(documents=[Document(content=transcript.raw)])["documents"]
        embedder = SentenceTransformersDocumentEmbedder(model=folder, progress_bar=False)
        embedder.warm_up()
        store.write_documents(embedder.run(documents=pieces)["documents"])
        self._embedder: Any = SentenceTransformersTextEmbedder(model=folder, progress_bar=False)
        self._embedder.warm_up()
        self._retriever: Any = InMemoryEmbeddingRetriever(document_store=store)

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """Each question by itself: a retriever knows no threads."""
        return [self._answer(question) for question in questions]

    def _answer(self, question: str) -> Prediction:
        started = time.perf_counter()
        vector = self._embedder.run(text=question)["embedding"]
        found = self._retriever.run(query_embedding=vector)["documents"]
        latency_ms = (time.perf_counter() - started) * 1000
        held = sentences_in(self.transcript, locate(self.transcript.raw, [piece.content for piece in found]))
        return prediction_of(self.transcript, held, held, latency_ms)


def open_peer() -> Haystack:
    """Haystack on the debate that ships."""
    return Haystack(open_debate().transcript)
