"""Who holds something: from the table of stances, where the question is about what a stance is about."""

from __future__ import annotations

from assistant.knowledge.senses import means
from assistant.operations.case import Case
from assistant.operations.disagree import on_topic
from assistant.operations.put import side_put, side_wanted, topic_put
from assistant.operations.rank import of_side
from assistant.types import Draft

_TAKES_SIDES = ("holds", "contra", "pro", "bullish", "bearish")  # senses of a question for who stands where


def who(case: Case) -> Draft | None:
    """Those who hold what is asked; where each stands when it is not plain which side; None for who only said it."""
    question = case.reading.understanding.question
    if not any(means(question, "sides", name) for name in _TAKES_SIDES) or (topic := topic_put(case)) is None:
        return None
    stances = [s for s in case.tables.stances(topic.id, case.asked) if s.stance != "questions"]
    if not stances:
        return None
    wanted = side_put(case.reading.topic, topic) or side_wanted(question, topic)
    return on_topic(case, topic, stances) if wanted is None else of_side(case, topic, stances, wanted)
