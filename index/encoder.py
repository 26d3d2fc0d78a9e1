"""Texts → vectors. The only import of onnxruntime and, with the reader, of sentence_transformers.

Two models ship, and neither needs torch, whose import alone takes ten seconds. ``weights/encoder`` is a transformer of
many languages as one ONNX file (``OnnxEncoder``). ``weights/static`` is a table of words, a thousand times faster: it
answers while a large debate is being encoded, and tells how near single words are; it is a real sentence-transformers
folder, read here without that library (a test proves that both give the same vectors). Every other model, by hub name
or path, is loaded by the real class.

Cosines of different models mean different things, and a transformer's crowd near 1. So every encoder is *calibrated*:
what all texts of a side (query, passage) and language have in common, their mean vector, is taken away before anything
is compared. Without it an English question finds English speech before Chinese, whatever is said.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from corpus import pins
from corpus.annotations import Annotations
from corpus.normalize import fold_text
from corpus.pins import PinError
from index.errors import EncoderError
from index.types import Encoder, Vectors

Backend = Literal["torch", "onnx", "openvino"]
SHIPPED = Path(__file__).parent / "weights" / "encoder"
CALIBRATION = Path(__file__).parent / "weights" / "calibration.json"
STATIC = Path(__file__).parent / "weights" / "static"
_LONGEST = 256  # tokens of a text that are read
_REMEMBERED = 64  # questions whose vectors are remembered

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
            path = folder / _static_part(folder) / "model.safetensors"
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            pins.check(path, data)
        except (OSError, PinError) as error:
            raise EncoderError(f"Cannot read the encoder in {folder}: {_told(error)}") from error
        self.name = f"static:{digest[:16]}"

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = _open_tokenizer(self.folder / _static_part(self.folder) / "tokenizer.json")
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _table(self) -> Vectors:
        from safetensors.numpy import load_file

        try:
            tensors = load_file(str(self.folder / _static_part(self.folder) / "model.safetensors"))
            if "embedding.weight" in tensors:
                return np.ascontiguousarray(tensors["embedding.weight"])
            # quantised rows with one weight a token, the other layout that the real class reads
            weights = tensors.get("weights", np.ones(len(tensors["embeddings"]), dtype=np.float32))
            return np.ascontiguousarray(tensors["embeddings"] * weights[:, None]).astype(np.float32)
        except Exception as error:  # safetensors raises classes of its own
            raise EncoderError(f"Cannot read the encoder in {self.folder}: its weights are damaged.") from error

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


def side(text: str, *, query: bool) -> str:
    """Which mean belongs to a text: of its side and of its script, "query-zh" or "passage-en"."""
    script = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
    return f"{'query' if query else 'passage'}-{script}"


class OnnxEncoder:
    """A transformer in one ONNX file with its tokenizer, prompts and means. Thread-safe.

    Texts are encoded one at a time: on two cores that costs no more than padded batches, and since the weights are
    quantised with scales that depend on what is computed together, it is what makes a text's vector its own.
    """

    def __init__(self, folder: Path) -> None:
        """Raises: EncoderError: the folder is not such a model."""
        self.folder = folder
        try:
            self._settings: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            digest: str = self._settings["files"]["model.onnx"]
            with np.load(folder / "means.npz", allow_pickle=False) as means:
                self.means = {name: means[name] for name in means.files}
            self.dimension: int = int(self._settings["dimension"])
            self._prompts: dict[str, str] = {name: self._settings["prompts"][name] for name in ("query", "passage")}
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise EncoderError(f"Cannot read the encoder in {folder}: {error}.") from error
        self.name = f"onnx:{digest[:16]}"
        self._asked: dict[str, Vectors] = {}

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = _open_tokenizer(self.folder / "tokenizer.json")
        tokenizer.no_padding()
        tokenizer.enable_truncation(_LONGEST)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        _check_pin(self.folder / "model.onnx")
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.intra_op_num_threads = min(4, os.cpu_count() or 1)
            # Idle threads that spin would take the cores from whoever answers beside this.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            path = str(self.folder / "model.onnx")
            return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise EncoderError(f"Cannot run the encoder in {self.folder} ({type(error).__name__}: {error}).") from error

    def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
        """Unit vectors, calibrated, shape (n_texts, dimension)."""
        one = self._query if query else self._passage
        rows = [one(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def tokens(self, text: str) -> tuple[list[tuple[int, int]], Vectors, Vectors]:
        """A text as read, as a query: each token's place in it ``[start, end)``, their states as unit rows (n_tokens,
        dimension), and the text's own vector as ``encode`` gives it.
        """
        before = len(self._prompts["query"])
        encoding, states = self._states(text, query=True)
        rows = [n for n, (a, b) in enumerate(encoding.offsets) if b > max(a, before)]
        places = [(max(0, encoding.offsets[n][0] - before), encoding.offsets[n][1] - before) for n in rows]
        return places, unit(states[rows]), self._calibrated(text, states, query=True)

    def _passage(self, text: str) -> Vectors:
        return self._calibrated(text, self._states(text, query=False)[1], query=False)

    def _query(self, text: str) -> Vectors:
        """As ``_passage``; a question is asked of every debate, with a filter and without, and encoded once."""
        known = self._asked.get(text)
        if known is None:
            known = self._calibrated(text, self._states(text, query=True)[1], query=True)
            while len(self._asked) >= _REMEMBERED:
                self._asked.pop(next(iter(self._asked)), None)
            self._asked[text] = known
        return known

    def _states(self, text: str, *, query: bool) -> tuple[Any, Vectors]:
        encoding = self._tokenizer.encode(self._prompts["query" if query else "passage"] + text)
        ids = np.array([encoding.ids], dtype=np.int64)
        (states,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return encoding, states[0]

    def _calibrated(self, text: str, states: Vectors, *, query: bool) -> Vectors:
        mean = states.mean(axis=0)
        vector: Vectors = unit((mean / np.linalg.norm(mean) - self.means[side(text, query=query)])[None])[0]
        return vector


def _open_tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    _check_pin(path)
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises Exception itself
        raise EncoderError(f"Cannot read the encoder's tokenizer {path}: it is missing or damaged.") from error


def _check_pin(path: Path) -> None:
    try:
        pins.check(path)
    except (OSError, PinError) as error:
        raise EncoderError(f"Cannot read the encoder: {_told(error)}") from error


def _told(error: OSError | PinError) -> str:
    return str(error) if isinstance(error, PinError) else f"{error.strerror or error}."


def allow_hub(model: str) -> None:
    """Let the hub be asked for a model that the user named and that is no folder."""
    if not Path(model).exists():
        os.environ.pop("HF_HUB_OFFLINE", None)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by hub name or path, loaded by the real class on first use.

    Queries and passages are marked as the model's own prompts say, else as its family's card says.
    """

    def __init__(self, model: str, *, backend: Backend = "torch", revision: str | None = None) -> None:
        """Args: model: hub name or path. backend: "torch", "onnx" or "openvino". revision: of a hub model."""
        self.model, self.backend, self.revision = model, backend, revision

    @cached_property
    def _loaded(self) -> Any:
        allow_hub(self.model)
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


