"""A follow-up put by the chat model so that it stands alone; checked, so that it cannot change what is asked.

The rewritten question may hold no figure and no speaker that neither the question nor the thread holds, and keeps its
language. Otherwise, and when the model fails, the reading by rules stands.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.figures import stray_figure
from assistant.logs import record
from assistant.models import prompts
from assistant.models.chat import ChatModel
from assistant.models.meter import Meter
from assistant.models.output import Rewritten, parse, text_of
from assistant.models.trouble import ModelOutputError
from assistant.prose import clean
from assistant.reading.read import Reading, understand
from assistant.redaction import holds_secret
from assistant.types import Answer
from corpus.normalize import language_of
from corpus.speakers import find_speakers
from corpus.types import Speaker, Transcript

_SHARE = 0.3  # of the time that is left
_LONGEST = 10.0  # seconds


def reread(
    reading: Reading, thread: Sequence[Answer], transcript: Transcript, model: ChatModel, meter: Meter
) -> Reading:
    """The reading of a question in a thread as the model puts it; the given one where that does not hold.

    Raises:
        ModelOutputError: "cancelled", and nothing else; other trouble is kept in the meter, except lateness.
    """
    understood = reading.understanding
    if not thread or understood.intent in ("small_talk", "out_of_scope", "numeric"):
        return reading
    try:
        rewritten = _ask(
            understood.question, thread, transcript, model, meter.part(min(_LONGEST, _SHARE * meter.left()))
        )
    except ModelOutputError as trouble:
        if trouble.kind == "cancelled":
            raise
        record("rewriting_failed", logging.WARNING, kind=trouble.kind)
        if trouble.kind not in ("slow", "garbage", "too_long", "bad_request", "broken"):
            meter.trouble = trouble
        return reading
    question = clean(rewritten.question, 500)
    speakers = _speakers(rewritten, question, understood.question, thread, transcript)
    if speakers is None or not _holds(question, understood.question, thread):
        record("rewriting_refused", logging.WARNING)
        return reading
    fresh = understand(question, transcript)
    if fresh.understanding.intent in ("small_talk", "out_of_scope"):
        return reading
    standing = fresh.understanding.model_copy(
        update={
            "question": understood.question,
            "standalone": question,
            "language": understood.language,
            "speaker_ids": tuple(s.id for s in speakers) or fresh.understanding.speaker_ids,
            "follow_up": understood.follow_up or question != understood.question,
        }
    )
    return fresh._replace(understanding=standing, context=reading.context, again=reading.again)


def _ask(question: str, thread: Sequence[Answer], transcript: Transcript, model: ChatModel, meter: Meter) -> Rewritten:
    from langchain_core.messages import HumanMessage, SystemMessage

    told = prompts.rewriting(transcript.speakers, "zh" if language_of(question) == "zh" else "en")
    asked = f"The conversation:\n{prompts.conversation(thread)}\n\nThe question: {question}"
    shape = Rewritten.model_json_schema()
    *_, message = model.stream([SystemMessage(told), HumanMessage(asked)], meter, purpose="rewrite", shape=shape)
    return parse(Rewritten, text_of(message))


def _holds(question: str, asked: str, thread: Sequence[Answer]) -> bool:
    if not any(c.isalnum() for c in question) or language_of(question) != language_of(asked) or holds_secret(question):
        return False
    texts = [asked]
    for answer in thread:
        texts += [answer.question, answer.standalone, answer.lead, *(c.text for c in answer.claims)]
        texts += [q.text for q in answer.quotes] + [q.gloss for q in answer.quotes if q.gloss]
    return stray_figure(question, texts, [c for answer in thread for c in answer.calculations]) is None


def _speakers(
    rewritten: Rewritten, question: str, asked: str, thread: Sequence[Answer], transcript: Transcript
) -> list[Speaker] | None:
    """Whose words are wanted; None when the model names somebody that nobody named before."""
    everybody = transcript.speakers
    wanted: list[Speaker] = []
    for name in rewritten.speakers:
        found = find_speakers(name, everybody)
        if len(found) != 1:
            return None
        wanted += found
    before = set(find_speakers(asked, everybody))
    for answer in thread:
        before |= set(find_speakers(f"{answer.question} {answer.standalone}", everybody))
        before |= {s for s in everybody if any(q.speaker == s.name for q in answer.quotes)}
    named = {*wanted, *find_speakers(question, everybody)}
    return list(dict.fromkeys(wanted)) if named <= before else None
