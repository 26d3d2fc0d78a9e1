"""Judged measures are optional: absent without openevals, "could not be scored" when the judge fails."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from evals.errors import SystemUnavailableError
from evals.scorers.judged import open_judge
from evals.types import CaseTurn, Need, Prediction, SpokenQuote

QUOTE = SpokenQuote(speaker="Bob", quote="Demand is real.")
TURN = CaseTurn(question="Is demand real?", kind="position", gold=(Need(any=(QUOTE,)),))
ANSWER = Prediction(abstained=False, quotes=(QUOTE,), answer="Bob says so.", latency_ms=1.0)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openevals", None)
    monkeypatch.setitem(sys.modules, "openevals.llm", None)
    with pytest.raises(SystemUnavailableError, match=r"debate-assistant\[judge\]"):
        open_judge("any:model")


def test_a_judge_reads_the_quotes_and_its_failure_is_no_score() -> None:
    pytest.importorskip("openevals")
    from langchain_core.language_models import FakeListChatModel
    from langchain_core.runnables import RunnableLambda

    asked: list[str] = []

    class Scripted(FakeListChatModel):
        """Finds everything faithful and fails on relevance."""

        def with_structured_output(self, schema: Any, **kwargs: Any) -> Any:
            def reply(messages: Any) -> dict[str, Any]:
                text = str(messages)
                asked.append(text)
                if "<context>" not in text:
                    raise TimeoutError("too slow")
                return {"reasoning": "it does", "score": True}

            return RunnableLambda(reply)

    judge = open_judge(Scripted(responses=[""]))
    faithful, relevant = judge(TURN, ANSWER)
    assert (faithful.value, faithful.why) == (1.0, "it does")
    assert "Bob: Demand is real." in asked[0]
    assert relevant.value is None
    assert "TimeoutError: too slow" in relevant.why
    silent = judge(TURN, Prediction(abstained=True, latency_ms=1.0))
    assert [score.value for score in silent] == [None, None]
