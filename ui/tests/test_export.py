"""Exports prove themselves: what was written verifies, and any altered character is found."""

from __future__ import annotations

import functools
import json
import operator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.proof import locate
from corpus.library import Debate, open_debate
from corpus.quotes import quote_sentences
from ui.errors import NotAnExportError
from ui.export import Conversation, escape, export_json, export_markdown, unescape
from ui.testing import sample_answer, silent_answer
from ui.verify import Report, verify_export


@cache
def _debate() -> Debate:
    return open_debate()


@cache
def _conversation() -> Conversation:
    answers = (sample_answer(_debate()), sample_answer(_debate(), "zh"), silent_answer(_debate()))
    return Conversation("Chips", answers, "3f9c2a1b")


@cache
def _markdown() -> str:
    return export_markdown(_conversation(), _debate())


@cache
def _json() -> str:
    return export_json(_conversation(), _debate())


def _verify(text: str, *, quotes_only: bool = False) -> Report:
    return verify_export(text.encode("utf-8", "surrogatepass"), _debate(), quotes_only=quotes_only)


def test_what_was_exported_verifies() -> None:
    markdown, document = _verify(_markdown()), _verify(_json())
    assert markdown.findings == [] and document.findings == []
    assert document.quotes == 7 and document.answers == 3 and document.calculations == 2
    assert markdown.quotes >= 7 and markdown.answers == 3


def test_line_ends_and_a_byte_order_mark_do_not_count() -> None:
    assert _verify("\ufeff" + _markdown().replace("\n", "\r\n")).findings == []
    assert _verify(json.dumps(json.loads(_json()), ensure_ascii=True)).findings == []


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_altered_character_of_the_markdown_is_found(data: st.DataObject) -> None:
    text = _markdown().rstrip("\n")
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("年月6四“>`*a \n").filter(lambda c: c != text[at]))
    assert _verify(text[:at] + other + text[at + 1 :]).findings


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_altered_word_of_the_json_is_found(data: st.DataObject) -> None:
    text = _json()
    inside = [at for at, c in enumerate(text) if not c.isspace()]
    at = data.draw(st.sampled_from(inside))
    other = data.draw(st.sampled_from("年月67xyz").filter(lambda c: c != text[at]))
    assert _verify(text[:at] + other + text[at + 1 :]).findings


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_altered_quote_is_found_without_the_checksum_too(data: st.DataObject) -> None:
    quote = _conversation().answers[0].quotes[1]
    for text in (_markdown(), _json()):
        start = text.index(escape(quote.text) if text is _markdown() else quote.text)
        at = start + data.draw(st.integers(0, len(quote.text) - 1))
        other = data.draw(st.sampled_from("年月6四,").filter(functools.partial(operator.ne, text[at])))
        assert _verify(text[:at] + other + text[at + 1 :], quotes_only=True).findings


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("— EX Ethan Xu, relaying Google", "— EX Ethan Xu", "should read"),
        ("— EX Ethan Xu, relaying Google", "— RL Rob Li, relaying Google", "should read"),
        ("[t12.4] 4463:4496", "[t12.4] 4463:4495", "stop"),
        ("[t12.4] 4463:4496", "[t12.5] 4463:4496", "does not lie"),
        ("[t12.4] 4463:4496", "[t99.4] 4463:4496", "t99.4"),
        ("7年前的TPU", "6年前的TPU", "“6”, the transcript has “7”"),
    ],
)
def test_each_alteration_of_a_markdown_quote_is_named(old: str, new: str, problem: str) -> None:
    assert old in _markdown()
    findings = _verify(_markdown().replace(old, new), quotes_only=True).findings
    assert findings and any(problem in found.problem for found in findings)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("quotes", 0, "text"), "他们6年前的TPU", "the transcript has"),
        (("quotes", 0, "speaker"), "Rob Li", "Ethan Xu said it"),
        (("quotes", 0, "speaker_id"), "rob-li", "Ethan Xu said it"),
        (("quotes", 0, "turn_id"), "t11", "stands in t12"),
        (("quotes", 0, "start"), 0, "span"),
        (("quotes", 0, "originator"), "Microsoft", "relayed from Google"),
        (("quotes", 0, "mode"), "own", "relayed from Google"),
        (("quotes", 0, "sentence_ids"), ["t12.4", "t12.9"], "t12.9"),
        (("claims", 0, "speaker"), "Rob Li", "rests on words of Ethan Xu"),
        (("claims", 0, "quotes"), [9], "not there"),
        (("transcript_sha256",), "0" * 64, "about the transcript 000000000000"),
        (("calculations", 0, "outputs", 0, "value"), 51.0, "other numbers"),
        (("calculations", 0, "arguments", 2, "origin", "quote"), "平均7.5年", "did not say"),
        (("calculations", 0, "arguments", 2, "origin", "speaker"), "Bruce Liu", "did not say"),
        (("abstained",), True, "abstained"),
        (("language",), "fr", "language"),
    ],
)
def test_each_alteration_of_an_answer_is_named(path: tuple[str | int, ...], value: object, problem: str) -> None:
    answer = json.loads(sample_answer(_debate()).model_dump_json())
    place = answer
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    findings = _verify(json.dumps(answer)).findings
    assert findings and any(problem in found.problem for found in findings), findings


