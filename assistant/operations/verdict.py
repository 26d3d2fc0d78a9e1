"""Yes, no or two-sided: from the table of stances, where the question is about what a stance is about.

Where people stand is told when the question lies near the proposition; "yes" or "no" only when it is worded as the
proposition is and plainly puts it or opposes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.knowledge.topics import Topic
from assistant.numeric.quantities import read_quantities
from assistant.operations.case import Case, doubts, stand
from assistant.operations.disagree import on_topic
from assistant.operations.premise import COMPARED
from assistant.operations.put import is_denied, side_put, topic_put
from assistant.reading.details import values_in
from assistant.types import Draft, DraftAbstention
from assistant.wording import pick
from corpus.annotations import Language, Stance


def verdict(case: Case) -> Draft | None:
    """Where those asked about stand on what is asked; None where no stance is about it."""
    topic = topic_put(case)
    if topic is None or _names_a_figure(case, topic):
        return None
    stances = [s for s in case.tables.stances(topic.id, case.asked) if s.stance != "questions"]
    if not stances:
        return _takes_no_side(case, topic)
    draft = on_topic(case, topic, stances)
    return draft.model_copy(update={"lead": f"{_word(case, topic, stances)}{draft.lead}"})


def _names_a_figure(case: Case, topic: Topic) -> bool:
    """Whether the question puts a figure that the proposition does not hold: then it is about that figure."""
    proposition = values_in(topic.proposition_zh) | values_in(topic.proposition_en) | values_in(topic.en)
    asked = [q for q in read_quantities(case.reading.understanding.question) if q.family in COMPARED]
    return any(values_in(q.text) - proposition for q in asked)


def _takes_no_side(case: Case, topic: Topic) -> Draft | None:
    """That those asked about take no side on record, and who does; None where anybody was asked about."""
    if not case.asked:
        return None
    names = [s.name for s in case.asked]
    silent = len(case.tables.silent(topic, case.asked, case.found.everybody)) == len(names)
    if silent:
        message = wording.silent_on(names, topic.name(case.language), case.language)
    else:
        message = wording.no_stand(names, topic.name(case.language), case.language)
    spoke = [s.speaker for s in case.tables.stances(topic.id) if s.stance != "questions"]
    nearest = tuple(hit.id for hit in case.found.everybody[:3])
    silence = DraftAbstention(reason="speaker_silent", message=message, spoke=tuple(spoke), nearest=nearest)
    return Draft(abstention=silence, confidence=case.sure)


def _word(case: Case, topic: Topic, stances: Sequence[Stance]) -> str:
    """ "Yes: ", "No: ", "It is two-sided: "; empty where it is not plain what is put, or somebody only doubts."""
    kinds = {s.stance for s in stances}
    several = len(stances) > 1
    if {"supports", "opposes"} <= kinds or ("mixed" in kinds and several):
        return _told("differ", case.language)
    if kinds == {"mixed"}:
        return _told("two", case.language)
    put = side_put(case.reading.topic, topic)
    if put is None or is_denied(case.reading.understanding.question) or any(doubts(s) for s in stances):
        return ""
    word = "yes" if kinds == {put} else "no"
    return _told(word if case.asked else f"{word}, by them", case.language)


def _told(word: str, language: Language) -> str:
    phrases = {
        "yes": ("是的:", "Yes: "),
        "no": ("不是:", "No: "),
        "yes, by them": ("在他们看来是:", "Yes, as they see it: "),
        "no, by them": ("在他们看来不是:", "No, as they see it: "),
        "two": ("要分两面看:", "It is two-sided: "),
        "differ": ("说法不一:", "They do not see it alike: "),
    }
    return pick(phrases[word], language)


def stands(case: Case, topic: Topic) -> str:
    """Where the guests stand on a topic, in a sentence; empty where nobody takes a side."""
    return stand(topic, [s for s in case.tables.stances(topic.id) if s.stance != "questions"], case.language)
