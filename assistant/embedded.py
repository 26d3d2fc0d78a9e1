"""The embedded answerer: plan and finds → draft, by tables and search, without a model.

It names sentences and words short frames around them; it cannot quote. What an operation cannot take from a table is
answered with what was found; when nothing supports an answer it abstains and says who did speak.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.absent import absent
from assistant.knowledge.tables import Tables
from assistant.operations.asked import asked
from assistant.operations.case import Case
from assistant.operations.compare import compare
from assistant.operations.count import count
from assistant.operations.disagree import sides
from assistant.operations.find import find
from assistant.operations.literal import said_literally
from assistant.operations.outcome import outcome
from assistant.operations.premise import with_figures_put_right
from assistant.operations.rank import rank
from assistant.operations.silent import silent
from assistant.operations.size import resized
from assistant.operations.summarise import summarise
from assistant.operations.verdict import verdict
from assistant.operations.who import who
from assistant.operations.why import with_reasons
from assistant.operations.words import again, place
from assistant.reading.read import Reading
from assistant.selection import (
    Confidence,
    Policy,
    Retrieval,
    boosted,
    by_speaker,
    features,
    fitted_confidence,
    policy_for,
    select,
    topics_of,
)
from assistant.types import AbstentionReason, Answer, Draft, DraftAbstention, Statement
from corpus.store import Store
from index.search import PassageIndex

_NEAREST = 3
_PLACED = 0.95  # how sure we are of what a question finds by its place in the debate
# Answered from tables where those tell; each falls back on what was found.
_FROM_TABLES = {
    "disagree": sides, "agree": sides, "summarise": summarise, "count": count, "silent": silent, "rank": rank,
    "verdict": verdict, "outcome": outcome, "asked": asked, "who": who,
}  # fmt: skip


class EmbeddedAnswerer:
    """Drafts from what was found; holds no state of any conversation."""

    name = "embedded"

    def __init__(
        self,
        index: PassageIndex,
        policy: Policy | None = None,
        confidence: Confidence | None = None,
        store: Store | None = None,
    ) -> None:
        self.index = index
        self.tables = Tables(index, store)
        self.policy = policy or policy_for(index.aim)
        self.confidence = confidence or fitted_confidence(index.aim)

    def draft(self, reading: Reading, found: Retrieval, thread: Sequence[Answer] = ()) -> Draft:
        """What the debate says to the question, or why it does not."""
        understood = reading.understanding
        if understood.intent in ("small_talk", "out_of_scope"):
            return self._abstain(understood.intent, reading, found, 0.0)
        sure = self.sure(reading, found)
        if (literal := said_literally(reading, self.index, found)) is not None:
            found, sure = literal, max(sure, _PLACED)
        case = Case(self.index, self.tables, reading, found, self.policy, sure, thread)
        if (nobody_here := absent(reading, self.index, found.everybody, answered=case.answered)) is not None:
            return Draft(abstention=nobody_here, confidence=0.0)
        if (told := self._from_tables(case)) is not None:
            return resized(case, _as_spoken(case, told))
        if not case.answered and understood.speaker_ids:
            stands = self._stands(reading, found) or self._on_the_same(case)
            if stands is not None:
                found, sure = stands
                case = case._replace(found=found, sure=sure)
        if not case.answered:
            return self._abstain(self._reason(reading, found), reading, found, case.sure)
        draft = self._from_finds(case)
        if draft is None:
            return self._abstain(self._reason(reading, found), reading, found, case.sure)
        return resized(case, _as_spoken(case, draft))

    def sure(self, reading: Reading, found: Retrieval) -> float:
        """Probability that what was found answers the question."""
        if reading.placed or (reading.within and reading.understanding.follow_up):
            return _PLACED
        return self.confidence.of(features(self.index, found, reading))

    def _from_tables(self, case: Case) -> Draft | None:
        """The answer that a table gives; None where the question is one for the search."""
        operation, reading = case.plan.operation, case.reading
        if reading.when is not None or reading.placed or reading.beside:
            return None
        if operation in ("exact", "translate", "find", "summarise") and (told := place(case)) is not None:
            return told
        if operation in ("exact", "source", "translate") and not case.reading.own:
            return again(case)
        leans = reading.understanding.follow_up and operation in ("verdict", "summarise", "rank")
        if leans and not case.matter_of_its_own:
            return None  # "does she see it that way too?": what she said to it, not where she stands at large
        answer = _FROM_TABLES.get(operation)
        return answer(case) if answer is not None else None

    def _from_finds(self, case: Case) -> Draft | None:
        understood, plan = case.reading.understanding, case.plan
        hits = boosted(case.found.hits, understood.intent, case.transcript, case.tables.notes)
        several = understood.intent == "comparison" or (
            (understood.intent == "overview" and plan.operation != "list")
            or (len(case.asked) > 1 and understood.intent != "host_question")
        )
        draft = compare(case, hits) if several else find(case, hits)
        if draft is None and not case.asked:  # nobody to compare: one point, whoever made it
            draft = find(case, hits)
        if draft is None:
            return None
        draft = with_reasons(case, draft) if plan.operation == "why" else draft
        return with_figures_put_right(case, draft)

    def _stands(self, reading: Reading, found: Retrieval) -> tuple[Retrieval, float] | None:
        """A speaker's own sentences on the subject, where the notes record a stance on it; else None.

        The words of a question may point at what somebody else said ("那 Ann 呢?") and still ask for this stance.
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

    def _on_the_same(self, case: Case) -> tuple[Retrieval, float] | None:
        """A speaker's own sentences that are filed under what the last answer was about ("and Ann?"); None without."""
        topic = case.leaning_on
        filed = set(topic.sentences) if topic is not None else set()
        hits = [hit for hit in case.found.hits if hit.id in filed and hit.score]
        return (case.found._replace(hits=hits), self.policy.answer_from) if hits else None

    def _reason(self, reading: Reading, found: Retrieval) -> AbstentionReason:
        if reading.understanding.speaker_ids and found.everybody:
            open_to_all = self.sure(reading, found._replace(hits=found.everybody, legs=found.open_legs))
            if open_to_all >= self.policy.answer_from:
                return "speaker_silent"
        covered = features(self.index, found, reading).get("coverage", 0.0)
        return "detail_absent" if covered >= 0.5 else "topic_absent"

    def _silent(self, speaker_ids: Sequence[str], found: Retrieval) -> bool:
        """Whether the tables prove these people silent on the topic of what was found."""
        topic = self.tables.topic_of(found.everybody)
        speakers = [self.index.transcript.speaker(i) for i in speaker_ids]
        if topic is None or not speakers:
            return False
        return len(self.tables.silent(topic[0], speakers, found.everybody)) == len(speakers)

    def _abstain(self, reason: AbstentionReason, reading: Reading, found: Retrieval, sure: float) -> Draft:
        understood, transcript = reading.understanding, self.index.transcript
        who = [transcript.speaker(i).name for i in understood.speaker_ids]
        nearest: tuple[str, ...] = ()
        spoke: list[str] = []
        searched = reason not in ("small_talk", "out_of_scope")
        if reason in ("speaker_silent", "detail_absent") or (searched and self.index.aim != "annotated"):
            best = select(found.everybody, self.policy)
            nearest = tuple(h.id for h in best[:_NEAREST])
            if reason == "speaker_silent":
                speakers = [transcript.speaker(i) for i in by_speaker(best, transcript)]
                spoke = [s.name for s in speakers if s.name not in who and not s.is_host and s.is_known]
        proved = reason == "speaker_silent" and self._silent(understood.speaker_ids, found)
        message = wording.abstain(reason, understood.language, who=who, spoke=spoke, proved=proved)
        if reading.excluded and understood.follow_up and not who:
            message = wording.nobody_else(understood.language)
        if reason == "small_talk":
            message = wording.small_talk(reading.plan.operation, understood.language)
        return Draft(
            abstention=DraftAbstention(reason=reason, message=message, spoke=tuple(spoke), nearest=nearest),
            confidence=sure,
        )


def _as_spoken(case: Case, draft: Draft) -> Draft:
    """The draft, saying so where a language was asked for that the words are not in and no translation is on record."""
    wanted = case.plan.shape.language
    ids = [i for claim in draft.claims for i in claim.sentence_ids]
    if wanted is None or not ids or wanted == case.transcript.language:
        return draft
    if wanted == "en" and any(case.tables.notes.note(i).gloss for i in ids):
        return draft
    note = Statement(text=wording.as_spoken(case.language), basis=tuple(ids))
    return draft.model_copy(update={"notes": (*draft.notes, note)})
