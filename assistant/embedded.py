"""The embedded answerer: found sentences → draft, by rule, without a model.

It names sentences and words short frames around them; it cannot quote. When nothing supports an answer it abstains and
says who did speak.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.absent import absent
from assistant.cues import GUESTS
from assistant.selection import (
    Confidence,
    Policy,
    Retrieval,
    asked_by_hosts,
    boosted,
    by_speaker,
    features,
    fitted_confidence,
    policy_for,
    select,
    topics_of,
)
from assistant.types import AbstentionReason, Draft, DraftAbstention, DraftClaim
from assistant.understanding import Reading
from corpus.types import Speaker
from index.search import PassageIndex
from index.types import Hit

_NEAREST = 3
_PLACED = 0.95  # how sure we are of what a question finds by its place in the debate


class EmbeddedAnswerer:
    """Drafts from what was found; holds no state of any conversation."""

    name = "embedded"

    def __init__(self, index: PassageIndex, policy: Policy | None = None, confidence: Confidence | None = None) -> None:
        self.index = index
        self.policy = policy or policy_for(index.aim)
        self.confidence = confidence or fitted_confidence(index.aim)

    def draft(self, reading: Reading, found: Retrieval) -> Draft:
        """What the found sentences say to the question, or why they do not."""
        understood = reading.understanding
        if understood.intent in ("small_talk", "out_of_scope"):
            return self._abstain(understood.intent, reading, found, 0.0)
        transcript, notes = self.index.transcript, self.index.notes
        sure = self.sure(reading, found)
        enough = self.policy.answer_from
        answered = sure >= enough
        if (nobody_here := absent(reading, self.index, found.everybody, answered=answered)) is not None:
            return Draft(abstention=nobody_here, confidence=0.0)
        asked = [transcript.speaker(i) for i in understood.speaker_ids]
        if not answered and asked and (stands := self._stands(reading, found)) is not None:
            found, sure = stands
            answered = sure >= enough
        if not answered:
            return self._abstain(self._reason(reading, found), reading, found, sure)
        hits = boosted(found.hits, understood.intent, transcript, notes)
        several = understood.intent in ("comparison", "overview") or (
            len(asked) > 1 and understood.intent != "host_question"
        )
        groups = self._several(reading, hits, asked) if several else self._one(reading, hits)
        if not groups and not asked:  # nobody to compare: one point, whoever made it
            groups = self._one(reading, hits)
        if not groups:
            return self._abstain(self._reason(reading, found), reading, found, sure)
        language = understood.language
        names = [transcript.speaker(speaker_id).name for speaker_id in groups]
        claims = [
            DraftClaim(
                text=self._frame(speaker_id, chosen, reading),
                sentence_ids=tuple(h.id for h in chosen),
                speaker_id=speaker_id,
            )
            for speaker_id, chosen in groups.items()
        ]
        alone = understood.intent == "comparison" and len(names) == 1
        origins = self._origins(groups) if understood.intent == "who_said" else None
        credited = names if origins is None else [wording.credited(name, origins[name], language) for name in names]
        intent = "position" if alone else understood.intent
        noted = self.index.aim == "annotated"
        sure_enough = sure >= self.policy.sure_from
        lead = wording.lead(intent, credited, language, own=origins is not None, sure=sure_enough, noted=noted)
        silent = [s.name for s in asked if s.name not in names]
        if silent:
            lead = wording.joined((wording.silent_note(silent, language), lead), language)
        return Draft(lead=lead, claims=tuple(claims), confidence=sure)

    def sure(self, reading: Reading, found: Retrieval) -> float:
        """Probability that what was found answers the question."""
        if reading.placed:
            return _PLACED
        return self.confidence.of(features(self.index, found, reading.topic, reading.understanding.question))

    def _stands(self, reading: Reading, found: Retrieval) -> tuple[Retrieval, float] | None:
        """A speaker's own sentences on the subject, where the notes record a stance on it; else None.

        The words of a question may point at what somebody else said ("那 Ethan 呢?") and still ask for this stance.
        """
        anybody = found._replace(hits=found.everybody, legs=found.open_legs)
        sure = self.sure(reading, anybody)
        topics = topics_of(found.everybody, self.index.notes)[:1]
        if sure < self.policy.answer_from or not topics or reading.understanding.intent == "figure":
            return None
        transcript, notes = self.index.transcript, self.index.notes
        asked = [transcript.speaker(i).name for i in reading.understanding.speaker_ids]
        stances = [stance for name in asked if (stance := notes.stance(name, topics[0])) is not None]
        on_it = {i for stance in stances for i in stance.sentences}
        hits = [hit for hit in found.hits if hit.id in on_it]
        return (found._replace(hits=hits), sure) if hits else None

    def _one(self, reading: Reading, hits: Sequence[Hit]) -> dict[str, list[Hit]]:
        index, policy = self.index, self.policy
        if reading.understanding.intent == "host_question":
            return by_speaker(asked_by_hosts(hits, policy, index.transcript, index.notes), index.transcript)
        return by_speaker(select(hits, policy), index.transcript)

    def _several(self, reading: Reading, hits: Sequence[Hit], asked: Sequence[Speaker]) -> dict[str, list[Hit]]:
        """For each speaker asked about (everybody when none is named) the sentences that answer."""
        transcript, policy = self.index.transcript, self.policy
        groups: dict[str, list[Hit]] = {}
        everyone = by_speaker(hits, transcript)
        guests = any(not transcript.speaker(speaker_id).is_host for speaker_id in everyone)
        most = policy.most if len(asked) == 1 else policy.most_each
        for speaker_id, own in everyone.items():
            speaker = transcript.speaker(speaker_id)
            if asked and speaker not in asked:
                continue
            on_topic = self._on_topic(hits, own)
            noted = not speaker.is_host and self._noted(speaker, on_topic[0], hits)
            enough = policy.keep_noted if noted else policy.keep_each
            # A host who puts the questions takes no side; one is heard when asked for, or where nobody else speaks.
            unasked = speaker.is_host and not reading.whole and (guests or GUESTS.search(reading.topic))
            if not asked and (unasked or on_topic[0].score < enough * hits[0].score):
                continue
            groups[speaker_id] = select(on_topic, policy, most)
        return groups

    def _noted(self, speaker: Speaker, own: Hit, hits: Sequence[Hit]) -> bool:
        """Whether a speaker is noted to take a stand on the topic of the best hits, on which this hit of theirs is."""
        notes = self.index.notes
        topics = set(topics_of(hits, notes)[:1]) & set(notes.note(own.id).topics)
        return any(notes.stance(speaker.name, topic) is not None for topic in topics)

    def _on_topic(self, hits: Sequence[Hit], own: Sequence[Hit]) -> Sequence[Hit]:
        """A speaker's hits on the topic of the best hits, where notes tell topics; else all of them."""
        notes = self.index.notes
        topics = topics_of(hits, notes)[:1]
        return [h for h in own if set(topics) & set(notes.note(h.id).topics)] or own

    def _frame(self, speaker_id: str, chosen: Sequence[Hit], reading: Reading) -> str:
        """Our words on one speaker: the stance on the topic where one is noted, else nothing."""
        understood = reading.understanding
        if understood.intent not in ("comparison", "overview"):
            return ""
        notes = self.index.notes
        name = self.index.transcript.speaker(speaker_id).name
        for topic in topics_of(chosen, notes):
            stance = notes.stance(name, topic)
            if stance is not None and {h.id for h in chosen} & set(stance.sentences):
                return stance.summary_zh if understood.language == "zh" else stance.summary_en
        return ""

    def _reason(self, reading: Reading, found: Retrieval) -> AbstentionReason:
        if reading.understanding.speaker_ids and found.everybody:
            open_to_all = self.sure(reading, found._replace(hits=found.everybody, legs=found.open_legs))
            if open_to_all >= self.policy.answer_from:
                return "speaker_silent"
        covered = features(self.index, found, reading.topic, reading.understanding.question).get("coverage", 0.0)
        return "detail_absent" if covered >= 0.5 else "topic_absent"

    def _origins(self, groups: dict[str, list[Hit]]) -> dict[str, list[str]] | None:
        """Name → whose claims that speaker relays in the chosen sentences; None where that is not noted of all."""
        notes, transcript = self.index.notes, self.index.transcript
        if "gloss" not in self.index.views:
            return None
        origins: dict[str, list[str]] = {}
        for speaker_id, chosen in groups.items():
            told = [notes.note(hit.id) for hit in chosen]
            if any(note.mode != "own" and not (note.mode == "relays" and note.originator) for note in told):
                return None
            relayed = [note.originator for note in told if note.mode == "relays" and note.originator]
            origins[transcript.speaker(speaker_id).name] = list(dict.fromkeys(relayed))
        return origins

    def _silent(self, who: Sequence[str], found: Retrieval) -> bool:
        """Whether the notes, which tell every stand on the topic of what was found, know none of these people's."""
        notes = self.index.notes
        topics = topics_of(found.everybody, notes)[:1]
        return bool(topics and who) and all(notes.stance(name, topics[0]) is None for name in who)

    def _abstain(self, reason: AbstentionReason, reading: Reading, found: Retrieval, sure: float) -> Draft:
        understood, transcript = reading.understanding, self.index.transcript
        who = [transcript.speaker(i).name for i in understood.speaker_ids]
        nearest: tuple[str, ...] = ()
        spoke: list[str] = []
        if reason in ("speaker_silent", "detail_absent") or self.index.aim != "annotated":
            best = select(found.everybody, self.policy)
            nearest = tuple(h.id for h in best[:_NEAREST])
            if reason == "speaker_silent":
                speakers = [transcript.speaker(i) for i in by_speaker(best, transcript)]
                spoke = [s.name for s in speakers if s.name not in who and not s.is_host and s.is_known]
        proved = reason == "speaker_silent" and self._silent(who, found)
        message = wording.abstain(reason, understood.language, who=who, spoke=spoke, proved=proved)
        return Draft(
            abstention=DraftAbstention(reason=reason, message=message, spoke=tuple(spoke), nearest=nearest),
            confidence=sure,
        )
