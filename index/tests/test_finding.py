from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.annotations import Annotations
from corpus.library import Debate, open_debate
from corpus.parse import transcript_from_turns
from corpus.store import Store
from index import finding
from index.build import unknown_texts
from index.encoder import CalibratedEncoder, OnnxEncoder, StaticEncoder, calibration_texts, unit
from index.finding import calibrated, open_finding
from index.passages import make_passages
from index.testing import BagOfWords
from index.types import Vectors


def panel(turns: int) -> Debate:
    said = [("Ana" if n % 2 else "Bo", f"Item {n} is settled. Nobody objects to item {n}.") for n in range(turns)]
    return Debate(transcript_from_turns(said, "panel"), Annotations(), None)


def test_a_debate_with_readers_questions_needs_no_transformer_and_any_other_gets_one() -> None:
    ours, other = open_finding(open_debate()), open_finding(panel(2))
    assert isinstance(ours.encoder, StaticEncoder)
    assert isinstance(other.encoder, OnnxEncoder) and other.reader is None


def test_a_long_debate_is_told_and_what_is_encoded_is_not_encoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "AT_ONCE", 10)
    debate = panel(20)
    found = finding.Finding(BagOfWords(), None)
    with Store.open(tmp_path) as store:
        assert found.is_long(debate, store)
        stops = iter([False, False, True])
        monkeypatch.setattr("index.build._BATCH", 8)
        with pytest.raises(InterruptedError, match="not encoded yet"):
            found.whole(debate, store, stopped=lambda: next(stops))
        passages = make_passages(debate.transcript, debate.notes)
        assert unknown_texts(passages, found.encoder, store) == len(passages) - 16
        found.whole(debate, store)
        assert not found.is_long(debate, store)


def test_the_quick_index_answers_from_words_alone() -> None:
    index = open_finding(panel(6)).quick(panel(6), None)
    assert isinstance(index.encoder, StaticEncoder) and index.aim == "instant"
    assert index.search("Who objects to item 4?")


def test_another_encoder_is_calibrated_once_a_store(tmp_path: Path) -> None:
    class Leaning(BagOfWords):
        """Everything it says leans one way, questions another."""

        calls = 0

        def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
            Leaning.calls += len(texts)
            leaning = np.full((len(texts), self.dimension), 1.0 if query else -1.0, dtype=np.float32)
            return unit(super().encode(texts, query=query) + leaning)

    with Store.open(tmp_path) as store:
        made = calibrated(Leaning(), store)
        assert isinstance(made, CalibratedEncoder) and made.name != Leaning().name
        assert Leaning.calls == sum(map(len, calibration_texts().values()))
        calibrated(Leaning(), store)
        assert Leaning.calls == sum(map(len, calibration_texts().values()))
    asked, said = made.encode(["harbour fees"], query=True), made.encode(["harbour fees"])
    assert float(asked[0] @ said[0]) > 0.5 > float(Leaning().encode(["harbour fees"], query=True)[0] @ said[0])
