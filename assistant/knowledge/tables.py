"""Everything that an answer about one debate is derived from, in one place.

tables = Tables(index)
tables.topic_of(hits)          # (Topic, share of what was found that is filed under it)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from assistant.knowledge.exchanges import Reply, replies
from assistant.knowledge.topics import Topic, derived_topics, noted_topics, representative
from corpus.annotations import Stance
from corpus.types import Speaker
from index.search import PassageIndex
from index.types import Hit

_READ = 8  # hits that tell a topic


class Tables:
    """The tables of one debate. Built when first asked for; nothing in them is written by a model."""

    def __init__(self, index: PassageIndex) -> None:
        self.index = index
        self.transcript, self.notes = index.transcript, index.notes
        self.noted = bool(index.notes.topics)
        self.guests = tuple(s for s in index.transcript.speakers if not s.is_host and s.is_known)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Noted topics, else derived ones, in the order in which they first come up."""
        if self.noted:
            return noted_topics(self.transcript, self.notes)
        return derived_topics(self.transcript, self.index.sentence_vectors)

    @cached_property
    def replies(self) -> list[Reply]:
        """Where somebody says that they agree or object, in order of speech."""
        return replies(self.transcript)

    def around(self, reply: Reply) -> list[str]:
        """Ids of the sentences of a reply's turn and of the turn that it replies to."""
        turns = {self.transcript.sentence(i).turn_id for i in (*reply.ids, *reply.to_ids)}
        return [s.id for turn in turns for s in self.transcript.sentences_of(turn)]

    def topic_of(self, hits: Sequence[Hit]) -> tuple[Topic, float] | None:
        """The noted topic that most of what was found is filed under, and its share; None without notes or finds."""
        weights: dict[str, float] = defaultdict(float)
        for hit in hits[:_READ]:
            filed = self.notes.note(hit.id).topics
            for topic in filed:
                weights[topic] += hit.score / len(filed)
        total = sum(hit.score for hit in hits[:_READ])
        if not weights or not total:
            return None
        best = max(weights, key=lambda t: weights[t])
        return next(t for t in self.topics if t.id == best), weights[best] / total

    def stances(self, topic: str, speakers: Iterable[Speaker] = ()) -> list[Stance]:
        """Where these speakers (all guests when none is given) stand on a noted topic, in order of the cast."""
        found = [self.notes.stance(speaker.name, topic) for speaker in speakers or self.guests]
        return [stance for stance in found if stance is not None]

    def stances_of(self, speaker: Speaker) -> list[Stance]:
        """Where somebody stands, in the order in which the topics come up."""
        found = [self.notes.stance(speaker.name, topic.id) for topic in self.topics]
        return [stance for stance in found if stance is not None]

    def silent(self, topic: Topic, speakers: Iterable[Speaker] = ()) -> list[Speaker]:
        """Who takes no side on a noted topic and has no sentence filed under it."""
        spoke = {self.transcript.speaker_of(self.transcript.sentence(i).turn_id).id for i in topic.sentences}
        return [
            speaker
            for speaker in speakers or self.guests
            if speaker.id not in spoke and self.notes.stance(speaker.name, topic.id) is None
        ]

    def passages(self, speaker: Speaker | None, topic: Topic | None, most: int) -> list[str]:
        """Ids of the sentences that stand best for what somebody said on a topic, in order of speech."""
        filed = None if topic is None else set(topic.sentences)
        rows = [
            at
            for at, sentence in enumerate(self.transcript.sentences)
            if (filed is None or sentence.id in filed)
            and (speaker is None or self.transcript.turn(sentence.turn_id).speaker_id == speaker.id)
            and not sentence.text.endswith(("?", "？"))
        ]
        chosen = representative(rows, self.index.sentence_vectors, self.transcript, most)
        return [self.transcript.sentences[at].id for at in sorted(chosen)]
