"""A summary of the debate, of a person, of a subject, in n points: rows of the tables with a quote each.

Without notes nobody's view is put into our words: the passages that stand best for the rest are quoted in order.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.knowledge.senses import means
from assistant.knowledge.topics import Topic
from assistant.operations.case import Case, of_stance
from assistant.operations.disagree import of_topic, on_topic
from assistant.operations.verdict import stands
from assistant.types import Draft, DraftClaim
from assistant.wording import join_names, pick, spaced
from corpus.annotations import Stance
from corpus.types import Speaker
from index.tokens import content_words

_POINTS = {"short": 3, "normal": 5, "long": 8}
_SHORT = 3  # points of a shorter version of any


def summarise(case: Case) -> Draft | None:
    """The summary; None where the subject is not found."""
    if case.plan.subject and (not case.answered or not case.tables.noted):
        return None
    if case.plan.subject and means(case.reading.understanding.question, "places", "part"):
        return _of_part(case)
    if case.asked:
        return _of_people(case)
    if case.plan.subject:
        return _of_subject(case)
    return _of_debate(case) if case.tables.noted else _passages(case, None)


def points(case: Case) -> int:
    """How many points are wanted."""
    wanted = case.plan.shape.points or _POINTS[case.plan.shape.length]
    return min(wanted, _SHORT) if case.plan.shape.length == "short" else wanted


def _of_debate(case: Case) -> Draft:
    """The topics that most was said on, each with where people stand; the central one leads."""
    tables = case.tables
    told = {t.id: [s for s in tables.stances(t.id) if s.stance != "questions"] for t in tables.topics}
    main = central(case)
    weight = sorted((t for t in tables.topics if told[t.id]), key=lambda t: (t.id != main.id, -len(t.sentences)))
    chosen = [t for t in tables.topics if t in weight[: points(case)]]
    claims = tuple(of_topic(case, topic, told[topic.id]) for topic in chosen)
    lead = stands(case, main)
    basis = tuple(f"stance:{main.id}:{s.speaker}" for s in told[main.id])
    ids = tuple(i for s in told[main.id] for i in s.sentences)
    return Draft(lead=lead or _lead(case, len(claims)), basis=(*basis, *ids), claims=claims, confidence=1.0)


def _of_part(case: Case) -> Draft | None:
    """Where people stand in the titled part that most of what was found is of; None without parts."""
    weights: dict[int, float] = {}
    for hit in case.found.everybody:
        section = case.transcript.turn(case.transcript.sentence(hit.id).turn_id).section
        weights[section] = weights.get(section, 0.0) + hit.score
    best = max(weights, key=lambda n: weights[n], default=0)
    title = next((s.title for s in case.transcript.sections if s.number == best), "")
    turns = {turn.id for turn in case.transcript.turns if turn.section == best}
    topics = {topic.id: topic for topic in case.tables.topics}
    within = [
        stance
        for stance in case.tables.notes.stances
        if stance.stance != "questions" and any(case.transcript.sentence(i).turn_id in turns for i in stance.sentences)
    ]
    if not title or not within:
        return None
    first = {s: min(map(case.transcript.position, s.sentences)) for s in within}
    claims = tuple(of_stance(case, s, 1, named=topics[s.topic]) for s in sorted(within, key=lambda s: first[s]))
    lead = pick(("在《{title}》这一节:", "In the part “{title}”:"), case.language).format(title=title)
    return Draft(lead=lead, basis=("transcript",), claims=claims, confidence=case.sure)


def central(case: Case) -> Topic:
    """What the debate is about: the topic that the title names; else the one that most was said on."""
    title = set(content_words(case.transcript.title))

    def named(topic: Topic) -> int:
        return len(title & set(content_words(f"{topic.zh} {topic.en} {topic.proposition_zh} {topic.proposition_en}")))

    return max(case.tables.topics, key=lambda topic: (named(topic), len(topic.sentences)))


def _of_people(case: Case) -> Draft | None:
    """What each person asked about holds, topic by topic; on a subject, only there."""
    claims: list[DraftClaim] = []
    silent: list[str] = []
    each = max(1, points(case) // len(case.asked)) if len(case.asked) > 1 else points(case)
    topic = case.topic if case.plan.subject else None
    if case.plan.subject and topic is None:
        return None
    for speaker in case.asked:
        own = _stances(case, speaker, topic)
        if own:
            topics = {t.id: t for t in case.tables.topics}
            claims += [of_stance(case, s, 1, named=topics[s.topic] if topic is None else None) for s in own[:each]]
        elif not case.tables.noted or topic is None:
            ids = case.tables.passages(speaker, None, each)
            claims += [DraftClaim(text="", sentence_ids=(i,), speaker_id=speaker.id) for i in ids]
        else:
            silent.append(speaker.name)
    if not claims:
        return None
    names_text = join_names([s.name for s in case.asked if s.name not in silent], case.language)
    noted = case.tables.noted and any(claim.text for claim in claims)
    phrase = (
        ("{who}的主要观点,分{n}点:", "What {who} held, in {n} points:")
        if noted
        else ("从{who}的发言里选出的原话,按先后:", "Passages from what {who} said, in order:")
    )
    if len(claims) == 1:
        phrase = (
            ("{who}的主要观点:", "What {who} held:")
            if noted
            else ("从{who}的发言里选出的一段原话:", "A passage from what {who} said:")
        )
    lead = spaced(pick(phrase, case.language).format(who=names_text, n=len(claims)))
    return Draft(lead=lead, basis=_rows(case, claims), claims=tuple(claims), confidence=1.0)


def _rows(case: Case, claims: Sequence[DraftClaim]) -> tuple[str, ...]:
    """What the lead of so many points rests on: the people, and the rows or sentences of each."""
    rows = [f"roster:{s.id}" for s in case.asked]
    rows += [row for claim in claims for row in (claim.basis[:1] or claim.sentence_ids)]
    return tuple(dict.fromkeys(rows))


def _stances(case: Case, speaker: Speaker, topic: Topic | None) -> list[Stance]:
    """Somebody's stances, those with most said in order of speech; of a host what is asked."""
    every = case.tables.stances_of(speaker)
    if topic is not None:
        return [s for s in every if s.topic == topic.id]
    own = [s for s in every if s.stance != "questions"] or every
    kept = sorted(own, key=lambda s: -len(s.sentences))[: points(case)]
    return [s for s in own if s in kept]


