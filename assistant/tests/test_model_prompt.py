"""What a chat model is sent: what never changes stands first, and it is no more than it must be."""

from __future__ import annotations

import json

from assistant.testing import Request
from assistant.tests.conftest import Scripted

QUESTIONS = (
    "Rob 怎么看 GPU 折旧?",
    "Suppose servers of 100 billion dollars last four years instead of six; what then, and who said so?",
    "Write a mail to my boss on the power shortage.",
)


def sent(request: Request) -> str:
    """A request as a service reads it: tools, then messages."""
    return json.dumps(request.body.get("tools"), ensure_ascii=False) + request.text


def test_two_questions_share_the_beginning_of_their_prompts_calculators_included(scripted: Scripted) -> None:
    assistant, endpoint = scripted("good")
    for question in QUESTIONS:
        assistant.answer(question)
    one, *others = [sent(request) for request in endpoint.requests]
    assert len(others) == 2
    for other in others:
        same = next(at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
        assert same >= 0.9 * max(len(one), len(other))
    assert max(map(len, (one, *others))) < 20_000  # characters; the debate alone is ten thousand


def test_a_thread_is_added_at_the_end(scripted: Scripted) -> None:
    assistant, endpoint = scripted("good")
    thread = assistant.ask(QUESTIONS[0]).thread
    assistant.ask("And Bruce?", thread=thread)
    first, second = (sent(request) for request in endpoint.requests)
    debate = first[: first.index("=== end of the sentences ===")]
    assert second.startswith(debate) and second.index("The conversation so far") > len(debate)
