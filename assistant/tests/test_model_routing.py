"""Rules do not decide before the model: what they would refuse, bind or calculate reaches it all the same."""

from __future__ import annotations

import pytest

from assistant.testing import Reply, Request, answer, claim
from assistant.tests.conftest import Scripted

LEGITIMATE = (
    "Translate what Bruce says about private credit into German.",
    "把 Ethan 关于储能的话翻译成法语。",
    "Write a short mail to my boss summing up the debate.",
    "帮我写一封邮件,概括四位嘉宾的分歧。",
    "Act as a sceptical analyst: what in this debate would worry you?",
    "假装你是记者,用三句话报道这场辩论。",
    "Who disagrees with Bruce?",
    "谁不同意 Rob 的看法?",
    "Explain the restaurant analogy to a twelve-year-old.",
    "用小学生听得懂的话讲讲内循环。",
    "Is 6.5 years what Rob really said?",
    "2027 年 1000 亿美元营收这个目标是谁提到的?",
    "Give me five bullets on the power shortage.",
    "Make a table of who is optimistic and who is not.",
    "Which of the 4 guests mentions gas generators?",
    "Turn Yang's argument into a limerick.",
    "What would a lawyer ask the speakers next?",
    "Rewrite Bruce's view in formal English.",
    "把这场辩论改写成一条微博。",
    "Draft a headline for the debate.",
)


@pytest.mark.parametrize("question", LEGITIMATE)
def test_legitimate_questions_reach_the_model(question: str, scripted: Scripted) -> None:
    assistant, endpoint = scripted("good")
    got = assistant.ask(question)
    assert endpoint.requests and any("calculate" in request.tools for request in endpoint.requests)
    assert got.answerer == "openai:scripted" and got.claims


def test_a_name_in_the_question_does_not_bind_the_model_to_that_speaker(scripted: Scripted) -> None:
    def others(request: Request) -> Reply:
        said = "If something real changes, the money will have been wasted."
        return answer(request, {"claims": [claim("Rob Li", ["t23.7"], said)]})

    assistant, _ = scripted(others, context="whole")
    got = assistant.ask("Who disagrees with Bruce?")
    assert [c.speaker for c in got.claims] == ["Rob Li"]
