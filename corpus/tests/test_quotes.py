from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.annotations import Annotations, SentenceNote
from corpus.errors import QuoteNotFoundError, UnknownReferenceError
from corpus.library import open_debate
from corpus.parse import transcript_from_turns
from corpus.quotes import join_adjacent, locate_quote, quote_sentences, seconds_at, spans_within
from corpus.testing import SHARED_PHRASE, timed_debate, trapped_debate
from corpus.types import Mode, Sentence, Span, Stretch, Transcript
from corpus.words import words_of

TRAPPED = trapped_debate()
TIMED = timed_debate()
DEBATE = open_debate().transcript


def located(text: str, words: str) -> str:
    """The words of a one-turn debate that a quote is located at."""
    debate = transcript_from_turns([("Ann", words)], "one")
    start, end = locate_quote(text, debate.turns[0], debate)
    return debate.raw[start:end]


def test_a_quote_is_its_slice_with_its_speaker() -> None:
    quote = quote_sentences(TRAPPED, ["t2.1", "t2.2"])
    assert quote.text == TRAPPED.raw[quote.start : quote.end]
    assert (quote.speaker, quote.turn_id, quote.sentence_ids) == ("Ann Lee", "t2", ("t2.1", "t2.2"))
    assert quote.text.startswith(SHARED_PHRASE)


@pytest.mark.parametrize(
    ("trap", "ids"),
    [
        ("a gap", ["t2.1", "t2.3"]),
        ("backwards", ["t2.2", "t2.1"]),
        ("twice the same", ["t2.1", "t2.1"]),
        ("across two turns", ["t2.4", "t3.1"]),
        ("across two speakers who share a phrase", ["t2.1", "t7.1"]),
        ("across a paragraph", ["t5.1", "t5.2"]),
        ("nothing", []),
    ],
)
def test_only_adjacent_sentences_of_one_paragraph(trap: str, ids: list[str]) -> None:
    with pytest.raises(QuoteNotFoundError):
        quote_sentences(TRAPPED, ids)


def test_unknown_sentence_is_named() -> None:
    with pytest.raises(UnknownReferenceError, match=r"t2\.99"):
        quote_sentences(TRAPPED, ["t2.99"])


@given(st.lists(st.sampled_from([s.id for s in DEBATE.sentences]), max_size=8))
def test_runs_can_each_be_quoted_and_lose_nothing(ids: list[str]) -> None:
    runs = join_adjacent(DEBATE, ids)
    flat = [i for run in runs for i in run]
    assert sorted(flat) == sorted(set(ids)) and flat == sorted(flat, key=DEBATE.position)
    for run in runs:
        quote = quote_sentences(DEBATE, run)
        assert quote.text == DEBATE.raw[quote.start : quote.end]
        assert all(DEBATE.sentence(i).text in quote.text for i in run)
        assert DEBATE.speaker_of(quote.turn_id).name == quote.speaker


def test_runs_break_at_turns_and_paragraphs() -> None:
    ids = [s.id for s in TRAPPED.sentences if s.turn_id in ("t4", "t5")]
    assert join_adjacent(TRAPPED, reversed(ids)) == [("t4.1", "t4.2"), ("t5.1",), ("t5.2",), ("t5.3",)]
    with pytest.raises(UnknownReferenceError):
        join_adjacent(TRAPPED, ["t4.1", "nope"])


@pytest.mark.parametrize(
    ("modes", "mode", "originator"),
    [
        (("own", "own"), "own", None),
        (("asks", "own"), "own", None),
        (("asks", "asks"), "asks", None),
        (("own", "relays"), "relays", "Burry"),
    ],
)
def test_mode_of_a_quote_never_hides_that_words_are_relayed(
    modes: tuple[Mode, Mode], mode: str, originator: str | None
) -> None:
    notes = {
        f"t4.{n}": SentenceNote(mode=m, originator="Burry" if m == "relays" else None, gloss=f"g{n}")
        for n, m in enumerate(modes, start=1)
    }
    quote = quote_sentences(TRAPPED, ["t4.1", "t4.2"], Annotations(sentences=notes))
    assert quote.mode in get_args(Mode)
    assert (quote.mode, quote.originator, quote.gloss) == (mode, originator, "g1 g2")


