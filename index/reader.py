"""A reader: question and sentence → how well the one answers the other, by a model that sees both at once.

Similarity finds what is near; a cross-encoder may tell which of the near ones answers. None ships: what could be
trained here ordered the finds no better than the encoder does (``evals/ABLATION.md``). ``DEBATE_READER`` names one, by
folder or hub name, and the best finds are then read and ordered anew.

    open_reader("BAAI/bge-reranker-v2-m3").read("Who pays?", ["Ana: The city pays."])     # [4.2], a logit each
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from index.encoder import allow_hub
from index.errors import EncoderError


class Reader(Protocol):
    """What orders the best finds anew."""

    def read(self, question: str, sentences: Sequence[str]) -> list[float]:
        """A logit a sentence, higher is better. Sentences begin with who says them: "Ana: The city pays."."""
        ...


class CrossEncoderReader:
    """Any cross-encoder of sentence-transformers, by hub name or path, loaded on first use."""

    def __init__(self, model: str) -> None:
        """Args: model: hub name or path."""
        self.model = model

    @cached_property
    def _loaded(self) -> Any:
        allow_hub(self.model)
        try:
            from sentence_transformers import CrossEncoder

            return CrossEncoder(self.model, trust_remote_code=False)
        except Exception as error:
            raise EncoderError(
                f"Cannot load the reader {self.model!r} ({type(error).__name__}: {str(error).splitlines()[0][:200]}); "
                "give a sentence-transformers cross-encoder, by folder or hub name, or leave DEBATE_READER out."
            ) from error

    def read(self, question: str, sentences: Sequence[str]) -> list[float]:
        """A logit a sentence. Raises EncoderError where the model cannot be loaded."""
        from torch.nn import Identity

        if not sentences:
            return []
        pairs = [(question, sentence) for sentence in sentences]
        logits = self._loaded.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
        return [float(np.ravel(logit)[-1]) for logit in logits]


def open_reader(model: str) -> Reader:
    """The reader of that hub name or path."""
    return CrossEncoderReader(model)
