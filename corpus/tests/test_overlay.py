from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from corpus.errors import DebateError, UnknownReferenceError, UnknownSpeakerError
from corpus.overlay import Overlay, apply, combined
from corpus.parse import transcript_from_turns
from corpus.quotes import quote_sentences
from corpus.speakers import find_speakers
from corpus.types import Transcript

TURNS = [
    ("Speaker 1", "Why tolls?"),
    ("Tomas Weil", "Tolls pay half."),
    ("Ann Lee", "I doubt it."),
    ("Thomas Weil", "And the rest is a loan."),
    (None, "Louder!"),
    ("Ann Lee", "At what rate?"),
]
IDS = ["speaker-1", "tomas-weil", "ann-lee", "thomas-weil", "unknown"]


def talk() -> Transcript:
    return transcript_from_turns([(name or "Unknown", words) for name, words in TURNS], "talk")


def test_nothing_of_the_file_changes() -> None:
    before = talk()
    everything = Overlay(
        rename={"speaker-1": "Nora Field"}, merge={"tomas-weil": "thomas-weil"}, host={"ann-lee": True},
        role={"thomas-weil": "engineer"},
    )  # fmt: skip
    after = apply(before, everything)
    assert (after.raw, after.sha256, after.sentences) == (before.raw, before.sha256, before.sentences)
    assert [t.model_copy(update={"speaker_id": ""}) for t in after.turns] == [
        t.model_copy(update={"speaker_id": ""}) for t in before.turns
    ]
    assert "Nora" not in after.raw and before.speakers == talk().speakers


def test_a_quote_bears_the_name_that_was_put_on_it() -> None:
    before = talk()
    assert quote_sentences(before, ["t1.1"]).speaker == "Speaker 1"  # fills the look-up tables of the old transcript
    after = apply(before, Overlay(rename={"speaker-1": "Nora Field"}))
    quote = quote_sentences(after, ["t1.1"])
    assert (quote.speaker, quote.speaker_id, quote.text) == ("Nora Field", "speaker-1", "Why tolls?")
    assert [s.name for s in find_speakers("What did Nora ask, and Field? And Speaker 1?", after.speakers)] == [
        "Nora Field"
    ]


def test_merged_speakers_are_one_who_is_known_by_all_names() -> None:
    after = apply(talk(), Overlay(merge={"tomas-weil": "thomas-weil"}))
    assert [s.name for s in after.speakers] == ["Speaker 1", "Ann Lee", "Thomas Weil", talk().speakers[-1].name]
    assert [turn.speaker_id for turn in after.turns if turn.number in (2, 4)] == ["thomas-weil", "thomas-weil"]
    assert [s.id for s in find_speakers("What did Tomas say?", after.speakers)] == ["thomas-weil"]


def test_words_of_unknown_origin_can_be_given_to_somebody() -> None:
    after = apply(talk(), Overlay(merge={"unknown": "ann-lee"}))
    assert after.turn("t5").speaker_id == "ann-lee" and all(s.is_known for s in after.speakers)
    assert "unknown" not in after.speaker("ann-lee").aliases
    renamed = apply(talk(), Overlay(rename={"unknown": "Cy Orr"}))
    assert renamed.speaker("unknown").is_known and renamed.speaker("unknown").name == "Cy Orr"


def test_a_merge_over_two_steps_ends_with_who_stays() -> None:
    after = apply(talk(), Overlay(merge={"speaker-1": "tomas-weil", "tomas-weil": "thomas-weil"}))
    assert after.turn("t1").speaker_id == "thomas-weil"


def test_a_new_role_names_somebody_and_the_old_one_no_more() -> None:
    before = apply(talk(), Overlay(role={"ann-lee": "CFO, Acme Capital"}))
    assert [s.name for s in find_speakers("What did the CFO say?", before.speakers)] == ["Ann Lee"]
    after = apply(talk(), combined(Overlay(role={"ann-lee": "CFO, Acme Capital"}), Overlay(role={"ann-lee": ""})))
    assert find_speakers("What did the CFO of Acme Capital say?", after.speakers) == ()


def test_a_host_by_a_readers_word_is_certain() -> None:
    after = apply(talk(), Overlay(host={"ann-lee": True, "speaker-1": False}))
    assert {s.id: (s.is_host, s.host_probability) for s in after.speakers}["ann-lee"] == (True, 1.0)
    assert {s.id: (s.is_host, s.host_probability) for s in after.speakers}["speaker-1"] == (False, 0.0)


def test_what_is_said_of_the_merged_holds_against_what_was_said_before() -> None:
    first = Overlay(merge={"tomas-weil": "thomas-weil"}, host={"tomas-weil": True})
    after = apply(talk(), combined(first, Overlay(host={"thomas-weil": False})))
    assert not after.speaker("thomas-weil").is_host


@pytest.mark.parametrize(
    ("overlay", "error", "words"),
    [
        (Overlay(rename={"nobody": "X"}), UnknownReferenceError, "'nobody'"),
        (Overlay(merge={"ann-lee": "nobody"}), UnknownReferenceError, "'nobody'"),
        (Overlay(merge={"ann-lee": "tomas-weil", "tomas-weil": "ann-lee"}), UnknownSpeakerError, "leads back"),
        (Overlay(merge={"ann-lee": "ann-lee"}), UnknownSpeakerError, "leads back"),
        (Overlay(rename={"speaker-1": "ANN LEE"}), UnknownSpeakerError, "--merge"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(overlay: Overlay, error: type[DebateError], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        apply(talk(), overlay)
    assert "\n" not in str(caught.value)


def test_an_overlay_is_frozen_and_holds_nothing_else() -> None:
    with pytest.raises(ValidationError):
        Overlay.model_validate({"rename": {}, "quotes": {}})
    assert Overlay().is_empty and apply(talk(), Overlay()) == talk()


STEP = st.builds(
    Overlay,
    rename=st.dictionaries(st.sampled_from(IDS), st.sampled_from(["A. B.", "Cy Orr", "Dee Fox"]), max_size=1),
    merge=st.dictionaries(st.sampled_from(IDS[:3]), st.sampled_from(IDS[3:]), max_size=2),
    host=st.dictionaries(st.sampled_from(IDS), st.booleans(), max_size=2),
    role=st.dictionaries(st.sampled_from(IDS), st.sampled_from(["", "CFO", "clerk"]), max_size=2),
)


@given(STEP, STEP)
def test_two_overlays_together_do_what_they_do_one_after_the_other(first: Overlay, later: Overlay) -> None:
    try:
        expected = apply(apply(talk(), first), later)
    except DebateError:
        return
    together = apply(talk(), Overlay.model_validate_json(combined(first, later).model_dump_json()))
    facts = [(s.id, s.name, s.role, s.is_host, s.host_probability, s.is_known) for s in together.speakers]
    assert facts == [(s.id, s.name, s.role, s.is_host, s.host_probability, s.is_known) for s in expected.speakers]
    assert together.turns == expected.turns
