"""What a claim is held against: the sentences it cites, what stands around them, who speaks and in what mode.

evidence_of(transcript, notes, ["t17.4"]) → Evidence(said=("所以“内循环”不成立。",), glosses=("So the …",), …)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.annotations import Annotations
from corpus.types import Transcript

_ASKS = re.compile(r"[?？]\s*[\"”'’」)）]*\s*$")
_AROUND = 2  # sentences before and after, of the turn; of the turn before, its last ones


class Evidence(NamedTuple):
    """Cited sentences and their surroundings.

    Attributes:
        said: the sentences, as spoken.
        glosses: our English of them, where there is one.
        around: neighbours in the turn, and the last sentences of the turn before.
        speaker: canonical name of who says them; several where they are several people's.
        relays: whether somebody else's claim is passed on in all of them, and ``originators`` whose.
        asks: whether all of them are questions; ``noted``, whether a careful reader marked them so.
    """

    said: tuple[str, ...]
    glosses: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    relays: bool = False
    originators: tuple[str, ...] = ()
    asks: bool = False
    noted: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences and their glosses."""
        return (*self.said, *self.glosses)

    def in_language(self, chinese: bool) -> tuple[str, ...]:
        """What of the texts is in a claim's language; all of it where nothing is."""
        from assistant.verification.lexicon import is_chinese

        return tuple(t for t in self.texts if is_chinese(t) == chinese) or self.texts


def evidence_of(transcript: Transcript, notes: Annotations, ids: Sequence[str]) -> Evidence:
    """The evidence that sentence ids name.

    Raises:
        UnknownReferenceError: The debate has no such sentence.
    """
    sentences = [transcript.sentence(i) for i in dict.fromkeys(ids)]
    marked = [notes.note(s.id) for s in sentences]
    cited = {s.id for s in sentences}
    around = {}
    for sentence in sentences:
        for other in transcript.neighbours(sentence.id, _AROUND, _AROUND):
            if other.id not in cited:
                around[other.id] = other.text
        if sentence.number <= _AROUND and (before := transcript.previous_turn(sentence.turn_id)) is not None:
            for other in transcript.sentences_of(before.id)[-_AROUND:]:
                around[other.id] = other.text
    glossed = [notes.note(i).gloss for i in around]
    return Evidence(
        said=tuple(s.text for s in sentences),
        glosses=tuple(n.gloss for n in marked if n.gloss),
        around=(*around.values(), *(g for g in glossed if g)),
        speakers=tuple(dict.fromkeys(transcript.speaker_of(s.turn_id).name for s in sentences)),
        relays=bool(marked) and all(n.mode == "relays" for n in marked),
        originators=tuple(dict.fromkeys(n.originator for n in marked if n.mode == "relays" and n.originator)),
        noted=bool(marked) and all(n.mode == "asks" for n in marked),
        asks=bool(marked)
        and all(n.mode == "asks" or _ASKS.search(s.text) for n, s in zip(marked, sentences, strict=True)),
    )
