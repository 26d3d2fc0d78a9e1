"""What was said on something, by whom, which figure, what was asked: the best passages, framed and no more.

The frame claims what is known: that these are a speaker's words; whose claim they are, where the notes tell; and
nothing of a subject where what was found may not answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.knowledge.senses import means
from assistant.numeric.quantities import read_quantities
from assistant.operations.case import Case
from assistant.operations.compare import line
from assistant.operations.silent import unheard
from assistant.operations.words import source, word_for_word
from assistant.selection import asked_by_hosts, by_speaker, is_question, select
from assistant.types import Draft, DraftClaim
from corpus.quotes import join_adjacent, quote_sentences
from index.types import Hit

_LISTED = 8  # passages of a list
_LISTED_MASS = 0.99  # … which goes on until all but this share is listed
_ALONE = 0.85  # share of what was found from which it is one person's


def find(case: Case, hits: Sequence[Hit]) -> Draft | None:
    """The passages that answer, by speaker; None where there are none."""
    groups = _groups(case, hits)
    if not groups:
        return None
    missing = [s for s in case.asked if s.id not in groups]
    claims = [_line(case, speaker_id, chosen) for speaker_id, chosen in groups.items()]
    return Draft(
        lead=_lead(case, groups, sum(hit.score for hit in hits)),
        basis=tuple(h.id for chosen in groups.values() for h in chosen),
        claims=tuple(claims),
        notes=(unheard(missing, case),) if missing else (),
        confidence=case.sure,
    )


def _line(case: Case, speaker_id: str, chosen: Sequence[Hit]) -> DraftClaim:
    """Somebody's quotes; with our summary where it is asked what somebody thinks and most of them say just that."""
    told = line(case, speaker_id, chosen)
    thinks = case.reading.understanding.intent == "position" and case.plan.operation in (
        "find",
        "verdict",
        "why",
        "summarise",
    )
    about_it = sum(hit.id in told.basis for hit in chosen) > len(chosen) / 2
    if thinks and about_it and case.surely:
        return told
    return DraftClaim(text="", sentence_ids=told.sentence_ids, speaker_id=speaker_id)


def _lead(case: Case, groups: dict[str, list[Hit]], total: float) -> str:
    language, intent = case.language, case.reading.understanding.intent
    where = means(case.reading.understanding.question, "places", "where") or case.plan.operation == "source"
    if case.surely and (where or case.plan.operation in ("exact", "translate")):
        ids = [h.id for chosen in groups.values() for h in chosen]
        runs = join_adjacent(case.transcript, sorted(ids, key=case.transcript.position))
        quotes = [quote_sentences(case.transcript, run, case.tables.notes) for run in runs]
        return source(case, quotes) if where else word_for_word(case, quotes)
    names = [case.transcript.speaker(speaker_id).name for speaker_id in groups]
    origins = _origins(case, groups) if intent == "who_said" and _is_one_persons(groups, total) else None
    credited = names if origins is None else [wording.credited(name, origins[name], language) for name in names]
    if intent == "figure" and not any(_holds_figure(case, h.id) for chosen in groups.values() for h in chosen):
        intent = "position"
    return wording.lead(
        "position" if intent == "comparison" else intent,
        credited,
        language,
        own=origins is not None,
        sure=case.surely,
        noted=case.tables.noted,
    )


def _is_one_persons(groups: dict[str, list[Hit]], total: float) -> bool:
    """Whether all but a trace of what was found is one person's: then it was that person who said it."""
    return len(groups) == 1 and sum(hit.score for hit in next(iter(groups.values()))) >= _ALONE * total


def _holds_figure(case: Case, sentence_id: str) -> bool:
    return bool(read_quantities(case.transcript.sentence(sentence_id).text))


def _groups(case: Case, hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    if case.reading.understanding.intent == "host_question":
        asked = asked_by_hosts(hits, case.policy, case.transcript, case.tables.notes)
        return by_speaker(asked, case.transcript)
    most = _LISTED if case.plan.shape.length == "long" else None
    if case.plan.operation == "exact":
        most = min(most or 3, 3)
    policy = case.policy
    if case.plan.operation == "list":
        most = case.plan.shape.points or _LISTED
        policy = policy.model_copy(update={"mass": _LISTED_MASS, "keep": policy.keep / 4})
    chosen = _answers(case, select(hits, policy, most))
    groups = by_speaker(_those_who_said_it(case, chosen), case.transcript)
    short = case.plan.shape.length == "short"
    return {speaker: chosen[:1] if short else chosen for speaker, chosen in groups.items()}


def _answers(case: Case, chosen: Sequence[Hit]) -> Sequence[Hit]:
    """Without what hosts ask, which is no answer to it, where anything else was found."""
    if case.reading.whole or any(s.is_host for s in case.asked):
        return chosen
    said = [hit for hit in chosen if not _is_asked(case, hit)]
    return said or chosen


def _is_asked(case: Case, hit: Hit) -> bool:
    sentence = case.transcript.sentence(hit.id)
    host = case.transcript.speaker_of(sentence.turn_id).is_host
    return host and is_question(sentence, case.tables.notes.note(hit.id))


def _those_who_said_it(case: Case, chosen: Sequence[Hit]) -> Sequence[Hit]:
    """Asked who said it, the hits of one person where all but a trace of the likelihood is theirs; else all of them."""
    if case.reading.understanding.intent != "who_said" or not chosen:
        return chosen
    best = by_speaker(chosen, case.transcript)
    first = next(iter(best.values()))
    return first if sum(h.score for h in first) >= _LISTED_MASS * sum(h.score for h in chosen) else chosen


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
        relayed = [
            notes.called(note.originator, case.language) for note in told if note.mode == "relays" and note.originator
        ]
        origins[case.transcript.speaker(speaker_id).name] = list(dict.fromkeys(relayed))
    return origins
