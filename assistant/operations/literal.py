"""Words of the debate in a question: whoever repeats them means the sentence that holds them."""

from __future__ import annotations

import re

from assistant.reading.closed import quoted_in
from assistant.reading.read import Reading
from assistant.selection import Retrieval
from corpus.normalize import fold_text
from index.search import PassageIndex
from index.tokens import content_words

_LEAST_HAN, _LEAST_WORDS = 4, 3  # of a stretch that is nobody's by chance
_REPEATS = frozenset({"exact", "translate", "source", "who"})  # what is asked of words that are given
_MOST_OF_IT = 0.7  # share of the words of a quotation that was not typed word for word
_MANY = 4  # sentences that hold it, from which it tells none


def said_literally(reading: Reading, index: PassageIndex, found: Retrieval) -> Retrieval | None:
    """What was found, the sentences alone that hold the words which a question quotes; None where none, or many, do.

    Words in quotation marks are meant as such; a run of the debate's language is where the words are all that is asked.
    """
    question = fold_text(reading.understanding.question)
    given = [fold_text(quoted_in(question))] if quoted_in(question) else []
    if reading.plan.operation in _REPEATS:
        given += (
            re.findall(rf"[\u3400-\u9fff]{{{_LEAST_HAN},}}", question) if not reading.understanding.follow_up else []
        )
    wanted = reading.understanding.speaker_ids
    for words in given:
        if not _is_long(words):
            continue
        holding = [hit for hit in found.everybody if _holds(words, index, hit.id)]
        theirs = [
            hit
            for hit in holding
            if not wanted or index.transcript.speaker_of(index.transcript.sentence(hit.id).turn_id).id in wanted
        ]
        if 0 < len(theirs) < _MANY:
            total = sum(hit.score for hit in theirs) or 1.0
            hits = [hit._replace(score=hit.score / total, rank=n) for n, hit in enumerate(theirs, start=1)]
            return found._replace(hits=hits)
    return None


def _holds(words: str, index: PassageIndex, sentence_id: str) -> bool:
    """Whether a sentence, or our translation of it, holds the words, or all but a few of those that are matter."""
    texts = [index.transcript.sentence(sentence_id).text, index.notes.note(sentence_id).gloss]
    if any(_letters(words) in _letters(text) for text in texts):
        return True
    matter = set(content_words(words))
    return len(matter) > 3 and any(len(matter & set(content_words(t))) >= _MOST_OF_IT * len(matter) for t in texts)


def _letters(text: str) -> str:
    return "".join(c for c in fold_text(text) if c.isalnum())


def _is_long(words: str) -> bool:
    han = sum("\u3400" <= c <= "\u9fff" for c in words)
    return han >= _LEAST_HAN or len(words.split()) >= _LEAST_WORDS
