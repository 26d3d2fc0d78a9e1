"""What every operation is given, and the small steps that several share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from assistant.knowledge.senses import means
from assistant.knowledge.tables import Tables
from assistant.knowledge.topics import Topic
from assistant.plan import Plan
from assistant.reading.read import Reading
from assistant.selection import Policy, Retrieval
from assistant.types import Answer, DraftClaim
from assistant.wording import join_names, pick, spaced
from corpus.annotations import Language, Stance
from corpus.types import Quote, Speaker, Transcript
from index.search import PassageIndex

_ON_TOPIC = 0.4  # share of the finds that must be filed under a topic before it is taken to be what is asked


class Case(NamedTuple):
    """One question, its plan and what was found for it."""

    search: PassageIndex
    tables: Tables
    reading: Reading
    found: Retrieval
    policy: Policy
    sure: float  # probability that what was found answers
    thread: Sequence[Answer] = ()

    @property
    def plan(self) -> Plan:
        """What was asked."""
        return self.reading.plan

    @property
    def language(self) -> Language:
        """What our words are in."""
        return self.reading.understanding.language

    @property
    def transcript(self) -> Transcript:
        """The debate."""
        return self.search.transcript

    @property
    def asked(self) -> list[Speaker]:
        """The speakers whose words are wanted; empty: anybody's."""
        return [self.transcript.speaker(i) for i in self.reading.understanding.speaker_ids]

    @property
    def answered(self) -> bool:
        """Whether what was found is likely enough to answer."""
        return self.sure >= self.policy.answer_from

    @property
    def surely(self) -> bool:
        """Whether words may be led as an answer: not where a table was asked for that does not tell."""
        untold = ("agree", "disagree", "rank", "silent", "count", "outcome")
        told = self.reading.placed or self.plan.operation not in untold
        return told and self.sure >= self.policy.sure_from

    @property
    def topic(self) -> Topic | None:
        """The noted topic that is asked about; None where the subject is none of them."""
        found = self.tables.topic_of(self.found.everybody)
        return found[0] if found is not None and found[1] >= _ON_TOPIC and self.answered else None

    @property
    def leaning_on(self) -> Topic | None:
        """The noted topic of the last answer, for a follow-up that brings no matter; None without one."""
        if not self.reading.understanding.follow_up or self.reading.own or not self.thread:
            return None
        rows = [
            row.split(":")[1] for claim in self.thread[-1].claims for row in claim.basis if row.startswith("stance:")
        ]
        filed = [t for q in self.last_quotes() for i in q.sentence_ids for t in self.tables.notes.note(i).topics]
        told = Counter(rows) or Counter(filed)
        best = told.most_common(1)
        return next((t for t in self.tables.topics if best and t.id == best[0][0]), None)

    @property
    def matter_of_its_own(self) -> bool:
        """Whether a follow-up brings a subject of its own, or a new one altogether."""
        return bool(self.reading.own) or not self.thread

    def last_quotes(self) -> list[Quote]:
        """What the last answer quoted, or came nearest with."""
        for answer in reversed(self.thread):
            if answer.quotes:
                return list(answer.quotes)
            if answer.abstention is not None and answer.abstention.nearest:
                return list(answer.abstention.nearest)
        return []


def of_stance(case: Case, stance: Stance, most: int, *, named: Topic | None = None) -> DraftClaim:
    """A line on where somebody stands: our summary, and the sentences that say so, best for the question first.

    Args:
        named: the topic with whose name the line is to begin.
    """
    summary = stance.summary_zh if case.language == "zh" else stance.summary_en
    speaker = next(s for s in case.transcript.speakers if s.name == stance.speaker)
    if named is not None:
        summary = f"{named.name(case.language)}{pick(('：', ': '), case.language)}{summary}"
    return DraftClaim(
        text=summary,
        sentence_ids=tuple(best_of(case, stance.sentences, most, stance.summary_en)),
        speaker_id=speaker.id,
        stance=stance.stance,
        basis=(f"stance:{stance.topic}:{stance.speaker}", *stance.sentences, *(of_row(named) if named else ())),
    )


def of_row(topic: Topic) -> tuple[str, ...]:
    """What a topic's name and proposition rest on: its row and the sentences filed under it."""
    return (f"topic:{topic.id}", *topic.sentences)


def best_of(case: Case, ids: Sequence[str], most: int, saying: str = "") -> list[str]:
    """The sentences among ids that answer best, in order of speech; those not found at all come last.

    Args:
        saying: what they are quoted for, where nothing in particular is asked about; without it, those that stand best
            for all of them.
    """
    if not case.plan.subject:
        return case.tables.saying(ids, saying, most) if saying else case.tables.standing_for(ids, most)
    ranks = {hit.id: hit.rank for hit in case.found.everybody}
    ordered = sorted(ids, key=lambda i: (ranks.get(i, len(ranks) + 1), case.transcript.position(i)))
    return sorted(ordered[:most], key=case.transcript.position)


def doubts(stance: Stance) -> bool:
    """Whether our summary of an opposing stance says that its speaker only doubts it."""
    return stance.stance == "opposes" and means(f"{stance.summary_zh} {stance.summary_en}", "sides", "doubts")


_SIDES: dict[str, tuple[str, str, str]] = {  # in Chinese, in English of one person, of several
    "supports": ("{who}认为{what}", "{who} holds that {what}", "{who} hold that {what}"),
    "opposes": ("{who}不认为{what}", "{who} does not hold that {what}", "{who} do not hold that {what}"),
    "doubts": ("{who}对{what}存疑", "{who} doubts that {what}", "{who} doubt that {what}"),
    "mixed": (
        "至于{what}，{who}两面都说",
        "{who} sees both sides of whether {what}",
        "{who} see both sides of whether {what}",
    ),
}  # fmt: skip
_AGAIN: dict[str, tuple[str, str, str]] = {  # once it is said what it is about
    "opposes": ("{who}不这么认为", "{who} does not", "{who} do not"),
    "doubts": ("{who}对此存疑", "{who} doubts it", "{who} doubt it"),
    "mixed": ("{who}两面都说", "{who} sees both sides", "{who} see both sides"),
}


def stand(topic: Topic, stances: Sequence[Stance], language: Language) -> str:
    """ "A and B hold that p; C disputes it; D sees both sides." Empty where nobody takes a side."""
    proposition = topic.proposition(language)
    sides: dict[str, list[str]] = {kind: [] for kind in _SIDES}
    for stance in stances:
        if stance.stance in sides:
            sides["doubts" if doubts(stance) else stance.stance].append(stance.speaker)
    told: list[str] = []
    for kind, names in sides.items():
        if names and proposition:
            zh, one, many = _AGAIN[kind] if told else _SIDES[kind]
            phrase = pick((zh, many if len(names) > 1 else one), language)
            told.append(phrase.format(who=join_names(names, language), what=proposition))
    return spaced(pick(("；", "; "), language).join(told) + pick(("。", "."), language)) if told else ""


def row_names(topic: Topic, stances: Sequence[Stance]) -> tuple[str, ...]:
    """The rows of the stance table that a sentence was derived from."""
    return tuple(f"stance:{topic.id}:{stance.speaker}" for stance in stances)
