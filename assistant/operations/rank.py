"""First, last, strongest for or against: what order and side can be read off the record; no degree is invented."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.knowledge.senses import means
from assistant.knowledge.topics import Topic
from assistant.operations.case import Case, stand
from assistant.operations.disagree import on_topic
from assistant.operations.put import matter_of, side_wanted, topic_put
from assistant.operations.summarise import central
from assistant.selection import select
from assistant.types import Draft, DraftClaim
from assistant.wording import pick, spaced
from corpus.annotations import Stance, StanceKind
from corpus.normalize import fold_text

_CLOSE = 0.15  # of the best find, from which a passage is on the subject


def rank(case: Case) -> Draft | None:
    """The first or last on a subject, or the side that is asked for; None where neither is asked."""
    question = case.reading.understanding.question
    first, last = means(question, "sides", "first"), means(question, "sides", "last")
    if case.plan.subject and case.answered and (first or last):
        return _in_time(case, last=not first)
    topic = topic_put(case) or (case.topic if case.plan.subject else None)
    if topic is None and case.tables.noted and not matter_of(case):
        topic = central(case)
    if topic is None or not topic.proposition(case.language):
        return None
    wanted = side_wanted(question, topic)
    stances = [s for s in case.tables.stances(topic.id, case.asked) if s.stance != "questions"]
    if wanted is None or not stances:
        return None
    return of_side(case, topic, stances, wanted)


def of_side(case: Case, topic: Topic, stances: Sequence[Stance], wanted: StanceKind) -> Draft:
    """Those on one side of a topic; where nobody is on it, those who see both; else that nobody is."""
    chosen = [s for s in stances if s.stance == wanted] or [s for s in stances if s.stance == "mixed"]
    if not chosen:
        return _nobody(case, topic, stances, against=wanted == "opposes")
    draft = on_topic(case, topic, chosen)
    degrees = case.plan.operation == "rank" and len(chosen) > 1
    note = pick(("程度高低没有记录;各人立场如下:", "Degrees are not on record; where each stands: "), case.language)
    return draft.model_copy(update={"lead": f"{note}{draft.lead}" if degrees else draft.lead, "notes": ()})


def _nobody(case: Case, topic: Topic, stances: Sequence[Stance], *, against: bool) -> Draft:
    """That nobody is on record on the side that is asked for, and where those stand who are."""
    phrase = (
        ("记录里没有人不认为{what}。", "Nobody is on record as not holding that {what}.")
        if against
        else ("记录里没有人认为{what}。", "Nobody is on record as holding that {what}.")
    )
    nobody = spaced(pick(phrase, case.language).format(what=topic.proposition(case.language)))
    asking = [s for s in case.tables.notes.stances if s.topic == topic.id and s.stance == "questions"]
    draft = on_topic(case, topic, [*stances, *asking])
    told = stand(topic, stances, case.language)
    joint = "" if case.language == "zh" else " "
    return draft.model_copy(update={"lead": f"{nobody}{joint}{told}", "notes": ()})


def _in_time(case: Case, *, last: bool) -> Draft | None:
    """Who came to the subject first, or last, among the passages found on it."""
    hits = case.found.hits
    near = [hit.id for hit in hits if hit.score >= _CLOSE * hits[0].score] if hits else []
    words = {fold_text(case.plan.subject)}
    holding = [s.id for s in case.transcript.sentences if words and any(w in fold_text(s.text) for w in words)]
    wanted = {s.id for s in case.asked}
    ids = [i for i in (holding or near) if not wanted or _speaker(case, i) in wanted]
    if not ids:
        return None
    chosen = sorted(ids, key=case.transcript.position)[-1 if last else 0]
    name = case.transcript.speaker(_speaker(case, chosen)).name
    phrase = (
        ("找到的相关段落里,最后一处出自{name}:", "Of the passages found on it, the last is by {name}:")
        if last
        else ("找到的相关段落里,最早一处出自{name}:", "Of the passages found on it, the first is by {name}:")
    )
    claim = DraftClaim(text="", sentence_ids=(chosen,), speaker_id=_speaker(case, chosen))
    best = [h for h in select(hits, case.policy, 2) if h.id != chosen][:1]
    more = [DraftClaim(text="", sentence_ids=(h.id,), speaker_id=_speaker(case, h.id)) for h in best]
    lead = spaced(pick(phrase, case.language).format(name=name))
    return Draft(lead=lead, basis=(chosen,), claims=(claim, *more), confidence=case.sure)


def _speaker(case: Case, sentence_id: str) -> str:
    return case.transcript.speaker_of(case.transcript.sentence(sentence_id).turn_id).id
