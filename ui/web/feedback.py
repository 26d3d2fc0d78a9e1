"""What readers say about answers, kept and given back as evaluation cases to be judged by hand.

A case holds the question and, as gold, the quotes that a reader confirmed; what was called wrong is listed beside it,
for nobody's word alone makes a quote wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, get_args

from assistant import Assistant
from assistant.stored import from_record
from assistant.types import Answer, Intent
from corpus.errors import DebateError
from corpus.quotes import quote_sentences
from corpus.store import Feedback

VERDICTS = ("right_quote", "wrong_quote", "wrong_speaker", "right_answer", "wrong_answer")


class FeedbackError(DebateError):
    """A verdict that is about nothing we showed."""


def give(assistant: Assistant, owner: str, thread: str, position: int, verdict: str, sentences: str) -> None:
    """Put a verdict on record.

    Raises:
        FeedbackError: The verdict is unknown, or the answer or the quote is not there.
        UnknownThreadError: The thread is not this owner's.
    """
    if verdict not in VERDICTS:
        raise FeedbackError(f"There is no verdict {verdict[:30]!r}; it is one of {', '.join(VERDICTS)}.")
    message = next((m for m in assistant.store.messages(thread, owner) if m.position == position), None)
    if message is None:
        raise FeedbackError("That answer is not on record any more; ask the question again.")
    answer = from_record(message, assistant.debate, thread)
    quotes = answer.quotes
    if sentences and all(" ".join(q.sentence_ids) != sentences for q in quotes):
        raise FeedbackError("That quote is not in the answer; reload the page.")
    assistant.store.add_feedback(
        message.question,
        answer.model_dump_json(exclude={"abstained"}),
        verdict,
        sentences,
        owner=owner,
        sha256=assistant.debate.transcript.sha256,
    )


def cases(assistant: Assistant, given: Iterable[Feedback]) -> str:
    """Feedback as JSON Lines of evaluation cases, one per question and answer, in the order they were given."""
    transcript = assistant.debate.transcript
    grouped: dict[tuple[str, str], list[Feedback]] = {}
    for one in given:
        if one.sha256 == transcript.sha256:
            grouped.setdefault((one.question, one.answer), []).append(one)
    lines = []
    for number, ((question, stored), verdicts) in enumerate(grouped.items(), start=1):
        answer = _as_given(question, stored)
        if answer is None:
            continue
        lines.append(json.dumps(_case(number, question, answer, verdicts, assistant), ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def _as_given(question: str, stored: str) -> Answer | None:
    """The answer that a verdict was about; None when it cannot be read any more. Its quotes are only named by id."""
    try:
        document = json.loads(stored)
        return Answer.model_validate({k: v for k, v in document.items() if k in Answer.model_fields})
    except (ValueError, AttributeError):
        return None


def _case(number: int, question: str, answer: Answer, verdicts: list[Feedback], assistant: Assistant) -> dict[str, Any]:
    right = [v.sentences for v in verdicts if v.verdict == "right_quote"]
    if any(v.verdict == "right_answer" for v in verdicts):
        right += [" ".join(q.sentence_ids) for q in answer.quotes]
    wrong = [v for v in verdicts if v.verdict in ("wrong_quote", "wrong_speaker") and v.sentences]
    silent = answer.abstention is not None and any(v.verdict == "right_answer" for v in verdicts)
    kind = "unanswerable" if silent else _kind(answer.intent)
    return {
        "id": f"{answer.language}-feedback-{number:03d}",
        "kind": kind,
        "language": answer.language,
        "split": "dev",
        "tags": [],
        "question": question,
        "gold": [
            {"any": [_quote(ids, assistant)]} for ids in dict.fromkeys(right) if ids not in {w.sentences for w in wrong}
        ],
        "acceptable": [],
        "facts": [],
        "unanswerable": _silence(answer) if silent else None,
        "feedback": {
            "rejected": [{**_quote(w.sentences, assistant), "verdict": w.verdict} for w in wrong],
            "answer": [v.verdict for v in verdicts if not v.sentences],
        },
    }


def _quote(sentence_ids: str, assistant: Assistant) -> dict[str, str]:
    quote = quote_sentences(assistant.debate.transcript, tuple(sentence_ids.split()), assistant.debate.notes)
    return {"speaker": quote.speaker, "quote": quote.text}


def _kind(intent: str) -> str:
    kinds = {"small_talk": "unanswerable", "out_of_scope": "unanswerable"}
    assert intent in get_args(Intent)
    return kinds.get(intent, intent)


def _silence(answer: Answer) -> str:
    reasons = {"out_of_scope": "injection", "needs_context": "topic_absent", "refused_input": "detail_absent"}
    reason = answer.abstention.reason if answer.abstention else "topic_absent"
    return reasons.get(reason, reason)
