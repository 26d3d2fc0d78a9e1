"""Texts → vectors. The only import of sentence_transformers.

The model that ships is a real sentence-transformers folder (``index/model``). Its query side needs a tokenizer and a
table only, so ``StaticEncoder`` reads the same folder without importing torch, which takes ten seconds off a cold
command; a test proves that both give the same vectors. Every other model, by hub name or path, is loaded by the real
class.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from corpus.normalize import fold_text
from index.errors import EncoderError
from index.types import Encoder, Vectors

Backend = Literal["torch", "onnx", "openvino"]
SHIPPED = Path(__file__).parent / "model"

# Families of hub models whose queries and passages are to be marked; from their model cards.
_PROMPTS: tuple[tuple[str, str, str], ...] = (
    ("multilingual-e5-large-instruct", "Instruct: Retrieve passages that answer the question\nQuery: ", ""),
    ("e5-", "query: ", "passage: "),
    ("bge-m3", "", ""),
    ("bge-large-zh", "为这个句子生成表示以用于检索相关文章:", ""),
    ("bge-base-zh", "为这个句子生成表示以用于检索相关文章:", ""),
    ("bge-small-zh", "为这个句子生成表示以用于检索相关文章:", ""),
    ("bge-", "Represent this sentence for searching relevant passages: ", ""),
    ("qwen3-embedding", "Instruct: Given a question, retrieve sentences that answer it\nQuery:", ""),
)


class StaticEncoder:
    """A folder with one StaticEmbedding module, read without torch. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Raises: EncoderError: the folder is not such a model."""
        self.folder = folder
        try:
            digest = hashlib.sha256((folder / _static_part(folder) / "model.safetensors").read_bytes()).hexdigest()
        except OSError as error:
            raise EncoderError(f"Cannot read the encoder in {folder}: {error.strerror or error}.") from error
        self.name = f"static:{digest[:16]}"

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / _static_part(self.folder) / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _table(self) -> Vectors:
        from safetensors.numpy import load_file

        tensors = load_file(str(self.folder / _static_part(self.folder) / "model.safetensors"))
        if "embedding.weight" in tensors:
            return np.ascontiguousarray(tensors["embedding.weight"])
        # quantised rows with one weight a token, the other layout that the real class reads
        weights = tensors.get("weights", np.ones(len(tensors["embeddings"]), dtype=np.float32))
        return np.ascontiguousarray(tensors["embeddings"] * weights[:, None]).astype(np.float32)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._table.shape[1])

    def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
        """Unit vectors, shape (n_texts, dimension); a text of unknown tokens only gives the zero vector."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([fold_text(t) for t in texts], add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                vectors[row] = self._table[encoding.ids].astype(np.float32).mean(axis=0)
        return unit(vectors)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or path, loaded by the real class on first use.

    Queries and passages are marked as the model's own prompts say, else as its family's card says.
    """

    def __init__(self, model: str, *, backend: Backend = "torch", revision: str | None = None) -> None:
        """Args: model: hub name or path. backend: "torch", "onnx" or "openvino". revision: of a hub model."""
        self.model, self.backend, self.revision = model, backend, revision

    @cached_property
    def _loaded(self) -> Any:
        if not Path(self.model).exists():
            os.environ.pop("HF_HUB_OFFLINE", None)  # the user asked for a hub model
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(
                self.model, backend=self.backend, revision=self.revision, trust_remote_code=False
            )
        except Exception as error:
            raise EncoderError(
                f"Cannot load the encoder {self.model!r} ({type(error).__name__}: {str(error).splitlines()[0][:200]}); "
                "give a sentence-transformers folder or a hub name, or leave --encoder out."
            ) from error

    @cached_property
    def name(self) -> str:
        """Model and revision; of a folder, the hash of its weights."""
        folder = Path(self.model)
        if folder.is_dir():
            digest = hashlib.sha256()
            for path in sorted(p for p in folder.rglob("*") if p.suffix in (".safetensors", ".json", ".onnx", ".bin")):
                digest.update(path.read_bytes())
            return f"folder:{digest.hexdigest()[:16]}"
        revision = self.revision or getattr(
            getattr(self._loaded[0], "model", None) and self._loaded[0].model.config, "_commit_hash", None
        )
        return f"{self.model}@{revision or 'main'}:{self.backend}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._loaded.get_embedding_dimension())

    @cached_property
    def _marks(self) -> tuple[str, str]:
        """What to put before a query and before a passage."""
        own = {k: v for k, v in (self._loaded.prompts or {}).items() if v}
        if own:
            return own.get("query", ""), own.get("document", own.get("passage", ""))
        name = self.model.casefold()
        return next(((q, p) for family, q, p in _PROMPTS if family in name), ("", ""))

    def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
        """Unit vectors, shape (n_texts, dimension)."""
        mark = self._marks[0 if query else 1]
        vectors = self._loaded.encode(
            [mark + t for t in texts], prompt="", batch_size=32, convert_to_numpy=True, show_progress_bar=False
        )
        return unit(np.asarray(vectors, dtype=np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Rows of length one; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def open_encoder(model: str | None = None, *, backend: Backend = "torch") -> Encoder:
    """The encoder that ships, or any other by hub name or path.

    Raises:
        EncoderError: There is no such model.
    """
    if model is None:
        return StaticEncoder(SHIPPED)
    folder = Path(model)
    if folder.is_dir() and _is_static(folder):
        return StaticEncoder(folder)
    if not folder.is_dir() and (folder.is_absolute() or model.startswith(".")):
        raise EncoderError(f"There is no encoder folder {model!r}; give an existing one, or a hub name.")
    return SentenceTransformerEncoder(model, backend=backend)


def word_encoder(encoder: Encoder) -> Encoder:
    """The encoder of single words beside another: words out of context need no transformer, which would take long."""
    return encoder if isinstance(encoder, StaticEncoder) else open_encoder()


def _modules(folder: Path) -> list[dict[str, str]]:
    try:
        modules: list[dict[str, str]] = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return modules


def _is_static(folder: Path) -> bool:
    modules = _modules(folder)
    return (
        bool(modules)
        and modules[0]["type"].endswith("StaticEmbedding")
        and all(m["type"].endswith("Normalize") for m in modules[1:])
    )


def _static_part(folder: Path) -> str:
    modules = _modules(folder)
    return modules[0].get("path", "") if modules else ""
