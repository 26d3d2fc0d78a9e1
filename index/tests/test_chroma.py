from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import open_debate
from corpus.store import Store
from index import chroma
from index.build import open_chroma, passage_vectors
from index.errors import ChromaIndexError
from index.passages import make_passages
from index.search import PassageIndex
from index.testing import BagOfWords
from index.types import Filters

DEBATE = open_debate()
ENCODER = BagOfWords(64)
PASSAGES = tuple(p for p in make_passages(DEBATE.transcript, DEBATE.notes) if p.view in ("text", "gloss"))
VECTORS = passage_vectors(PASSAGES, ENCODER)


def test_chroma_finds_what_the_exact_scan_finds_under_every_filter(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        cache = open_chroma(store, PASSAGES, VECTORS, ENCODER)
    index = PassageIndex(DEBATE.transcript, DEBATE.notes, PASSAGES, VECTORS, ENCODER)
    query = ENCODER.encode(["GPU 折旧 年限"], query=True)[0]
    for filters in (Filters(), Filters(speaker_ids=("rob-li",)), Filters(sections=(2, 3)), Filters(kind="editorial")):
        exact = index.exact.nearest(query, "text", 5, filters).cosines.round(4).tolist()
        assert cache.nearest(query, "text", 5, filters).cosines.round(4).tolist() == exact


def test_a_good_generation_is_used_again_and_a_damaged_one_is_replaced(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        first = open_chroma(store, PASSAGES, VECTORS, ENCODER).folder
        again = open_chroma(store, PASSAGES, VECTORS, ENCODER).folder
        assert first == again
        for part in first.rglob("*.bin"):
            part.write_bytes(b"")
        (first / "chroma.sqlite3").write_bytes(b"not a database")
        second = open_chroma(store, PASSAGES, VECTORS, ENCODER).folder
        assert second != first and not first.exists()
        chroma.probe(second)


def test_a_generation_that_lost_vectors_fails_its_probe_though_it_opens(tmp_path: Path) -> None:
    chroma.fill(tmp_path / "full", PASSAGES, VECTORS)
    chroma.fill(tmp_path / "half", PASSAGES[: len(PASSAGES) // 4], VECTORS[: len(PASSAGES) // 4])
    (tmp_path / "half" / "canaries.json").write_bytes((tmp_path / "full" / "canaries.json").read_bytes())
    with pytest.raises(ChromaIndexError, match="lost vectors"):
        chroma.probe(tmp_path / "half")
