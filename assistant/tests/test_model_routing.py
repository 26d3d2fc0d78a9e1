"""Rules do not decide before the model: what they would refuse, bind or calculate reaches it all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.testing import Reply, Request, answer, claim
from assistant.tests.conftest import Scripted

CASES = Path(__file__).parent / "cases" / "legitimate.jsonl"


@pytest.mark.parametrize("split", ["open", "sealed"])
def test_legitimate_questions_reach_the_model(split: str, scripted: Scripted) -> None:
    """Translations, mails, roles, who is against whom, figures, summaries: rules would refuse, bind or calculate.

    The sealed third was looked at once, after the mending.
    """
    assistant, endpoint = scripted("good")
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    for case in (case for case in cases if case["split"] == split):
        before = len(endpoint.requests)
        got = assistant.answer(case["question"])
        assert len(endpoint.requests) > before, case["question"]
        assert got.answerer == "openai:scripted" and got.claims, case["question"]


def test_a_greeting_needs_no_model_but_what_only_looks_like_small_talk_does(scripted: Scripted) -> None:
    assistant, endpoint = scripted("good")
    for greeting in ("Hello!", "谢谢", "good morning, everyone", "再见"):
        assistant.answer(greeting)
    assert not endpoint.requests
    assistant.answer("接下来我该读什么?")
    assert endpoint.requests


def test_a_name_in_the_question_does_not_bind_the_model_to_that_speaker(scripted: Scripted) -> None:
    def others(request: Request) -> Reply:
        said = "If something real changes, the money will have been wasted."
        return answer(request, {"claims": [claim("Rob Li", ["t23.7"], said)]})

    assistant, _ = scripted(others, context="whole")
    got = assistant.ask("Who disagrees with Bruce?")
    assert [c.speaker for c in got.claims] == ["Rob Li"]