class CalibratedEncoder:
    """Another encoder less what all its texts of a side and language have in common. Thread-safe as that one is."""

    def __init__(self, encoder: Encoder, means: Mapping[str, Vectors]) -> None:
        """Args: means: of its vectors, by ``side``, shape (dimension,) each."""
        self.encoder, self.means = encoder, means
        self.name, self.dimension = f"{encoder.name}/calibrated", encoder.dimension

    def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
        """Unit vectors, shape (n_texts, dimension)."""
        vectors = self.encoder.encode(texts, query=query)
        if texts:
            vectors = vectors - np.stack([self.means[side(text, query=query)] for text in texts])
        return unit(vectors)


def calibration_texts() -> dict[str, list[str]]:
    """Sentences and questions of invented debates, by ``side``: what an encoder that is not ours is calibrated on."""
    texts: dict[str, list[str]] = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    return texts


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
        return OnnxEncoder(SHIPPED)
    folder = Path(model)
    if (folder / "manifest.json").is_file() and (folder / "model.onnx").is_file():
        return OnnxEncoder(folder)
    if folder.is_dir() and _is_static(folder):
        return StaticEncoder(folder)
    if not folder.is_dir() and (folder.is_absolute() or model.startswith(".")):
        raise EncoderError(f"There is no encoder folder {model!r}; give an existing one, or a hub name.")
    return SentenceTransformerEncoder(model, backend=backend)


def default_encoder(notes: Annotations) -> Encoder:
    """The encoder that ships for a debate: where readers' questions lead to every sentence, the table is enough."""
    return static_encoder() if notes.questions else open_encoder()


@lru_cache(maxsize=1)
def shared_encoder() -> OnnxEncoder:
    """The transformer that ships, one for all who search many debates: it remembers what was asked."""
    return OnnxEncoder(SHIPPED)


def word_encoder(encoder: Encoder) -> Encoder:
    """The encoder of single words beside another: words out of context need no transformer, which would take long."""
    return encoder if isinstance(encoder, StaticEncoder) else static_encoder()


@lru_cache(maxsize=1)
def static_encoder() -> StaticEncoder:
    """The table of words that ships."""
    return StaticEncoder(STATIC)


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
