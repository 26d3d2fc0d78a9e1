"""Speakers side by side: where they stand where that is noted, else their words alone."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.operations.case import Case, row_names, stand
from assistant.selection import by_speaker, select, topics_of
from assistant.types import Draft, DraftClaim, Statement
from corpus.annotations import Stance
from corpus.types import Speaker
from index.types import Hit


def compare(case: Case, hits: Sequence[Hit]) -> Draft | None:
    """For each speaker asked about (every guest when none is named) what answers best; None where nothing does."""
    groups = heard(case, hits)
    if not groups:
        return None
    names = [case.transcript.speaker(i).name for i in groups]
    claims = [line(case, speaker_id, chosen) for speaker_id, chosen in groups.items()]
    stances = [stance for claim in claims if (stance := _stance_of(case, claim)) is not None]
    lead = ""
    basis: tuple[str, ...] = ()
    topic = case.topic
    if topic is not None and len(claims) == len([s for s in stances if s.topic == topic.id]):
        lead = stand(topic, stances, case.language)
        basis = (*row_names(topic, stances), *(i for s in stances for i in s.sentences))
    if not lead:
        sure = case.surely
        kind = "position" if len(names) == 1 else case.reading.understanding.intent
        lead = wording.lead(kind, names, case.language, sure=sure, noted=case.tables.noted)
    return Draft(lead=lead, basis=basis, claims=tuple(claims), notes=silences(case, list(groups)), confidence=case.sure)


def silences(case: Case, heard_ids: Sequence[str]) -> tuple[Statement, ...]:
    """Who was asked about and is not heard, and who is on record as silent."""
    missing = [s for s in case.asked or case.tables.guests if s.id not in heard_ids]
    topic = case.topic
    if not missing:
        return ()
    proved = case.tables.silent(topic, missing, case.found.everybody) if topic is not None else []
    told = []
    if proved and topic is not None:
        names = [s.name for s in proved]
        text = wording.silent_on(names, topic.name(case.language), case.language)
        told.append(Statement(text=text, basis=(f"topic:{topic.id}", *(f"roster:{s.id}" for s in proved))))
    unproved = [s for s in missing if s not in proved and s in case.asked]
    if unproved:
        names = [s.name for s in unproved]
        told.append(
            Statement(text=wording.silent_note(names, case.language), basis=tuple(f"roster:{s.id}" for s in unproved))
        )
    return tuple(told)


def heard(case: Case, hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    """For each speaker asked about (everybody when none is named) the sentences that answer."""
    transcript, policy, asked = case.transcript, case.policy, case.asked
    groups: dict[str, list[Hit]] = {}
    everyone = by_speaker(hits, transcript)
    guests = any(not transcript.speaker(speaker_id).is_host for speaker_id in everyone)
    most = policy.most if len(asked) == 1 else policy.most_each
    for speaker_id, own in everyone.items():
        speaker = transcript.speaker(speaker_id)
        if asked and speaker not in asked:
            continue
        on_topic = _on_topic(case, hits, own)
        noted = not speaker.is_host and _is_noted(case, speaker, on_topic[0], hits)
        enough = policy.keep_noted if noted else policy.keep_each
        # A host who puts the questions takes no side; one is heard when asked for, or where nobody else speaks.
        unasked = speaker.is_host and not case.reading.whole and guests
        if not asked and (unasked or on_topic[0].score < enough * hits[0].score):
            continue
        groups[speaker_id] = select(on_topic, policy, most)
    return groups


def line(case: Case, speaker_id: str, chosen: Sequence[Hit]) -> DraftClaim:
    """A speaker's quotes, with our summary where the notes tell where the speaker stands on their topic."""
    name = case.transcript.speaker(speaker_id).name
    ids = tuple(hit.id for hit in chosen)
    for topic in topics_of(chosen, case.tables.notes):
        stance = case.tables.notes.stance(name, topic)
        if stance is not None and set(ids) & set(stance.sentences):
            return DraftClaim(
                text=stance.summary_zh if case.language == "zh" else stance.summary_en,
                sentence_ids=ids,
                speaker_id=speaker_id,
                stance=stance.stance,
                basis=(f"stance:{topic}:{name}", *stance.sentences),
            )
    return DraftClaim(text="", sentence_ids=ids, speaker_id=speaker_id)


def _stance_of(case: Case, claim: DraftClaim) -> Stance | None:
    row = next((row for row in claim.basis if row.startswith("stance:")), None)
    if row is None:
        return None
    _, topic, name = row.split(":", 2)
    return case.tables.notes.stance(name, topic)


def _is_noted(case: Case, speaker: Speaker, own: Hit, hits: Sequence[Hit]) -> bool:
    """Whether a speaker is noted to take a stand on the topic of the best hits, on which this hit of theirs is."""
    notes = case.tables.notes
    topics = set(topics_of(hits, notes)[:1]) & set(notes.note(own.id).topics)
    return any(notes.stance(speaker.name, topic) is not None for topic in topics)


def _on_topic(case: Case, hits: Sequence[Hit], own: Sequence[Hit]) -> Sequence[Hit]:
    """A speaker's hits on the topic of the best hits, where notes tell topics; else all of them."""
    notes = case.tables.notes
    topics = topics_of(hits, notes)[:1]
    return [h for h in own if set(topics) & set(notes.note(h.id).topics)] or own
