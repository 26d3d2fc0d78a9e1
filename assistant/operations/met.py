"""Who was meant by a description: said beside the answer, with the place that it was found in. Pure."""

from __future__ import annotations

from assistant.reading.bridge import Met
from assistant.types import Draft, Statement
from assistant.wording import pick, spaced
from corpus.annotations import Language
from corpus.types import Transcript


def saying_who(draft: Draft, met: Met, transcript: Transcript, language: Language) -> Draft:
    """The draft with whom the description was taken to mean."""
    name = transcript.speaker(met.speaker_id).name
    phrase = ("这里把所说的人理解为{name}(见 {at})。", "Taken to mean {name} (see {at}).")
    text = spaced(pick(phrase, language).format(name=name, at=met.sentence_id))
    note = Statement(text=text, basis=(f"roster:{met.speaker_id}", met.sentence_id))
    return draft.model_copy(update={"notes": (note, *draft.notes)})
