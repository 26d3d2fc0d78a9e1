"""Verdicts: what is promised of labelled claims, and the traps that each check guards."""

from __future__ import annotations

import pytest

from assistant.verification.judge import Judgement, judge
from assistant.verification.scorer import is_current
from corpus.annotations import Annotations, SentenceNote
from corpus.errors import UnknownReferenceError
from corpus.library import open_debate
from corpus.parse import transcript_from_turns

DEBATE = open_debate()
HALL = transcript_from_turns(
    [
        ("Ada Moor", "Will the hall be heated this winter?"),
        ("Ben Holt", "The hall holds forty people. My neighbour says the roof leaks. Heating rose from 4 pounds to 6."),
        ("Ada Moor", "We will not sell the hall."),
    ],
    "hall",
)
NOTES = Annotations(
    sentences={
        "t1.1": SentenceNote(mode="asks"),
        "t2.2": SentenceNote(mode="relays", originator="the neighbour"),
    }
)


def of(claim: str, speaker: str, *ids: str) -> Judgement:
    return judge(claim, speaker, ids, HALL, NOTES)


def test_the_scorer_was_fitted_on_the_features_that_there_are() -> None:
    assert is_current()


def test_a_sentence_that_somebody_else_said_carries_nothing() -> None:
    told = of("Ada says that the hall holds forty people.", "Ada Moor", "t2.1")
    assert told.verdict == "unsupported" and "Ben Holt" in told.why and told.certain


def test_a_question_is_not_an_assertion() -> None:
    assert of("Ada says that the hall will be heated this winter.", "Ada Moor", "t1.1").verdict == "unsupported"
    assert of("Ada asks whether the hall will be heated this winter.", "Ada Moor", "t1.1").verdict != "unsupported"


def test_a_relayed_view_is_not_the_speakers_own() -> None:
    told = of("Ben himself believes that the roof leaks.", "Ben Holt", "t2.2")
    assert told.verdict == "unsupported" and "neighbour" in told.why
    assert of("His neighbour told Ben that the roof leaks.", "Ben Holt", "t2.2").verdict != "unsupported"


@pytest.mark.parametrize(
    ("claim", "speaker", "sentence"),
    [
        ("The hall holds ninety people.", "Ben Holt", "t2.1"),
        ("Heating was cut from 6 pounds to 4.", "Ben Holt", "t2.3"),
        ("We will sell the hall.", "Ada Moor", "t3.1"),
    ],
)
def test_what_the_quote_denies_is_never_called_supported(claim: str, speaker: str, sentence: str) -> None:
    assert of(claim, speaker, sentence).verdict in ("contradicted", "unsupported", "partly", "unchecked")


def test_the_reason_is_in_the_claims_language() -> None:
    zh = judge("Bruce 本人认为大盘马上要崩。", "Bruce Liu", ["t21.4"], DEBATE.transcript, DEBATE.notes)
    en = judge("Bruce himself thinks that a crash is near.", "Bruce Liu", ["t21.4"], DEBATE.transcript, DEBATE.notes)
    assert zh.verdict == en.verdict == "unsupported"
    assert "引文" in zh.why and "quote" in en.why
    assert zh.why.endswith("。") and en.why.endswith(".")


def test_a_sentence_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UnknownReferenceError, match=r"t99\.1"):
        of("The roof leaks.", "Ben Holt", "t99.1")