def test_without_notes_there_is_no_gloss() -> None:
    quote = quote_sentences(TRAPPED, ["t4.1"])
    assert quote.gloss is None and quote.originator is None and quote.mode == "own"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"等一等!"才是对的.', "“等一等!”才是对的。"),
        ("「等一等」", "“等一等”"),
        ("1.4 万亿", "1.4万亿"),
        ("AI的投资", "AI 的投资"),
        ("ＡＩ：１.４％", "AI:1.4%"),
        ("don't", "don’t"),
        ("30,40美元", "30、40美元"),
        ("2010–2015年", "2010-2015年"),
        ("price  taker", "price\u2028taker"),
        ("GPU折旧", "GPU\u200b折旧"),
    ],
)
def test_typographic_marks_are_forgiven(text: str, words: str) -> None:
    assert located(text, f"前面说,{words},后面说。") == words


@pytest.mark.parametrize(
    ("trap", "text", "words"),
    [
        ("another number", "12万", "10万"),
        ("end of a number", "5年", "用15年"),
        ("start of a number", "涨到1", "涨到15"),
        ("after the decimal point", "4万亿", "1.4万亿"),
        ("before the decimal point", "涨1", "涨1.4"),
        ("end of a word", "own", "Brown said"),
        ("start of a word", "rob", "robot"),
        ("blank that made two numbers", "100", "10 0"),
        ("blank that made two words", "anything", "any thing"),
        ("case", "nvidia", "NVIDIA"),
        ("traditional characters", "折舊", "折旧"),
        ("accent", "resume", "résumé"),
        ("combining accent", "resume", "re\u0301sume\u0301"),
        ("superscript", "102", "10²"),
        ("left-out word", "不是泡沫", "不一定是泡沫"),
        ("word of our own", "这不是大泡沫", "这不是泡沫"),
        ("marks only", "。", "好。"),
        ("white space only", " \n", "好 \n好"),
        ("nothing", "", "好"),
        ("pattern characters", "好.*", "好的。"),
    ],
)
def test_nothing_else_is_forgiven(trap: str, text: str, words: str) -> None:
    with pytest.raises(QuoteNotFoundError):
        located(text, words)


def test_a_number_that_also_stands_whole_is_found_there() -> None:
    debate = transcript_from_turns([("Ann", "先用15年,再用5年。")], "one")
    start, end = locate_quote("5年", debate.turns[0], debate)
    assert debate.raw[start - 1 : end] == "用5年"


def test_words_of_another_turn_are_not_found() -> None:
    with pytest.raises(QuoteNotFoundError, match="turn t4"):
        locate_quote(SHARED_PHRASE, TRAPPED.turn("t4"), TRAPPED)
    spans = {locate_quote(SHARED_PHRASE, TRAPPED.turn(t), TRAPPED) for t in ("t2", "t7")}
    assert len(spans) == 2


def test_words_across_a_caption_are_not_found() -> None:
    debate = open_debate().transcript
    last, first = debate.sentence("t5.3").text, debate.sentence("t6.1").text
    with pytest.raises(QuoteNotFoundError):
        locate_quote(last + first, debate.turn("t5"), debate)


@given(st.sampled_from(DEBATE.sentences))
def test_every_sentence_is_located_where_it_stands(sentence: Sentence) -> None:
    span = locate_quote(sentence.text, DEBATE.turn(sentence.turn_id), DEBATE)
    assert span == (sentence.start, sentence.end)


@given(st.text(st.sampled_from('AIai 的1.4,、“”"。\u200b？?好'), max_size=12), st.text(st.characters(), max_size=30))
def test_what_is_located_always_stands_in_the_turn(text: str, words: str) -> None:
    debate = transcript_from_turns([("Ann", f"{words}好的AI 1.4、{text}")], "one")
    turn = debate.turns[0]
    try:
        start, end = locate_quote(text, turn, debate)
    except QuoteNotFoundError:
        return
    assert turn.start <= start < end <= turn.end
    letters = [c for c in text if c.isalnum()]
    assert letters == [c for c in debate.raw[start:end] if c.isalnum()]


