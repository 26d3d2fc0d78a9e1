"""Answers as they are kept, and back: what is quoted is kept as ids and made anew from the transcript on every reading.

A kept answer has a version; forms of older programs are brought up by the named functions below. Each quote is kept as

    {"ids": ["t12.4"], "is": {"words": "9f…", "speaker": "…", "claim": "…", "gloss": "…"}}

where "is" are short hashes of what stood there: they tell, when it is read, what no longer matches. Words, speaker,
originator and gloss come from the transcript and its notes alone, so that no row can put words into a mouth. What is
ours (the lead, summaries) is shown only while the message's seal holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from assistant.proof import claim_problems
from assistant.types import Answer, Claim
from corpus.errors import DebateError
from corpus.library import Debate
from corpus.quotes import quote_sentences
from corpus.seals import text_seal
from corpus.store import Message
from corpus.types import Quote

VERSION = 2
_PARTS = ("words", "speaker", "claim", "gloss")
_TOLD = {
    "words": "other words",
    "speaker": "another speaker",
    "claim": "another originator",
    "gloss": "another translation",
}
_MOST = 5  # problems told of one answer
Json = dict[str, Any]


def to_record(answer: Answer) -> str:
    """An answer as JSON of today's version."""
    document = answer.model_dump(mode="json", exclude={"abstained", "thread", "altered", "unsaved"})
    document["quotes"] = [_kept(quote) for quote in answer.quotes]
    if answer.abstention is not None:
        document["abstention"]["nearest"] = [_kept(quote) for quote in answer.abstention.nearest]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def from_record(message: Message, debate: Debate, thread: str | None = None) -> Answer:
    """The answer of a message, every quote made anew; ``altered`` says what no longer matches. Never raises."""
    try:
        document = _of_today(message)
        told: list[str] = [] if message.intact else ["it is not as it was written"]
        answer, changed = _rebuilt(document, debate)
        told += changed
        unproved = [] if not message.intact else list(claim_problems(answer, debate))
        if not message.intact or unproved:
            answer = _without_our_words(answer)
        if unproved:  # what they say is not repeated: nobody vouches for it
            told.append(f"{len(unproved)} thing{'s' if len(unproved) > 1 else ''} that it says cannot be proved")
    except (ValueError, TypeError, KeyError, AttributeError, DebateError, RecursionError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        answer, told = _unreadable(message, debate), [f"it cannot be read any more ({' '.join(why.split())[:120]})"]
    asked = {"question": message.question} if message.intact else {}
    return answer.model_copy(update={"thread": thread, "altered": tuple(told[:_MOST]), **asked})


# ── versions ──


def quotes_by_id(document: Json) -> Json:
    """1 → 2: quotes were kept whole."""
    silence = document.get("abstention")
    if silence:
        silence = {**silence, "nearest": [_kept(_whole(quote)) for quote in silence.get("nearest", ())]}
    quotes = [_kept(_whole(quote)) for quote in document.get("quotes", ())]
    return {**document, "quotes": quotes, "abstention": silence or None}


MIGRATIONS: Sequence[Callable[[Json], Json]] = (quotes_by_id,)


def _of_today(message: Message) -> Json:
    document: Json = json.loads(message.answer)
    if not isinstance(document, dict):
        raise ValueError("it is no object")
    if message.version > VERSION:
        raise ValueError(f"a newer program wrote it, in version {message.version}")
    for step in MIGRATIONS[max(message.version, 1) - 1 :]:
        document = step(document)
    return document


def _whole(data: Mapping[str, Any]) -> Quote:
    return Quote.model_validate({k: v for k, v in data.items() if k in Quote.model_fields})


# ── quotes ──


def _kept(quote: Quote) -> Json:
    return {"ids": list(quote.sentence_ids), "is": _marks(quote)}


def _marks(quote: Quote) -> dict[str, str]:
    said = (quote.text, quote.speaker, (quote.mode, quote.originator), quote.gloss)
    return {part: text_seal(value)[:12] for part, value in zip(_PARTS, said, strict=True)}


def _made_anew(kept: Json, debate: Debate) -> tuple[Quote, list[str]]:
    """A quote from its ids, and which of its parts are not what they were."""
    quote = quote_sentences(debate.transcript, [str(i) for i in kept["ids"]], debate.notes)
    was, now = kept["is"], _marks(quote)
    return quote, [_TOLD[part] for part in _PARTS if was.get(part) != now[part]]


def _rebuilt(document: Json, debate: Debate) -> tuple[Answer, list[str]]:
    """The answer over quotes of today's transcript; what did not match, in words."""
    told: list[str] = []
    if document.get("transcript_sha256") != debate.transcript.sha256:
        raise ValueError("it is about another transcript")

    def quotes(kept: Sequence[Json], where: str) -> Iterator[Quote | None]:
        for number, one in enumerate(kept, start=1):
            name = f"{where} {number} ({' '.join(map(str, one.get('ids', ())))[:60]})"
            try:
                quote, changed = _made_anew(one, debate)
            except DebateError as error:
                told.append(f"{name} cannot be found: {error}")
                yield None
                continue
            if changed:
                told.append(f"{name} was kept with {', '.join(changed)} than the transcript and its notes have")
            yield quote

    found = list(quotes(document.get("quotes", ()), "quote"))
    fields = {name: value for name, value in document.items() if name in Answer.model_fields}
    fields["quotes"] = tuple(quote for quote in found if quote is not None)
    if silence := document.get("abstention"):
        nearest = quotes(silence.get("nearest", ()), "nearest quote")
        fields["abstention"] = {**silence, "nearest": tuple(quote for quote in nearest if quote is not None)}
    if len(fields["quotes"]) < len(found):  # numbers of claims would point at others
        fields = {name: value for name, value in fields.items() if name not in ("claims", "lead", "notes", "table")}
    asked = str(document.get("question", ""))
    fields = {"question": asked, **_must(asked), "transcript_id": debate.transcript.id, **fields}
    return Answer.model_validate_json(json.dumps(fields, default=lambda value: value.model_dump(mode="json"))), told


def _must(question: str) -> Json:
    """What an answer must say, where a hurt one does not."""
    language = "zh" if any("\u4e00" <= c <= "\u9fff" for c in question) else "en"
    return {"standalone": question, "language": language, "intent": "overview"}


def _without_our_words(answer: Answer) -> Answer:
    """Only the quotes, which are the transcript's: of what we said around them nobody can say that we did."""
    claims = tuple(
        Claim(text="", speaker=quote.speaker, quotes=(number,)) for number, quote in enumerate(answer.quotes)
    )
    silence = answer.abstention
    quotes = (*answer.quotes, *(q for q in (silence.nearest if silence else ()) if q not in answer.quotes))
    claims += tuple(
        Claim(text="", speaker=quotes[at].speaker, quotes=(at,)) for at in range(len(answer.quotes), len(quotes))
    )
    return Answer(
        question=answer.question,
        standalone=answer.question,
        language=answer.language,
        intent=answer.intent,
        claims=claims,
        quotes=quotes,
        transcript_id=answer.transcript_id,
        transcript_sha256=answer.transcript_sha256,
    )


def _unreadable(message: Message, debate: Debate) -> Answer:
    """What stands for an answer that is lost: its question."""
    transcript = debate.transcript
    return Answer(
        question=message.question,
        transcript_id=transcript.id,
        transcript_sha256=transcript.sha256,
        **_must(message.question),
    )
