"""Who was meant by a description: said beside the answer, with the place that it was found in. Pure."""

from __future__ import annotations

from assistant.reading.bridge import Met
from assistant.types import Draft, DraftClaim, Statement
from assistant.wording import pick, spaced
from corpus.annotations import Language
from corpus.types import Transcript


def saying_who(draft: Draft, met: Met, transcript: Transcript, language: Language) -> Draft:
    """The draft with whom the description was taken to mean."""
    name = transcript.speaker(met.speaker_id).name
    phrase = ("这里把所说的人理解为{name},见最后一段引文。", "Taken to mean {name}; the last passage is why.")
    text = spaced(pick(phrase, language).format(name=name))
    note = Statement(text=text, basis=(f"roster:{met.speaker_id}", met.sentence_id))
    why = DraftClaim(text="", sentence_ids=(met.sentence_id,), speaker_id=met.speaker_id)
    told = any(met.sentence_id in claim.sentence_ids for claim in draft.claims)
    claims = draft.claims if told else (*draft.claims, why)
    return draft.model_copy(update={"claims": claims, "notes": (*draft.notes, note)})
