"""Who did not speak on something: by the notes, which tell every stand, or by what was not found.

The two are told apart: that somebody is silent needs the table; that nothing was found does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.operations.case import Case, best_of
from assistant.operations.compare import heard
from assistant.selection import boosted
from assistant.types import Draft, DraftClaim, Statement
from assistant.wording import join_names, pick, spaced
from corpus.types import Speaker


def silent(case: Case) -> Draft | None:
    """The guests who are not heard on the subject, and those who are with their words; None without a subject."""
    if not case.plan.subject or not case.answered:
        return None
    topic = case.topic
    asked = case.asked or list(case.tables.guests)
    if topic is None:
        return _not_found(case, asked)
    missing = case.tables.silent(topic, asked)
    rows = (f"topic:{topic.id}", *(f"roster:{s.id}" for s in missing))
    if missing:
        lead = wording.silent_on([s.name for s in missing], topic.name(case.language), case.language)
    else:
        who = join_names([s.name for s in asked], case.language)
        phrase = ("{who}都谈到了{topic}。", "All of them spoke on it: {who}.") if len(asked) > 1 else (
            "{who}谈到了{topic}。", "{who} did speak on it.",
        )  # fmt: skip
        lead = spaced(pick(phrase, case.language).format(who=who, topic=topic.name(case.language)))
        rows = (*rows, *topic.sentences)
    spoke = [s for s in (case.tables.guests if missing else asked) if s not in missing]
    claims = [claim for s in spoke if (claim := _words(case, s, topic.sentences)) is not None]
    return Draft(lead=lead, basis=rows, claims=tuple(claims), confidence=case.sure)


def _words(case: Case, speaker: Speaker, ids: Sequence[str]) -> DraftClaim | None:
    own = [i for i in ids if case.transcript.speaker_of(case.transcript.sentence(i).turn_id).id == speaker.id]
    if not own:
        return None
    return DraftClaim(text="", sentence_ids=tuple(best_of(case, own, 1)), speaker_id=speaker.id)


def _not_found(case: Case, asked: Sequence[Speaker]) -> Draft | None:
    """Without notes: by whom something was found, and by whom nothing."""
    hits = boosted(case.found.everybody, "comparison", case.transcript, case.tables.notes)
    groups = heard(case._replace(reading=case.reading.of_anybody()), hits)
    missing = [s for s in asked if s.id not in groups]
    claims = [
        DraftClaim(text="", sentence_ids=tuple(h.id for h in chosen[:1]), speaker_id=i) for i, chosen in groups.items()
    ]
    if missing:
        lead = wording.silent_note([s.name for s in missing], case.language)
    else:
        lead = pick(("每个人都有相近的话。", "Something close was found by each of them."), case.language)
    return Draft(lead=lead, basis=tuple(f"roster:{s.id}" for s in missing), claims=tuple(claims), confidence=case.sure)


def unheard(speakers: Sequence[Speaker], case: Case) -> Statement:
    """That nothing was found by these."""
    names = [s.name for s in speakers]
    return Statement(text=wording.silent_note(names, case.language), basis=tuple(f"roster:{s.id}" for s in speakers))
