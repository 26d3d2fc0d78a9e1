"""Answers of the library as they are kept, and back: each debate's part as ``assistant.stored`` keeps an answer.

A thread of many debates is bound to its scope, which stands where the hash of one debate's does: "library:all", or
"library:" and the hashes' beginnings. A part is made anew from the debate that it was answered from, older versions of
a file included, so that what was answered from them still verifies.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import stored
from assistant.library.types import Card, Found, LibraryAnswer, Part
from corpus.errors import DebateError
from corpus.library import debate_on_record
from corpus.quotes import quote_sentences
from corpus.store import Message, Store

VERSION = 1
PREFIX = "library:"
_DIGITS = 16
Json = dict[str, Any]


def mark_of(within: str | Sequence[str | Path] | None, cards: Sequence[Card]) -> str:
    """What a thread over these debates is marked with."""
    names = [within] if isinstance(within, str | Path) else list(within or ["all"])
    if "all" in names:
        return f"{PREFIX}all"
    return PREFIX + "+".join(sorted(card.sha256[:_DIGITS] for card in cards))


def scope_of(mark: str) -> list[str] | None:
    """The debates that a thread is bound to, as ``Library.ask`` takes them; None for a thread of one debate."""
    return mark.removeprefix(PREFIX).split("+") if mark.startswith(PREFIX) else None


def to_record(answer: LibraryAnswer) -> str:
    """An answer as JSON: parts by ids, never words."""
    left_out = {"parts", "nearest", "thread", "altered", "unsaved", "abstained"}
    document = answer.model_dump(mode="json", exclude=left_out)
    document["parts"] = [
        {"debate": p.debate.model_dump(), "score": p.score, "answer": json.loads(stored.to_record(p.answer))}
        for p in answer.parts
    ]
    document["nearest"] = [
        {"debate": f.debate.model_dump(), "score": f.score, "rank": f.rank, "ids": f.quote.sentence_ids}
        for f in answer.nearest
    ]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def from_record(message: Message, store: Store, thread: str | None = None) -> LibraryAnswer:
    """The answer of a message, every quote made anew; ``altered`` says what no longer matches. Never raises."""
    told = [] if message.intact else ["it is not as it was written"]
    try:
        document = json.loads(message.answer)
        parts, wrong = _parts(document, message, store)
        nearest = []
        for found in document["nearest"]:
            debate = debate_on_record(store, found["debate"]["sha256"])
            quote = quote_sentences(debate.transcript, found["ids"], debate.notes)
            card = Card.model_validate(found["debate"])
            nearest.append(Found(debate=card, quote=quote, score=found["score"], rank=found["rank"]))
        fields = {**document, "parts": [], "nearest": []}
        if not message.intact or wrong:  # of what we said around the quotes nobody can say that we did
            fields |= {"lead": "", "notes": [], "table": None}
        made = LibraryAnswer.model_validate_json(json.dumps(fields))
        made = made.model_copy(update={"parts": tuple(parts), "nearest": tuple(nearest)})
        told += wrong
    except (ValueError, TypeError, KeyError, AttributeError, DebateError, RecursionError) as error:
        told.append(f"it cannot be read any more ({' '.join(str(error).split())[:120]})")
        language = "zh" if any("\u4e00" <= c <= "\u9fff" for c in message.question) else "en"
        made = LibraryAnswer.model_validate(
            {"question": message.question, "standalone": message.question, "language": language, "intent": "overview",
             "scope": ()}
        )  # fmt: skip
    return made.model_copy(update={"thread": thread, "altered": tuple(told[:5])})


def _parts(
    document: dict[str, list[dict[str, object]]], message: Message, store: Store
) -> tuple[list[Part], list[str]]:
    parts: list[Part] = []
    told: list[str] = []
    for kept in document["parts"]:
        card = Card.model_validate(kept["debate"])
        try:
            debate = debate_on_record(store, card.sha256)
        except DebateError:
            told.append(f"the debate {card.id} is no longer on record")
            continue
        own = message._replace(answer=json.dumps(kept["answer"]), version=stored.VERSION)
        answer = stored.from_record(own, debate)
        told += [f"{card.id}: {problem}" for problem in answer.altered]
        answer = answer.model_copy(update={"thread": None})
        parts.append(Part(debate=card, answer=answer, score=float(str(kept["score"]))))
    return parts, told
