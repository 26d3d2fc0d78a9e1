"""What came of it: the words with which a debate ends, the chair's among them. No decision is read into them."""

from __future__ import annotations

from assistant.knowledge.topics import is_telling
from assistant.operations.case import Case
from assistant.types import Draft, DraftClaim
from assistant.wording import pick

_SHARE, _FEWEST, _MOST = 0.12, 3, 8  # of the turns that count as the end
_QUOTED = 5  # sentences


def outcome(case: Case) -> Draft | None:
    """Of the last turns, the sentences that say something; on a subject, those that were found for it."""
    if case.plan.subject and not case.answered:
        return None
    turns = case.transcript.turns
    last = turns[-max(_FEWEST, min(_MOST, round(_SHARE * len(turns)))) :]
    said = [s for turn in last for s in case.transcript.sentences_of(turn.id) if is_telling(s.text)]
    scores = {hit.id: hit.score for hit in case.found.everybody}
    if case.plan.subject:
        said = [s for s in said if s.id in scores] or said
    best = sorted(said, key=lambda s: (-scores.get(s.id, 0.0), -case.transcript.position(s.id)))[:_QUOTED]
    if not best:
        return None
    claims: list[DraftClaim] = []
    for sentence in sorted(best, key=lambda s: case.transcript.position(s.id)):
        speaker = case.transcript.speaker_of(sentence.turn_id)
        if claims and claims[-1].speaker_id == speaker.id:
            claims[-1] = claims[-1].model_copy(update={"sentence_ids": (*claims[-1].sentence_ids, sentence.id)})
        else:
            claims.append(DraftClaim(text="", sentence_ids=(sentence.id,), speaker_id=speaker.id))
    lead = pick(("结束时是这样说的:", "What was said at the end:"), case.language)
    return Draft(lead=lead, basis=tuple(s.id for s in best), claims=tuple(claims), confidence=0.8)
