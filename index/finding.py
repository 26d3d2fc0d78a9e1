"""Which models find in which debate, and how an index of it is opened with them.

A debate with readers' questions noted is searched by the static encoder, which is enough where every sentence has
several questions that lead to it; any other by the transformer. A long debate that is new may
be searched at once by the static encoder, until its texts are encoded.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from corpus.library import Debate
from corpus.store import Store
from index.build import stored_vectors, text_hash, unknown_texts
from index.chroma import Progress
from index.encoder import (
    CalibratedEncoder,
    OnnxEncoder,
    StaticEncoder,
    calibration_texts,
    default_encoder,
    open_encoder,
    static_encoder,
)
from index.passages import make_passages
from index.reader import Reader, open_reader
from index.search import PassageIndex
from index.types import Encoder

AT_ONCE = 400  # texts that are encoded while one waits, about three seconds


class Finding(NamedTuple):
    """An encoder and the reader beside it."""

    encoder: Encoder
    reader: Reader | None

    def is_long(self, debate: Debate, store: Store | None) -> bool:
        """Whether so many texts have yet to be encoded that nobody should wait for it."""
        if isinstance(self.encoder, StaticEncoder):
            return False
        return unknown_texts(make_passages(debate.transcript, debate.notes), self.encoder, store) > AT_ONCE

    def quick(self, debate: Debate, store: Store | None) -> PassageIndex:
        """An index of the static encoder's."""
        return PassageIndex.open(debate.transcript, debate.notes, static_encoder(), store, reader=self.reader)

    def whole(
        self,
        debate: Debate,
        store: Store | None,
        progress: Progress | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> PassageIndex:
        """The index that is meant; texts that are not encoded yet are encoded first.

        Raises:
            InterruptedError: ``stopped`` said so before all texts were encoded.
        """
        return PassageIndex.open(
            debate.transcript, debate.notes, self.encoder, store, progress, reader=self.reader, stopped=stopped
        )


def calibrated(encoder: Encoder, store: Store | None = None) -> Encoder:
    """An encoder whose cosines can be compared across sides and languages.

    Those that ship are; any other is calibrated on the texts that ship for it, once a store.
    """
    if isinstance(encoder, OnnxEncoder | StaticEncoder):
        return encoder
    means = {}
    for name, texts in calibration_texts().items():
        query = name.startswith("query")
        place, hashes = f"{encoder.name}/{name}", [text_hash(text) for text in texts]
        known = stored_vectors(store, place, hashes, encoder.dimension) if store is not None else {}
        if len(known) < len(texts):
            fresh = encoder.encode(texts, query=query)
            known = {key: vector.tobytes() for key, vector in zip(hashes, fresh, strict=True)}
            if store is not None and store.writable:
                store.add_vectors(place, known)
        means[name] = np.mean([np.frombuffer(known[key], dtype=np.float32) for key in hashes], axis=0)
    return CalibratedEncoder(encoder, means)


def open_finding(debate: Debate, model: str | None = None, store: Store | None = None) -> Finding:
    """The models for a debate.

    Args:
        model: encoder by hub name or path; the one for such a debate when left out. ``DEBATE_READER`` names a reader.
        store: where what an encoder that is not ours was calibrated to is kept.

    Raises:
        EncoderError: There is no such model.
    """
    encoder = default_encoder(debate.notes) if model is None else calibrated(open_encoder(model), store)
    reader = os.environ.get("DEBATE_READER", "").strip()
    return Finding(encoder, open_reader(reader) if reader else None)
