"""An answer on a screen: whose words, whose claim, whose translation."""

from __future__ import annotations

import io

import pytest

from assistant.types import Answer
from corpus.library import Debate
from ui.citation import sentence_range
from ui.cli.terminal import print_answer
from ui.palette import GUESTS, HOSTS, hues, initials
from ui.testing import Terminal, sample_answer, silent_answer


def _printed(answer: Answer, debate: Debate) -> str:
    out = io.StringIO()
    print_answer(answer, debate.transcript.speakers, out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_quote_is_there_word_for_word_with_speaker_and_place(debate: Debate, language: str) -> None:
    answer = sample_answer(debate, language)  # type: ignore[arg-type]
    text = _printed(answer, debate)
    for quote in answer.quotes:
        assert f"“{quote.text}”" in text
        assert f"{quote.speaker}" in text and sentence_range(quote.sentence_ids) in text
    assert "EX Ethan Xu" in text and "RL Rob Li" in text


def test_a_relayed_claim_names_its_originator(debate: Debate) -> None:
    assert "EX Ethan Xu relaying Google · t12.4" in _printed(sample_answer(debate), debate)
    assert "EX Ethan Xu 转述 Google · t12.4" in _printed(sample_answer(debate, "zh"), debate)


def test_our_translation_is_marked_and_only_where_it_is_needed(debate: Debate) -> None:
    answer = sample_answer(debate)
    gloss = answer.quotes[0].gloss
    assert gloss is not None
    assert f"[our translation, not a quote] {gloss}" in _printed(answer, debate)
    assert f"“{gloss}" not in _printed(answer, debate)
    assert gloss not in _printed(sample_answer(debate, "zh"), debate)


def test_labels_speak_the_questions_language(debate: Debate) -> None:
    zh, en = _printed(sample_answer(debate, "zh"), debate), _printed(sample_answer(debate), debate)
    assert "接着可以问" in zh and "把握" not in zh and "公式" in zh and "You could ask" not in zh
    assert "You could ask" in en and "Equation" in en and "接着可以问" not in en


def test_silence_names_who_did_speak_and_the_nearest_words(debate: Debate) -> None:
    text = _printed(silent_answer(debate), debate)
    assert text.startswith("Yang Ren did not speak on this.")
    assert "Who did speak on it:  EX Ethan Xu" in text and "Nearest in the debate:" in text


def test_a_quote_that_two_claims_share_is_printed_once(debate: Debate) -> None:
    answer = sample_answer(debate)
    claims = (*answer.claims, answer.claims[0])
    text = _printed(answer.model_copy(update={"claims": claims}), debate)
    assert text.count(f"“{answer.quotes[0].text}”") == 1 and "see t12.4 above" in text


def test_a_quote_without_a_claim_is_not_lost(debate: Debate) -> None:
    answer = sample_answer(debate)
    text = _printed(answer.model_copy(update={"claims": answer.claims[:1]}), debate)
    assert "Also said" in text and f"“{answer.quotes[2].text}”" in text


def test_a_calculation_shows_inputs_origins_equation_and_result(debate: Debate) -> None:
    text = _printed(sample_answer(debate), debate)
    assert "← you: $100bn" in text and "← “平均6.5年” Rob Li · t11.5" in text and "← default:" in text
    assert "Equation" in text and "change in annual depreciation" in text


def test_the_models_failure_is_told(debate: Debate) -> None:
    answer = sample_answer(debate).model_copy(update={"trouble": "it took longer than 20 s"})
    assert "it took longer than 20 s" in _printed(answer, debate)


def test_a_question_cannot_smuggle_control_characters(debate: Debate) -> None:
    answer = sample_answer(debate).model_copy(update={"lead": "a\x1b]0;title\x07b"})
    assert "\x1b" not in _printed(answer, debate) and "\x07" not in _printed(answer, debate)


def test_speaker_colours_reach_a_terminal(debate: Debate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    print_answer(sample_answer(debate), debate.transcript.speakers, out)
    assert "38;2;127;176;255" in out.getvalue()  # Rob's #7fb0ff on a dark ground


def test_hues_are_those_of_the_design(debate: Debate) -> None:
    found = hues(debate.transcript.speakers)
    assert [found[name].light for name in ("Rob Li", "Bruce Liu", "Yang Ren", "Ethan Xu", "陈茜", "刘一鸣")] == [
        "#1f5fbf", "#a33a08", "#08685e", "#7b3fb5", "#4b5768", "#8a5f00",
    ]  # fmt: skip
    assert len({*GUESTS, *HOSTS}) == len(GUESTS) + len(HOSTS)
    letters = initials(debate.transcript.speakers)
    assert len(set(letters.values())) == len(letters)
