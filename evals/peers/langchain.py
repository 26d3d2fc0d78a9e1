"""The twenty-line LangChain script: recursive character splitter, Chroma, all-MiniLM-L6-v2, the top 4 chunks.

Chunks of 1,000 characters with 200 of overlap, as LangChain's retrieval tutorial has them; everything else is the
libraries' default. It has no model to write an answer, so what it retrieves is its answer, and it never abstains.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from corpus.library import open_debate
from corpus.types import Transcript
from evals.errors import SystemUnavailableError
from evals.peers.chunks import prediction_of, sentences_in
from evals.peers.minilm import minilm_folder
from evals.types import Prediction

CHUNK, OVERLAP, TOP = 1000, 200, 4
CONSIDERED = 20


class LangChainScript:
    """Split, embed, look up."""

    def __init__(self, transcript: Transcript) -> None:
        """Raises: SystemUnavailableError: A library or the encoder is not installed."""
        folder = minilm_folder()
        try:
            from langchain_chroma import Chroma
            from langchain_core.embeddings import Embeddings
            from langchain_text_splitters import RecursiveCharacterTextSplitter
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise SystemUnavailableError(
                f"{error.name} is not installed; `pip install 'debate-assistant[peers]'`."
            ) from error
        model = SentenceTransformer(str(folder), device="cpu")

        class MiniLM(Embeddings):
            """all-MiniLM-L6-v2 behind LangChain's interface."""

            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                """One vector per text."""
                vectors: list[list[float]] = model.encode(texts, show_progress_bar=False).tolist()
                return vectors

            def embed_query(self, text: str) -> list[float]:
                """The vector of a question."""
                return self.embed_documents([text])[0]

        self.transcript = transcript
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
        chunks = splitter.create_documents([transcript.raw])
        self._store: Any = Chroma.from_documents(chunks, MiniLM(), collection_name=f"peer-{id(self)}")

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """Each question by itself: it knows no threads."""
        return [self._answer(question) for question in questions]

    def _answer(self, question: str) -> Prediction:
        started = time.perf_counter()
        found = self._store.similarity_search(question, k=CONSIDERED)  # as fast as 4; the rest is for the ranking only
        latency_ms = (time.perf_counter() - started) * 1000
        starts = [chunk.metadata["start_index"] for chunk in found]
        spans = [(start, start + len(chunk.page_content)) for start, chunk in zip(starts, found, strict=True)]
        quoted, considered = sentences_in(self.transcript, spans[:TOP]), sentences_in(self.transcript, spans)
        return prediction_of(self.transcript, quoted, considered, latency_ms)


def open_peer() -> LangChainScript:
    """The script on the debate that ships."""
    return LangChainScript(open_debate().transcript)
