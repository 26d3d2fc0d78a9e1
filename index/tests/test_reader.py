from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpus.parse import transcript_from_turns
from index.encoder import static_encoder
from index.errors import EncoderError
from index.reader import CrossEncoderReader, open_reader
from index.search import READ, PassageIndex
from index.types import Hit


class LikesLong:
    """A reader that takes the longest sentence for the answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, question: str, sentences: Sequence[str]) -> list[float]:
        self.asked += sentences
        return [float(len(sentence)) for sentence in sentences]


def test_a_cross_encoder_takes_its_place_by_one_setting_and_says_when_it_is_not_there() -> None:
    assert isinstance(open_reader("someone/reranker"), CrossEncoderReader)
    with pytest.raises(EncoderError, match="Cannot load the reader"):
        CrossEncoderReader("./nowhere").read("Who pays?", ["Ana: The city pays."])


def test_only_the_best_finds_are_read_and_no_probability_is_made_or_lost() -> None:
    turns = [("Ana" if n % 2 else "Bo", f"Point {n} is made" + " again" * n + ".") for n in range(READ + 8)]
    index = PassageIndex.in_memory(transcript_from_turns(turns, "panel"), encoder=static_encoder())
    before = index.search("Which point is made again?", k=40)
    index.reader = reader = LikesLong()
    after = index.reread("Which point is made again?", before)
    assert len(reader.asked) == READ and reader.asked[0].startswith(("Ana: Point", "Bo: Point"))
    assert {hit.id for hit in after} == {hit.id for hit in before} and after[READ:] == before[READ:]
    assert [hit.rank for hit in after] == list(range(1, len(before) + 1))
    assert sum(hit.score for hit in after) == pytest.approx(sum(hit.score for hit in before), abs=1e-5)
    text = index.transcript.sentence(after[0].id).text
    assert len(text) == max(len(index.transcript.sentence(hit.id).text) for hit in before[:READ])


def test_without_a_reader_finds_stay_as_they_are() -> None:
    index = PassageIndex.in_memory(transcript_from_turns([("Ana", "One. Two.")], "panel"), encoder=static_encoder())
    hits = [Hit("t1.1", 0.6, 1), Hit("t1.2", 0.4, 2)]
    assert index.reread("Two?", hits) == hits
