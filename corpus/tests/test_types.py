from __future__ import annotations

import math
from typing import Any, SupportsIndex

import pytest
from pydantic import ValidationError

from corpus.errors import DebateError, UnknownReferenceError
from corpus.library import open_debate
from corpus.parse import transcript_from_turns
from corpus.testing import trapped_debate
from corpus.types import Transcript


class CountingList(list[int]):
    looks = 0

    def __getitem__(self, at: Any) -> Any:
        self.looks += 1
        return super().__getitem__(at)


class NeverScanned(tuple[Any, ...]):
    """A tuple that may be indexed and not iterated."""

    def __iter__(self) -> Any:
        raise AssertionError("a look-up scanned the whole transcript")

    def index(self, value: Any, start: SupportsIndex = 0, stop: SupportsIndex = 0) -> int:
        raise AssertionError("a look-up scanned the whole transcript")


def test_look_up_by_offset_is_logarithmic() -> None:
    transcript = transcript_from_turns([("Ann", "好。" * 4096)], "long")
    starts = CountingList(s.start for s in transcript.sentences)
    transcript.__dict__["_starts"] = starts
    found = transcript.sentence_at(transcript.sentence("t1.3000").start + 1)
    assert found is not None and found.id == "t1.3000"
    assert starts.looks <= math.log2(4096) + 2


def test_look_up_by_id_scans_nothing() -> None:
    transcript = open_debate().transcript.model_copy()
    assert transcript.sentence("t1.1") and transcript.sentences_of("t1") and transcript.speaker_of("t1")  # tables built
    transcript.__dict__.update({n: NeverScanned(getattr(transcript, n)) for n in ("sentences", "turns", "speakers")})
    assert transcript.sentence("t22.1").id == "t22.1"
    assert transcript.position("t36.5") == 212
    assert transcript.turn("t12").number == 12
    assert transcript.speaker_of("t12").name == "Ethan Xu"
    assert [s.id for s in transcript.neighbours("t12.1", before=2, after=1)] == ["t12.1", "t12.2"]


def test_every_offset_finds_its_sentence_or_nothing() -> None:
    transcript = trapped_debate()
    for offset in range(-1, len(transcript.raw) + 2):
        expected = next((s for s in transcript.sentences if s.start <= offset < s.end), None)
        assert transcript.sentence_at(offset) == expected


def test_neighbours_stay_in_the_turn() -> None:
    transcript = trapped_debate()
    assert [s.id for s in transcript.neighbours("t4.2", before=9, after=9)] == ["t4.1", "t4.2"]
    assert [s.id for s in transcript.neighbours("t2.2")] == ["t2.1", "t2.2", "t2.3"]


def test_turn_before_the_first_and_after_the_last() -> None:
    transcript = trapped_debate()
    assert transcript.previous_turn("t1") is None and transcript.next_turn("t8") is None
    before, after = transcript.previous_turn("t8"), transcript.next_turn("t1")
    assert before is not None and before.id == "t7"
    assert after is not None and after.id == "t2"


@pytest.mark.parametrize("identifier", ["t0", "t9", "T1", "t1.1", "", "e1", "t-1", "\ud800"])
def test_unknown_turn(identifier: str) -> None:
    with pytest.raises(UnknownReferenceError, match="t1 to t8"):
        trapped_debate().turn(identifier)


@pytest.mark.parametrize("identifier", ["t1", "t1.0", "t1.5", "t9.1", "t01.1", ""])
def test_unknown_sentence(identifier: str) -> None:
    with pytest.raises(UnknownReferenceError):
        trapped_debate().sentence(identifier)


def test_unknown_speaker_id() -> None:
    with pytest.raises(UnknownReferenceError):
        trapped_debate().speaker("nobody")


def test_a_transcript_cannot_be_edited() -> None:
    transcript = trapped_debate()
    with pytest.raises(ValidationError):
        transcript.raw = "other"
    with pytest.raises(ValidationError):
        transcript.sentences[0].text = "other"


def test_a_transcript_survives_json() -> None:
    transcript = trapped_debate()
    again = Transcript.model_validate_json(transcript.model_dump_json())
    assert again == transcript


def test_every_error_is_a_debate_error() -> None:
    from corpus import errors

    family = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert len(family) == 11 and all(issubclass(e, DebateError) for e in family)
    assert all(e.__name__ in str(errors.__doc__) for e in family)