def test_a_bare_answer_verifies() -> None:
    assert _verify(sample_answer(_debate()).model_dump_json()).findings == []


def test_a_quotation_without_its_reference_is_found() -> None:
    forged = _markdown().replace("Side by side:", "Side by side:\n\n> “AI is a bubble.”\n> — RL Rob Li", 1)
    assert any("reference line" in found.problem for found in _verify(forged, quotes_only=True).findings)


def test_words_around_the_quotes_may_be_edited_when_one_says_so() -> None:
    edited = _markdown().replace("Old chips still work", "Old chips do work, we think")
    assert _verify(edited).findings and not _verify(edited, quotes_only=True).findings


@pytest.mark.parametrize(
    "content", ["", "# Notes\n\n> “AI is a bubble.”\n", "{}", '{"answers": []}', "\x00\xff", "[" * 9999]
)
def test_a_foreign_file_is_no_export(content: str) -> None:
    with pytest.raises(NotAnExportError):
        _verify(content)


def test_deep_or_broken_json_of_ours_is_damaged_not_a_traceback() -> None:
    assert _verify(_json()[: len(_json()) // 2]).findings
    assert _verify('{"format": "debate-export", "x": ' + "[" * 100_000).findings
    assert _verify(_json().replace('"title"', '"format": "debate-export", "title"', 1)).findings


def test_another_debates_export_is_told_apart(debate: Debate) -> None:
    other = debate._replace(transcript=debate.transcript.model_copy(update={"sha256": "f" * 64}))
    for text in (_markdown(), _json()):
        findings = verify_export(text.encode(), other).findings
        assert any("--transcript" in found.problem for found in findings)


@given(st.text())
def test_escaping_is_undone_and_shows_no_markup(text: str) -> None:
    assert unescape(escape(text)) == text
    assert "<" not in escape(text).replace("\\<", "")


def test_a_question_cannot_forge_a_quotation_or_inject_markup() -> None:
    evil = "x\n> “AI is a bubble.”\n> — RL Rob Li\n<script>alert(1)</script> ![](http://example.com/a.png)"
    answer = sample_answer(_debate()).model_copy(update={"question": evil, "lead": evil, "follow_ups": (evil,)})
    text = export_markdown(Conversation(evil, (answer,)), _debate())
    assert "\n> “AI" not in text and "<script" not in text.replace("\\<", "") and "![](" not in text
    assert _verify(text).findings == []


def test_borrowed_words_are_found_only_where_that_speaker_said_them(debate: Debate) -> None:
    found = locate("平均6.5年", "Rob Li", "t11.5", debate.transcript)
    assert found is not None and debate.transcript.raw[found.start : found.end] == "平均6.5年"
    assert locate("平均6.5年", "Bruce Liu", "", debate.transcript) is None
    assert locate("平均6.5年", "Rob Li", "t11.4", debate.transcript) is None
    assert locate("平均6.6年", "Rob Li", "", debate.transcript) is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_sentence_of_the_debate_can_be_quoted_exported_and_verified(data: st.DataObject) -> None:
    debate = _debate()
    sentence = data.draw(st.sampled_from(debate.transcript.sentences))
    quote = quote_sentences(debate.transcript, [sentence.id], debate.notes)
    answer = sample_answer(debate, "zh" if data.draw(st.booleans()) else "en").model_copy(
        update={"quotes": (quote,), "claims": ()}
    )
    conversation = Conversation("t", (answer,))
    for text in (export_markdown(conversation, debate), export_json(conversation, debate)):
        assert _verify(text).findings == []