def _of_subject(case: Case) -> Draft | None:
    topic = case.topic
    if topic is None or not topic.proposition(case.language):
        return None
    stances = [s for s in case.tables.stances(topic.id) if s.stance != "questions"]
    return on_topic(case, topic, stances) if stances else None


def _passages(case: Case, speaker: Speaker | None) -> Draft | None:
    """Without notes: a passage for each of the largest clusters, in order of speech."""
    count = case.plan.shape.points or max(_POINTS["normal"], points(case))
    largest = sorted(case.tables.clusters(count), key=lambda topic: -len(topic.sentences))[: points(case)]
    found = [case.tables.passages(speaker, topic, 1) for topic in largest]
    claims = []
    for identifier in sorted({i for ids in found for i in ids}, key=case.transcript.position):
        who = case.transcript.speaker_of(case.transcript.sentence(identifier).turn_id)
        claims.append(DraftClaim(text="", sentence_ids=(identifier,), speaker_id=who.id))
    if not claims:
        return None
    return Draft(lead=_lead(case, len(claims)), basis=("transcript",), claims=tuple(claims), confidence=0.9)


def _lead(case: Case, n: int) -> str:
    phrase = ("从全场选出的原话,按先后:", "Passages from across the whole, in order:")
    if n == 1:
        phrase = ("从全场选出的一段原话:", "A passage from the whole:")
    return spaced(pick(phrase, case.language).format(n=n))
