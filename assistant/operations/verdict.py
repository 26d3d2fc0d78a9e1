"""Yes, no or two-sided: from the table of stances, where the question is about what a stance is about.

A stance answers a question only when the question puts its proposition: every word of matter of the question belongs to
the proposition or the name of its topic, and most of the proposition's words are in the question. "Yes" is said only
then, and only where neither holds a negation; else who holds and who disputes it is told without a yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.knowledge.topics import Topic
from assistant.operations.case import Case, stand
from assistant.operations.disagree import on_topic
from assistant.types import Draft
from assistant.wording import pick
from corpus.annotations import Language, Stance
from corpus.normalize import fold_text
from index.tokens import content_words

_NEGATION = re.compile(r"不|没|无|非|\b(?:not|no|never|nobody|without|hardly)\b|n't\b|n’t\b")
_COVERED = 0.6  # share of a proposition's words that the question must hold
_CLOSE = 0.7  # cosine of question and proposition from which where people stand is worth telling


def verdict(case: Case) -> Draft | None:
    """Where those asked about stand on what is asked; None where no stance is about it."""
    topic = case.topic
    if topic is None or not topic.proposition(case.language):
        return None
    stances = [s for s in case.tables.stances(topic.id, case.asked) if s.stance != "questions"]
    if not stances or not _puts(case, topic):
        return None
    draft = on_topic(case, topic, stances)
    word = _word(case, topic, stances)
    return draft.model_copy(update={"lead": f"{word}{draft.lead}"}) if word else draft


def _puts(case: Case, topic: Topic) -> bool:
    """Whether the question is about the topic's proposition at all."""
    if _is_put(case.plan.subject, topic):
        return True
    asked = case.plan.subject or case.reading.understanding.question
    texts = [t for t in (topic.proposition_zh, topic.proposition_en) if t]
    vectors = case.search.encoder.encode([asked, *texts], query=True)
    return float((vectors[1:] @ vectors[0]).max()) >= _CLOSE


def _is_put(subject: str, topic: Topic) -> bool:
    """Whether the subject is worded as the proposition is, or as the topic's name."""
    asked = set(content_words(subject))
    for proposition, name in ((topic.proposition_zh, topic.zh), (topic.proposition_en, topic.en)):
        held = set(content_words(proposition))
        if held and asked and asked <= held | set(content_words(name)) and len(asked & held) >= _COVERED * len(held):
            return True
    return False


def _word(case: Case, topic: Topic, stances: Sequence[Stance]) -> str:
    """ "Yes, in their view: ", "No, …", "It is two-sided: "; empty where the question's polarity is not plain."""
    kinds = {s.stance for s in stances}
    if "mixed" in kinds or {"supports", "opposes"} <= kinds:
        return _told("two", case.language)
    if not _is_put(case.plan.subject, topic):
        return ""
    negated = [
        bool(_NEGATION.search(fold_text(t)))
        for t in (case.reading.understanding.question, topic.proposition(case.language))
    ]
    if any(negated):
        return ""
    return _told("yes" if kinds == {"supports"} else "no", case.language)


def _told(word: str, language: Language) -> str:
    phrases = {
        "yes": ("在他们看来是:", "Yes, as they see it: "),
        "no": ("在他们看来不是:", "No, as they see it: "),
        "two": ("说法不一:", "It is two-sided: "),
    }
    return pick(phrases[word], language)


def stands(case: Case, topic: Topic) -> str:
    """Where the guests stand on a topic, in a sentence; empty where nobody takes a side."""
    return stand(topic, [s for s in case.tables.stances(topic.id) if s.stance != "questions"], case.language)
