"""The very words, where they stand, in the other language: of what was just quoted, or of what is found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.operations.case import Case
from assistant.reading.closed import language_named
from assistant.reading.thread import matter_in
from assistant.types import Draft, DraftClaim
from assistant.wording import join_names, pick, spaced
from corpus.normalize import fold_text
from corpus.quotes import join_adjacent, quote_sentences
from corpus.readers.times import clock
from corpus.types import Quote

_MOST = 3
_PASSAGE = 8  # sentences of a turn
_LAST = re.compile(r"\blast\b|\bfinal\b|\bclosing\b|最后|末尾|收尾")
_FIRST = re.compile(r"\bfirst\b|\bopening\b|第一段|开头|最初|开场")
_PLACE = re.compile(
    r"最后|末尾|收尾|第一|开头|最初|开场|那?[段句]?话|发言|\b(?:last|final|closing|first|opening|words?|passages?|remarks?|turns?)\b"
)


def again(case: Case) -> Draft | None:
    """What was last quoted, once more, for its words, its place or its translation; None where nothing was quoted."""
    quotes = case.last_quotes()
    within = set(case.reading.within)
    pointed = [q for q in quotes if within & set(q.sentence_ids)] or quotes
    wanted = {s.id for s in case.asked}
    chosen = [q for q in pointed if not wanted or q.speaker_id in wanted][:_MOST]
    if not chosen:
        return None
    operation = case.plan.operation
    lead = source(case, chosen) if operation == "source" else word_for_word(case, chosen)
    claims = tuple(DraftClaim(text="", sentence_ids=q.sentence_ids, speaker_id=q.speaker_id) for q in chosen)
    return Draft(lead=lead, basis=tuple(i for q in chosen for i in q.sentence_ids), claims=claims, confidence=1.0)


def place(case: Case) -> Draft | None:
    """The last or first turn of the one person who is named, where nothing but that is asked for; None otherwise."""
    question, named = fold_text(case.reading.understanding.question), case.asked
    last, first = bool(_LAST.search(question)), bool(_FIRST.search(question))
    if len(named) != 1 or last == first or matter_in(_PLACE.sub(" ", case.reading.own)):
        return None
    turns = [t for t in case.transcript.turns if t.speaker_id == named[0].id]
    said = case.transcript.sentences_of(turns[-1 if last else 0].id)[:_PASSAGE]
    ids = tuple(s.id for s in said)
    quotes = [quote_sentences(case.transcript, run, case.tables.notes) for run in join_adjacent(case.transcript, ids)]
    claim = DraftClaim(text="", sentence_ids=ids, speaker_id=named[0].id)
    return Draft(lead=word_for_word(case, quotes), basis=ids, claims=(claim,), confidence=1.0)


def word_for_word(case: Case, quotes: Sequence[Quote]) -> str:
    """That these are somebody's very words, or that our translation stands under them."""
    if case.plan.operation == "translate":
        glossed = any(case.tables.notes.note(i).gloss for q in quotes for i in q.sentence_ids)
        if glossed and (language_named(case.reading.understanding.question) or case.language) == "en":
            return pick(("我们的英译在原话下面:", "Our translation stands under the words:"), case.language)
        return pick(("没有译文记录,原话如下:", "No translation is on record; the words as they stand:"), case.language)
    names = list(dict.fromkeys(q.speaker for q in quotes))
    phrase = ("{names}的原话,逐字:", "Word for word, {names}:")
    return spaced(pick(phrase, case.language).format(names=join_names(names, case.language)))


def source(case: Case, quotes: Sequence[Quote]) -> str:
    """In which part, else in which turn, at what time, by whom."""
    told = []
    for quote in quotes:
        turn = case.transcript.turn(quote.turn_id)
        seconds = quote.seconds if quote.seconds is not None else turn.seconds
        at = f" ({clock(seconds)})" if seconds is not None else ""
        title = next((s.title for s in case.transcript.sections if s.number == turn.section), "")
        place = f"《{title}》" if title else quote.turn_id
        told.append(f"{quote.speaker}{pick((' ', ', '), case.language)}{place}{at}")
    listed = pick(("；", "; "), case.language).join(dict.fromkeys(told))
    return pick(("出处:", "It stands in: "), case.language) + listed + pick(("。", "."), case.language)
