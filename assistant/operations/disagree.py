"""Who disagrees, who agrees: from the table of stances; without one, from replies that say so in so many words.

"Who disagrees with Bob on fees?" wants those on the other side of Bob; "where do they disagree?" the topics on which
somebody holds what somebody else disputes.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.knowledge.exchanges import Reply
from assistant.knowledge.topics import Topic
from assistant.operations.case import Case, best_of, of_row, of_stance, row_names, stand
from assistant.operations.compare import silences
from assistant.types import Draft, DraftClaim, Statement
from assistant.wording import join_names, pick, spaced
from corpus.annotations import Language, Stance

_OPPOSITE = {"supports": "opposes", "opposes": "supports"}
_MOST_TOPICS, _MOST_REPLIES = 6, 4


def sides(case: Case) -> Draft | None:
    """Who is against or for what is asked about, and where they part; None where no table tells."""
    agree = case.plan.operation == "agree"
    if not case.tables.noted:
        return _in_so_many_words(case, agree=agree)
    if not case.plan.subject:
        return _all_topics(case, agree=agree)
    topic = case.leaning_on or case.topic
    if topic is None or not topic.proposition(case.language):
        return None
    named, towards = case.asked, case.plan.scope.towards
    if towards and named:
        return None  # "does Ann agree with Bob?": what Ann said to it
    if len(towards) == 1:
        return _against_one(case, topic, case.transcript.speaker(towards[0]).name, agree=agree)
    stances = [s for s in case.tables.stances(topic.id, named) if s.stance != "questions"]
    first = "supports" if agree else "opposes"
    return on_topic(case, topic, sorted(stances, key=lambda s: s.stance != first)) if stances else None


def on_topic(case: Case, topic: Topic, stances: Sequence[Stance], notes: tuple[Statement, ...] = ()) -> Draft:
    """Where these people stand on a topic, a line each."""
    lead = stand(topic, stances, case.language)
    heard = [s.id for s in case.transcript.speakers if s.name in {stance.speaker for stance in stances}]
    return Draft(
        lead=lead,
        basis=(*row_names(topic, stances), *(i for s in stances for i in s.sentences)),
        claims=tuple(of_stance(case, stance, _each(case)) for stance in stances),
        notes=notes or silences(case, heard),
        confidence=case.sure,
    )


def _each(case: Case) -> int:
    return {"short": 1, "normal": case.policy.most_each, "long": case.policy.most}[case.plan.shape.length]


def _against_one(case: Case, topic: Topic, name: str, *, agree: bool) -> Draft | None:
    """Those who stand on the other (or the same) side of somebody, and that side first."""
    own = case.tables.notes.stance(name, topic.id)
    if own is None or own.stance == "questions" or case.tables.relayed(own):
        return None
    wanted = {own.stance} if agree else {_OPPOSITE.get(own.stance, "")}
    others = [s for s in case.tables.stances(topic.id) if s.speaker != name and s.stance != "questions"]
    found = [s for s in others if s.stance in wanted]
    if found:
        draft = on_topic(case, topic, [*found, own])
        theirs = tuple(claim for claim in draft.claims if claim.basis[0] != f"stance:{topic.id}:{name}")
        return draft.model_copy(update={"claims": theirs})
    told = stand(topic, [own], case.language)
    nobody = (
        ("记录里没有人与{name}立场相反。", "Nobody is on record as standing against {name} on this.")
        if not agree
        else ("记录里没有人与{name}立场相同。", "Nobody else is on record as standing with {name} on this.")
    )
    note = spaced(pick(nobody, case.language).format(name=name))
    rows = (f"stance:{topic.id}:{name}", *own.sentences)
    draft = on_topic(case, topic, [own, *others], (Statement(text=note, basis=rows),))
    return draft.model_copy(update={"lead": f"{note}{' ' if case.language == 'en' else ''}{told}", "notes": ()})


def _all_topics(case: Case, *, agree: bool) -> Draft | None:
    """The topics on which people part (or none parts from another), those with most said first, in order of speech."""
    kept = []
    for topic in case.tables.topics:
        stances = [s for s in case.tables.stances(topic.id, case.asked) if s.stance != "questions"]
        kinds = {s.stance for s in stances}
        parted = {"supports", "opposes"} <= kinds
        together = len(stances) > 1 and len(kinds) == 1 and kinds <= {"supports", "opposes"}
        if topic.proposition(case.language) and (together if agree else parted):
            kept.append((topic, stances))
    kept = sorted(kept, key=lambda pair: -len(pair[0].sentences))[: case.plan.shape.points or _MOST_TOPICS]
    if not kept:
        return None
    order = [topic.id for topic in case.tables.topics]
    kept.sort(key=lambda pair: order.index(pair[0].id))
    claims = [of_topic(case, topic, stances) for topic, stances in kept]
    phrase = (
        ("记录在案、立场一致的话题有{n}个:", "{n} on record where they stand together:")
        if agree
        else ("记录在案、立场相反的话题有{n}个:", "{n} on record where they stand against each other:")
    )
    basis = tuple(row for topic, stances in kept for row in row_names(topic, stances))
    return Draft(
        lead=spaced(pick(phrase, case.language).format(n=_counted(len(kept), case.language))),
        basis=basis,
        claims=tuple(claims),
        confidence=1.0,
    )


def of_topic(case: Case, topic: Topic, stances: Sequence[Stance]) -> DraftClaim:
    """A line on a topic: where each of these stands, with a sentence of each."""
    colon = pick(("：", ": "), case.language)
    told = stand(topic, stances, case.language)
    if not told:
        summary = (stances[0].summary_zh, stances[0].summary_en)
        told = f"{stances[0].speaker}{colon}{pick(summary, case.language)}"
    ids = [best_of(case, stance.sentences, 1, stance.summary_en)[0] for stance in stances if stance.sentences]
    return DraftClaim(
        text=spaced(f"{topic.name(case.language)}{colon}{told}"),
        sentence_ids=tuple(sorted(dict.fromkeys(ids), key=case.transcript.position)),
        basis=(*row_names(topic, stances), *(i for s in stances for i in s.sentences), *of_row(topic)),
    )


def _in_so_many_words(case: Case, *, agree: bool) -> Draft | None:
    """Replies that say so themselves, with what they reply to."""
    wanted = {s.id for s in case.asked}
    on_it = {hit.id for hit in case.found.everybody[:20]} if case.plan.subject and case.answered else None
    replies: list[Reply] = [
        reply
        for reply in case.tables.replies
        if reply.agrees == agree
        and (not wanted or reply.speaker_id in wanted or reply.to_speaker_id in wanted)
        and (on_it is None or on_it & set(case.tables.around(reply)))
    ]
    if not replies:
        return None
    claims = []
    for reply in replies[: case.plan.shape.points or _MOST_REPLIES]:
        if reply.to_ids:
            claims.append(DraftClaim(text="", sentence_ids=reply.to_ids, speaker_id=reply.to_speaker_id))
        claims.append(DraftClaim(text="", sentence_ids=reply.ids, speaker_id=reply.speaker_id))
    names = list(dict.fromkeys(case.transcript.speaker(r.speaker_id).name for r in replies[:_MOST_REPLIES]))
    phrase = (
        ("回应里的认同之词,出自{names}:", "Words of agreement in reply came from {names}:")
        if agree
        else ("回应里的不认同之词,出自{names}:", "Words of objection in reply came from {names}:")
    )
    lead = spaced(pick(phrase, case.language).format(names=join_names(names, case.language)))
    return Draft(
        lead=lead, basis=tuple(i for r in replies for i in r.ids), claims=tuple(claims), confidence=max(case.sure, 0.6)
    )


def _counted(n: int, language: Language) -> str:
    if language == "zh":
        return str(n)
    return "One topic is" if n == 1 else f"{n} topics are"
