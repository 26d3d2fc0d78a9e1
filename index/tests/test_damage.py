"""Vectors and encoders that are damaged: dropped and made anew, or told in one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.store import Store
from index.build import passage_vectors, stored_vectors, text_hash
from index.encoder import SHIPPED, STATIC, OnnxEncoder, StaticEncoder
from index.errors import EncoderError
from index.prepared import KINDS
from index.testing import BagOfWords
from index.types import Passage


def vector(*values: float) -> bytes:
    return np.array(values, dtype=np.float32).tobytes()


def test_vectors_that_can_be_none_of_the_encoders_are_dropped() -> None:
    store = Store.in_memory()
    good = {b"a": vector(1, 0), b"z": vector(0, 0)}
    bad = {
        b"b": vector(1, 0, 0), b"c": vector(float("nan"), 0), b"d": vector(float("inf"), 0), b"e": vector(3, 4),
        b"f": b"", b"g": b"\x00\x01\x02",
    }  # fmt: skip
    store.add_vectors("e", good | bad)
    assert stored_vectors(store, "e", [*good, *bad], 2) == good


@pytest.mark.parametrize("broken", [b"", b"\x00" * 7, b"\xff" * 4000])
def test_a_broken_vector_is_encoded_again_and_replaced(broken: bytes) -> None:
    store, encoder = Store.in_memory(), BagOfWords()
    passages = [
        Passage(id=f"p{n}", view="text", kind=KINDS[0], sentence_ids=(f"t1.{n}",), embedding_text=f"word{n} here")
        for n in range(3)
    ]
    whole = passage_vectors(passages, encoder, store)
    key = text_hash(passages[0].embedding_text)
    store.add_vectors(encoder.name, {key: broken})
    assert np.array_equal(passage_vectors(passages, encoder, store), whole)
    assert store.vectors(encoder.name, [key])[key] == whole[0].tobytes()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "means.npz", "manifest.json"])
@pytest.mark.parametrize("keep", [0, 100])
def test_a_truncated_encoder_is_a_sentence(name: str, keep: int, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    folder.mkdir()
    for path in SHIPPED.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / name).unlink()
    (folder / name).write_bytes((SHIPPED / name).read_bytes()[:keep])
    with pytest.raises(EncoderError, match="Cannot read"):
        OnnxEncoder(folder).encode(["x"])


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("pinned", [True, False])
def test_a_truncated_table_is_a_sentence(name: str, pinned: bool, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    shutil.copytree(STATIC, folder)
    if not pinned:
        (folder / "manifest.json").unlink()
    (folder / name).write_bytes((STATIC / name).read_bytes()[:1000])
    with pytest.raises(EncoderError, match="Cannot read"):
        StaticEncoder(folder).encode(["x"])
