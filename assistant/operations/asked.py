"""Everything the hosts asked, where no subject is named: the questions in their order."""

from __future__ import annotations

from assistant.knowledge.senses import means
from assistant.operations.case import Case
from assistant.selection import is_question
from assistant.types import Draft, DraftClaim
from assistant.wording import join_names, pick, spaced

_MOST = 20


def asked(case: Case) -> Draft | None:
    """The questions of the hosts that are meant, in order; None where a subject is named, or nobody hosts."""
    if case.reading.own or case.reading.understanding.follow_up:
        return None
    hosts = [s for s in case.asked or case.transcript.speakers if s.is_host]
    ids = {s.id for s in hosts}
    claims = []
    for turn in case.transcript.turns:
        said = case.transcript.sentences_of(turn.id)
        questions = tuple(s.id for s in said if is_question(s, case.tables.notes.note(s.id)))
        if turn.speaker_id in ids and questions:
            claims.append(DraftClaim(text="", sentence_ids=questions, speaker_id=turn.speaker_id))
    if not claims:
        return None
    shown = claims[: case.plan.shape.points or _MOST]
    names = join_names([s.name for s in hosts if s.id in {c.speaker_id for c in claims}], case.language)
    phrase = ("{names}问到的,按先后:", "What {names} asked, in order:")
    if means(case.reading.understanding.question, "counting", "questions"):
        phrase = ("{names}在{all}轮发言里提了问:", "{names} asked something in {all} turns:")
    if len(shown) < len(claims):
        phrase = (
            "{names}问到的前{n}处(共{all}处),按先后:",
            "The first {n} of {all} turns in which {names} asked something:",
        )
    lead = spaced(pick(phrase, case.language).format(names=names, n=len(shown), all=len(claims)))
    return Draft(
        lead=lead,
        basis=("transcript", *(f"roster:{i}" for i in sorted(ids)), *(i for c in claims for i in c.sentence_ids)),
        claims=tuple(shown),
        confidence=1.0,
    )
