"""First, last, strongest for or against: what order and side can be read off the record; no degree is invented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.knowledge.topics import Topic
from assistant.operations.case import Case, of_stance
from assistant.operations.disagree import on_topic
from assistant.selection import select
from assistant.types import Draft, DraftClaim
from assistant.wording import pick, spaced
from corpus.annotations import Stance
from corpus.normalize import fold_text

_FIRST = re.compile(r"\bfirst\b|\bearliest\b|\binitially\b|最先|最早|第一个|首先|率先|头一个|第一次")
_LAST = re.compile(r"\blast\b|\bfinal(?:ly)?\b|\blatest\b|最后|最晚|末了|最终")
_FOR = re.compile(r"\bfor\b|\bpro\b|\bin favou?r\b|\bsupport|\bbull|\boptimis|\bbacks?\b|支持|赞成|正方|看好|乐观|认同")
_AGAINST = re.compile(
    r"\bagainst\b|\bcontra?\b|\boppos|\bbear|\bpessimis|\bscepti|\bskepti|\bcritic|反对|反方|看空|看衰|不看好|悲观|质疑|批评|怀疑"
)
_ARGUMENT = re.compile(r"\bargument|\bcase\b|\breason|\bevidence|论据|论点|理由|依据")
_CLOSE = 0.15  # of the best find, from which a passage is on the subject


def rank(case: Case) -> Draft | None:
    """The first or last on a subject, or the side that is asked for; None where neither is asked."""
    question = fold_text(case.reading.understanding.question)
    if case.plan.subject and case.answered and (_FIRST.search(question) or _LAST.search(question)):
        return _in_time(case, last=not _FIRST.search(question))
    topic = case.topic
    if topic is None or not topic.proposition(case.language):
        return None
    against, pro = bool(_AGAINST.search(question)), bool(_FOR.search(question))
    stances = [s for s in case.tables.stances(topic.id, case.asked) if s.stance != "questions"]
    if not against and not pro and _ARGUMENT.search(question):
        pro = True  # "the strongest argument that it is so"
    wanted = "opposes" if against else "supports"
    chosen = [s for s in stances if s.stance == wanted] or [s for s in stances if s.stance == "mixed"]
    if against == pro or not stances:
        return None
    if not chosen:
        return _nobody(case, topic, stances, against=against)
    draft = on_topic(case, topic, chosen, ())
    note = pick(("程度高低没有记录;各人立场如下:", "Degrees are not on record; where each stands: "), case.language)
    claims = tuple(of_stance(case, stance, case.policy.most_each) for stance in chosen)
    lead = draft.lead if against != pro and len(chosen) == 1 else f"{note}{draft.lead}"
    return draft.model_copy(update={"lead": lead, "claims": claims, "notes": ()})


def _nobody(case: Case, topic: Topic, stances: Sequence[Stance], *, against: bool) -> Draft:
    """That nobody is on record on the side that is asked for, and where those stand who are."""
    phrase = (
        ("记录里没有人不认为{what}。", "Nobody is on record as not holding that {what}.")
        if against
        else ("记录里没有人认为{what}。", "Nobody is on record as holding that {what}.")
    )
    nobody = spaced(pick(phrase, case.language).format(what=topic.proposition(case.language)))
    draft = on_topic(case, topic, stances)
    joint = "" if case.language == "zh" else " "
    return draft.model_copy(update={"lead": f"{nobody}{joint}{draft.lead}", "notes": ()})


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