def changed(transcript: Transcript, **fields: object) -> Transcript:
    """The transcript with other fields, and none of its cached tables."""
    return Transcript.model_construct(**({n: getattr(transcript, n) for n in Transcript.model_fields} | fields))


# ── words in several pieces, with times ──


@given(st.lists(st.sampled_from([s.id for s in TIMED.sentences]), min_size=1, max_size=8))
def test_the_words_of_every_quote_over_cues_are_its_text(ids: list[str]) -> None:
    for run in join_adjacent(TIMED, ids):
        quote = quote_sentences(TIMED, run)
        between = "" if quote.speaker == "周岚" else " "
        assert TIMED.words(quote) == quote.text == between.join(TIMED.sentence(i).text for i in run)
        assert "-->" not in quote.text and "&amp;" not in quote.text
        pieces = quote.pieces or (Span(start=quote.start, end=quote.end),)
        assert (pieces[0].start, pieces[-1].end) == (quote.start, quote.end)


def test_sentences_of_one_cue_stay_one_piece() -> None:
    quote = quote_sentences(TIMED, ["t3.2", "t3.3"])
    assert [TIMED.raw[p.start : p.end] for p in quote.pieces] == [
        "The bridge costs 260 million &amp; it",
        "opens two years earlier. The port cannot wait.",
    ]
    assert quote_sentences(TIMED, ["t3.1"]).pieces == ()


def test_a_quote_carries_the_time_and_the_recording_of_its_first_sentence() -> None:
    quote = quote_sentences(TIMED, ["t3.3"])
    assert (quote.seconds, quote.time, quote.link) == (29.0, "0:29", "https://example.org/harbour?t=29")
    assert quote_sentences(TIMED, ["t7.1"]).time == "1:05:12"
    assert quote_sentences(TRAPPED, ["t4.1"]).time is None


def test_a_turns_time_is_that_of_its_first_sentence_alone() -> None:
    timed = changed(TRAPPED, turns=tuple(turn.model_copy(update={"seconds": 7.0}) for turn in TRAPPED.turns))
    assert seconds_at(timed, timed.sentence("t4.1")) == 7.0
    assert seconds_at(timed, timed.sentence("t4.2")) is None


@pytest.mark.parametrize("recording", ["", "talk.mp3", "javascript:alert(1)", "file:///home/x/talk.mp4"])
def test_only_an_address_of_the_web_is_linked(recording: str) -> None:
    assert quote_sentences(changed(TIMED, recording=recording), ["t3.1"]).link is None


def test_adjacent_sentences_of_two_paragraphs_are_two_quotes_even_without_a_line_break() -> None:
    turn = TIMED.turn("t3")
    cut = TIMED.sentence("t3.2").end
    parts = tuple(Stretch(start=a, end=b) for a, b in ((turn.start, cut), (cut + 1, turn.end)))
    turns = tuple(t.model_copy(update={"paragraphs": parts}) if t is turn else t for t in TIMED.turns)
    apart = changed(TIMED, turns=turns)
    assert join_adjacent(apart, ["t3.1", "t3.2", "t3.3"]) == [("t3.1", "t3.2"), ("t3.3",)]
    with pytest.raises(QuoteNotFoundError):
        quote_sentences(apart, ["t3.2", "t3.3"])


@pytest.mark.parametrize(
    ("words", "turn"),
    [
        ("build a tunnel under", "t1"),
        ("260 million & it opens", "t3"),
        ("R&D on the wind", "t4"),
        ("票价太高了", "t6"),
    ],
)
def test_words_across_cues_are_located(words: str, turn: str) -> None:
    start, end = locate_quote(words, TIMED.turn(turn), TIMED)
    spans = spans_within(TIMED.turn(turn).paragraphs[0], start, end)
    assert words_of(TIMED.raw, [(s.start, s.end) for s in spans], TIMED.notation) == words


@pytest.mark.parametrize("words", ["--> 00:00:09.500", "v Nora Field", "amp", "build atunnel"])
def test_what_was_not_said_between_cues_is_not_found(words: str) -> None:
    for turn in TIMED.turns:
        with pytest.raises(QuoteNotFoundError):
            locate_quote(words, turn, TIMED)
