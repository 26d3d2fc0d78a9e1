"""Whether a question is about what stances on a topic are about, and whether it puts that or its opposite.

Near is a matter of vectors, but vectors do not know "not": which side is put is told only where the question is worded
as the proposition is, and by words whose sense is on file (``knowledge/lexicon/sides.json``).
"""

from __future__ import annotations

import numpy as np

from assistant.knowledge.senses import means, sense
from assistant.knowledge.topics import Topic
from assistant.operations.case import Case
from assistant.reading.acts import unframed
from corpus.annotations import StanceKind
from corpus.normalize import fold_text
from index.tokens import content_words

_COVERED = 0.6  # share of a proposition's words that the question must hold
# Cosine of the question and a proposition, or the name of its topic, from which where people stand answers it; and how
# much nearer it must be than to any other topic.
_CLOSE, _NAMED, _MARGIN = 0.62, 0.75, 0.15
# Where what was found is filed under it too, less will do.
_FILED, _CLOSE_FILED, _NAMED_FILED, _MARGIN_FILED = 0.5, 0.55, 0.7, 0.04
_WORDED = 0.8  # cosine from which it is all but worded as the proposition is
_OPPOSITE: dict[StanceKind, StanceKind] = {"supports": "opposes", "opposes": "supports"}


def topic_put(case: Case) -> Topic | None:
    """The noted topic whose proposition, or name, the question is about, and no other's; None where it is unclear.

    What was found must be filed under it too, unless the question is all but worded as the proposition is. A follow-up
    without matter of its own is about what the last answer was about.
    """
    topics, rows = case.tables.propositions
    if (before := case.leaning_on) is not None:
        return before if before.proposition(case.language) else None
    if not topics:
        return None
    asked = list(dict.fromkeys(t for t in (case.reading.topic, case.plan.subject, matter_of(case)) if t))
    likeness = (rows @ case.search.encoder.encode(asked, query=True).T).max(axis=2)  # (n_topics, 4)
    at = int(likeness.max(axis=1).argmax())
    proposition, name = float(likeness[at, :2].max()), float(likeness[at, 2:].max())
    others = float(np.delete(likeness, at, axis=0).max(initial=0.0))
    found = case.tables.topic_of(case.found.everybody)
    filed = found is not None and found[0].id == topics[at].id and found[1] >= _FILED
    close, named, margin = (_CLOSE, _NAMED, _MARGIN) if not filed else (_CLOSE_FILED, _NAMED_FILED, _MARGIN_FILED)
    if (proposition < close and name < named) or max(proposition, name) < others + margin:
        return None
    return topics[at] if filed or proposition >= _WORDED else None


def matter_of(case: Case) -> str:
    """What a question that asks who stands where is about: its words that no frame holds, without those of the side."""
    bare = fold_text(case.reading.topic)
    for name in ("bullish", "bearish", "pro", "contra", "holds", "argument"):
        bare = sense("sides", name).sub(" ", bare)
    return " ".join(unframed(bare))


def side_put(question: str, topic: Topic) -> StanceKind | None:
    """ "supports" where a question puts the topic's proposition, "opposes" where it puts it denied; None where unsure.

    Args:
        question: without the names of speakers.
    """
    text = sense("sides", "tag").sub(" ", fold_text(question))
    against = means(text, "sides", "contra")
    bare = text
    for name in ("contra", "pro", "holds"):
        bare = sense("sides", name).sub(" ", bare)
    asked = set(content_words(bare))
    for proposition, name in ((topic.proposition_zh, topic.zh), (topic.proposition_en, topic.en)):
        held = set(content_words(proposition))
        if held and asked and asked <= held | set(content_words(name)) and len(asked & held) >= _COVERED * len(held):
            denied = len(sense("sides", "negation").findall(text)) - len(
                sense("sides", "negation").findall(fold_text(proposition))
            )
            if denied not in (0, 1) or (denied and against):
                return None
            return "opposes" if denied or against else "supports"
    return None


def is_denied(question: str) -> bool:
    """Whether a question holds a negation that is no mere tag ("is it not", "是不是")."""
    text = sense("sides", "tag").sub(" ", fold_text(question))
    return means(text, "sides", "negation")


def side_of_outlook(question: str, topic: Topic) -> StanceKind | None:
    """The side of a topic that hopes (or fears), where a question asks for who does and the proposition is of good or
    of bad news; None elsewhere.
    """
    bright, dark = means(question, "sides", "bullish"), means(question, "sides", "bearish")
    proposition = f"{topic.proposition_zh} {topic.proposition_en}"
    good, bad = means(proposition, "sides", "good"), means(proposition, "sides", "bad")
    if bright == dark or good == bad:
        return None
    return "supports" if bright == good else "opposes"


def side_wanted(question: str, topic: Topic) -> StanceKind | None:
    """Whom a question asks for: those for or against, those who hope or fear; None where it does not say."""
    if (side := side_of_outlook(question, topic)) is not None:
        return side
    against, pro = means(question, "sides", "contra"), means(question, "sides", "pro")
    if not against and not pro and means(question, "sides", "argument"):
        return "opposes" if is_denied(question) else "supports"  # "the strongest argument that it is (not) so"
    if against == pro:
        return None
    return "opposes" if against else "supports"
