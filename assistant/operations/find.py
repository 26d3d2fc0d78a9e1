"""What was said on something, by whom, which figure, what was asked: the best passages, framed and no more.

The frame claims what is known: that these are a speaker's words; whose claim they are, where the notes tell; and
nothing of a subject where what was found may not answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.numeric.quantities import read_quantities
from assistant.operations.case import Case
from assistant.operations.silent import unheard
from assistant.selection import asked_by_hosts, by_speaker, select
from assistant.types import Draft, DraftClaim
from index.types import Hit

_LISTED = 8  # passages of a list


def find(case: Case, hits: Sequence[Hit]) -> Draft | None:
    """The passages that answer, by speaker; None where there are none."""
    groups = _groups(case, hits)
    if not groups:
        return None
    language, intent = case.language, case.reading.understanding.intent
    names = [case.transcript.speaker(speaker_id).name for speaker_id in groups]
    origins = _origins(case, groups) if intent == "who_said" else None
    credited = names if origins is None else [wording.credited(name, origins[name], language) for name in names]
    if intent == "figure" and not any(_holds_figure(case, h.id) for chosen in groups.values() for h in chosen):
        intent = "position"
    lead = wording.lead(
        "position" if intent == "comparison" else intent,
        credited,
        language,
        own=origins is not None,
        sure=case.surely,
        noted=case.tables.noted,
    )
    missing = [s for s in case.asked if s.id not in groups]
    claims = [
        DraftClaim(text="", sentence_ids=tuple(h.id for h in chosen), speaker_id=speaker_id)
        for speaker_id, chosen in groups.items()
    ]
    ids = tuple(h.id for chosen in groups.values() for h in chosen)
    return Draft(
        lead=lead,
        basis=ids,
        claims=tuple(claims),
        notes=(unheard(missing, case),) if missing else (),
        confidence=case.sure,
    )


def _holds_figure(case: Case, sentence_id: str) -> bool:
    return bool(read_quantities(case.transcript.sentence(sentence_id).text))


def _groups(case: Case, hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    if case.reading.understanding.intent == "host_question":
        asked = asked_by_hosts(hits, case.policy, case.transcript, case.tables.notes)
        return by_speaker(asked, case.transcript)
    most = _LISTED if case.plan.shape.length == "long" else None
    if case.plan.operation == "exact":
        most = min(most or 3, 3)
    if case.plan.operation == "list":
        most = case.plan.shape.points or _LISTED
    groups = by_speaker(select(hits, case.policy, most), case.transcript)
    short = case.plan.shape.length == "short"
    return {speaker: chosen[:1] if short else chosen for speaker, chosen in groups.items()}


def _origins(case: Case, groups: dict[str, list[Hit]]) -> dict[str, list[str]] | None:
    """Name → whose claims that speaker relays in the chosen sentences; None where that is not noted of all."""
    notes = case.tables.notes
    if "gloss" not in case.search.views:
        return None
    origins: dict[str, list[str]] = {}
    for speaker_id, chosen in groups.items():
        told = [notes.note(hit.id) for hit in chosen]
        if any(note.mode != "own" and not (note.mode == "relays" and note.originator) for note in told):
            return None
        relayed = [note.originator for note in told if note.mode == "relays" and note.originator]
        origins[case.transcript.speaker(speaker_id).name] = list(dict.fromkeys(relayed))
    return origins
