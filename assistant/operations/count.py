"""How many hold something, how often something was said: counted, never estimated."""

from __future__ import annotations

import re

from assistant.knowledge.senses import means
from assistant.knowledge.topics import Topic
from assistant.operations.case import Case, best_of, row_names, stand
from assistant.operations.disagree import on_topic
from assistant.operations.put import topic_put
from assistant.reading.acts import unframed
from assistant.types import Draft, DraftClaim
from assistant.wording import join_names, pick, spaced
from corpus.normalize import fold_text

_QUOTED = re.compile(r"[\"\u201c\u201d\u2018「『]([^\"\u201c\u201d\u2019」』]{1,40})[\"\u201c\u201d\u2019」』]")
_MOST = 4  # sentences shown of those that hold the word


def count(case: Case) -> Draft | None:
    """A count with what was counted; None where there is nothing to count."""
    if means(case.reading.understanding.question, "counting", "times"):
        return _times(case)
    if (last := _of_the_last(case)) is not None:
        return last
    topic = topic_put(case)
    if topic is None:
        return _speaking(case, case.topic) if case.topic is not None else None
    stances = [s for s in case.tables.stances(topic.id, case.asked) if s.stance != "questions"]
    told = stand(topic, stances, case.language)
    if not told:
        return None
    n = {kind: sum(s.stance == kind for s in stances) for kind in ("supports", "opposes", "mixed")}
    phrase = (
        "{all}位表态的嘉宾里,{supports}位认同、{opposes}位不认同、{mixed}位两面都说:",
        "Of the {all} on record, {supports} for it, {opposes} against, {mixed} on both sides: ",
    )
    lead = pick(phrase, case.language).format(all=len(stances), **n) + told
    draft = on_topic(case, topic, stances)
    return draft.model_copy(update={"lead": lead, "basis": (*row_names(topic, stances), *draft.basis)})


def _of_the_last(case: Case) -> Draft | None:
    """How many people, or passages, the last answer has; None where a subject of its own is counted."""
    last = case.thread[-1] if case.thread else None
    if last is None or not last.quotes or unframed(case.reading.own) or not case.reading.understanding.follow_up:
        return None
    names = list(dict.fromkeys(q.speaker for q in last.quotes))
    if means(case.reading.understanding.question, "counting", "people"):
        phrase = ("{n}位:{who}。", "{n}: {who}.")
        lead = pick(phrase, case.language).format(n=len(names), who=join_names(names, case.language))
    else:
        phrase = ("上一条回答里有{n}处,出自{who}。", "{n} in the last answer, by {who}.")
        lines = len(last.claims) if all(claim.text for claim in last.claims) else len(last.quotes)
        lead = pick(phrase, case.language).format(n=lines, who=join_names(names, case.language))
    claims = tuple(DraftClaim(text="", sentence_ids=q.sentence_ids, speaker_id=q.speaker_id) for q in last.quotes)
    basis = tuple(i for q in last.quotes for i in q.sentence_ids)
    rows = tuple(dict.fromkeys(r for c in last.claims for r in c.basis if r.startswith("stance:")))
    return Draft(lead=spaced(lead), basis=(*rows, *basis), claims=claims, confidence=1.0)


def _speaking(case: Case, topic: Topic) -> Draft | None:
    """How many speak on a noted topic."""
    on_it: dict[str, list[str]] = {}
    for identifier in topic.sentences:
        on_it.setdefault(case.transcript.speaker_of(case.transcript.sentence(identifier).turn_id).id, []).append(
            identifier
        )
    people = [s for s in case.tables.guests if s.id in on_it]
    if not people:
        return None
    phrase = ("{n}位嘉宾谈到了{topic}:{who}。", "{n} of the guests on it ({topic}): {who}.")
    who = join_names([s.name for s in people], case.language)
    lead = pick(phrase, case.language).format(n=len(people), topic=topic.name(case.language), who=who)
    claims = [DraftClaim(text="", sentence_ids=tuple(best_of(case, on_it[s.id], 1)), speaker_id=s.id) for s in people]
    return Draft(
        lead=spaced(lead), basis=(f"topic:{topic.id}", *topic.sentences), claims=tuple(claims), confidence=case.sure
    )


def _times(case: Case) -> Draft | None:
    """How often the very words of the subject were said, and by whom."""
    question = fold_text(case.reading.understanding.question)
    quoted = _QUOTED.search(question)
    words = (quoted[1] if quoted else fold_text(case.plan.subject)).strip()
    if not words:
        return None
    pattern = re.compile(
        rf"(?<![a-z0-9]){re.escape(words)}(?:e?s)?(?![a-z0-9])" if words.isascii() else re.escape(words)
    )
    wanted = {s.id for s in case.asked}
    by: dict[str, int] = {}
    held: dict[str, list[str]] = {}
    for sentence in case.transcript.sentences:
        speaker = case.transcript.speaker_of(sentence.turn_id)
        found = len(pattern.findall(fold_text(sentence.text)))
        if found and (not wanted or speaker.id in wanted):
            by[speaker.name] = by.get(speaker.name, 0) + found
            held.setdefault(speaker.id, []).append(sentence.id)
    total = sum(by.values())
    if not total:
        phrase = ("文稿里没有出现这个说法:{what}。", "These words do not occur in the transcript: {what}.")
        return Draft(
            lead=spaced(pick(phrase, case.language).format(what=case.plan.subject)),
            basis=("transcript",),
            confidence=1.0,
        )
    people = (
        "、".join(f"{n}{t}次" for n, t in by.items())
        if case.language == "zh"
        else ", ".join(f"{n} {t}" for n, t in by.items())
    )
    phrase = ("“{what}”在文稿里出现{n}次:{people}。", "“{what}” was said {n} time(s): {people}.")
    lead = spaced(pick(phrase, case.language).format(what=case.plan.subject, n=total, people=people))
    lead = lead.replace("1 time(s)", "once").replace("time(s)", "times")
    claims = [DraftClaim(text="", sentence_ids=tuple(ids[:1]), speaker_id=i) for i, ids in list(held.items())[:_MOST]]
    ids = tuple(i for group in held.values() for i in group)
    return Draft(lead=lead, basis=("transcript", *ids), claims=tuple(claims), confidence=1.0)
