"""What is opened again must answer as what was made, or be made anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.annotations import Annotations
from corpus.library import Debate, open_debate
from corpus.overlay import Overlay, apply
from corpus.store import Store
from corpus.testing import trapped_debate
from index import search
from index.encoder import static_encoder
from index.passages import FINDABLE, make_passages
from index.prepared import fingerprint, unit_ids
from index.search import PassageIndex

QUESTIONS = ("GPU 租金", "what about electricity?", "泡沫", "2030")


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "search").glob("*.npz"))


@pytest.mark.parametrize("debate", [Debate(trapped_debate(), Annotations()), open_debate()], ids=["plain", "noted"])
def test_opened_again_it_ranks_the_same_and_makes_no_passage(
    debate: Debate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path) as store:
        made = PassageIndex.open(debate.transcript, debate.notes, static_encoder(), store)
        monkeypatch.setattr(search, "make_passages", lambda *_: pytest.fail("passages were made again"))
        opened = PassageIndex.open(debate.transcript, debate.notes, static_encoder(), store)
        for question in QUESTIONS:
            assert opened.search(question) == made.search(question)
            before, after = made.legs(question), opened.legs(question)
            assert all(np.array_equal(before.scores[leg], after.scores[leg]) for leg in before.scores)
            assert np.array_equal(made.familiarity(before), opened.familiarity(after))
        assert opened.knows_word("Hopper") == made.knows_word("Hopper")


@pytest.mark.parametrize("harm", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"PK\x03\x04 no zip"])
def test_damaged_file_is_made_anew(harm: object, tmp_path: Path) -> None:
    debate = trapped_debate()
    with Store.open(tmp_path) as store:
        made = PassageIndex.open(debate, Annotations(), static_encoder(), store)
        (path,) = kept(tmp_path)
        path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator]
        again = PassageIndex.open(debate, Annotations(), static_encoder(), store)
        assert again.search("泡沫") == made.search("泡沫")
        assert PassageIndex.open(debate, Annotations(), static_encoder(), store).search("泡沫") == made.search("泡沫")


def test_other_people_or_notes_are_another_index_and_the_old_one_goes(tmp_path: Path) -> None:
    debate = trapped_debate()
    merged = apply(debate, Overlay(merge={"bob-ray": "ann-lee"}))
    words = static_encoder()
    assert fingerprint(debate, Annotations(), words, words) != fingerprint(merged, Annotations(), words, words)
    with Store.open(tmp_path) as store:
        PassageIndex.open(debate, Annotations(), words, store)
        PassageIndex.open(merged, Annotations(), words, store)
        assert len(kept(tmp_path)) == 1


def test_units_are_told_without_passages() -> None:
    transcript, notes, *_ = open_debate()
    passages = make_passages(transcript, notes)
    pieces = [piece.id for piece in transcript.editorials if piece.kind in FINDABLE]
    assert unit_ids(transcript, passages) == [*(s.id for s in transcript.sentences), *pieces]
