"""Who did not speak on something: by the notes, which tell every stand, or by what was not found.

The two are told apart: that somebody is silent needs the table; that nothing was found does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import wording
from assistant.knowledge.topics import Topic
from assistant.operations.case import Case, best_of
from assistant.types import Draft, DraftClaim, Statement
from assistant.wording import join_names, pick, spaced
from corpus.annotations import is_silent
from corpus.types import Speaker
from index.tokens import content_words


def silent(case: Case) -> Draft | None:
    """The guests who are not heard on the subject, and those who are with their words; None without a subject."""
    if not case.plan.subject:
        return None
    topic = case.topic
    asked = case.asked or list(case.tables.guests)
    if topic is None:
        return _not_found(case, asked)
    missing = case.tables.silent(topic, asked, case.found.everybody)
    spoke = [s for s in asked if not is_silent(case.tables.notes, case.transcript, s.name, topic.id)]
    rest = [s for s in asked if s not in missing and s not in spoke]
    people = missing or rest or spoke
    claims = [
        c for s in (case.tables.guests if missing else asked) if (c := _words(case, s, topic.sentences)) is not None
    ]
    return Draft(
        lead=_lead(case, topic, missing, rest, spoke),
        basis=(f"topic:{topic.id}", *(f"roster:{s.id}" for s in people)),
        claims=tuple(claims),
        confidence=case.sure,
    )


def _lead(
    case: Case, topic: Topic, missing: Sequence[Speaker], rest: Sequence[Speaker], spoke: Sequence[Speaker]
) -> str:
    """Who is silent; else who takes no stand, though something of theirs lies near; else that all of them spoke."""
    name = topic.name(case.language)
    if missing:
        return wording.silent_on([s.name for s in missing], name, case.language)
    if rest:
        return wording.no_stand([s.name for s in rest], name, case.language)
    phrase = ("{who}都谈到了{topic}。", "All of them spoke on it: {who}.")
    if len(spoke) == 1:
        phrase = ("{who}谈到了{topic}。", "{who} did speak on it.")
    who = join_names([s.name for s in spoke], case.language)
    return spaced(pick(phrase, case.language).format(who=who, topic=name))


def _words(case: Case, speaker: Speaker, ids: Sequence[str]) -> DraftClaim | None:
    own = [i for i in ids if case.transcript.speaker_of(case.transcript.sentence(i).turn_id).id == speaker.id]
    if not own:
        return None
    return DraftClaim(text="", sentence_ids=tuple(best_of(case, own, 1)), speaker_id=speaker.id)


def _not_found(case: Case, asked: Sequence[Speaker]) -> Draft | None:
    """Without notes: in whose turns the very words do not occur; None where nobody says them at all."""
    words = [w for w in content_words(case.plan.subject) if w]
    spoken: dict[str, list[str]] = {}
    for sentence in case.transcript.sentences:
        if set(words) & set(content_words(sentence.text)):
            spoken.setdefault(case.transcript.speaker_of(sentence.turn_id).id, []).append(sentence.id)
    if not spoken:
        return None
    # Who is found near it in other words is not said to lack these.
    near = {case.transcript.sentence(hit.id).turn_id for hit in case.tables.near(case.found.everybody)}
    heard = {case.transcript.speaker_of(turn).id for turn in near}
    missing = [s for s in asked if s.id not in spoken and s.id not in heard]
    claims = [
        DraftClaim(text="", sentence_ids=tuple(best_of(case, ids, 1)), speaker_id=i)
        for i, ids in spoken.items()
        if case.transcript.speaker(i) in asked
    ]
    shown = ", ".join(dict.fromkeys(words)) if case.language == "en" else case.plan.subject
    if not missing and not all(s.id in spoken for s in asked):
        return None
    if missing:
        phrase = ("{who}的发言里没有出现这些字眼:{words}。", "Nothing {who} said holds these words: {words}.")
    else:
        phrase = ("{who}的发言里都出现了这些字眼:{words}。", "All of them used one of these words: {words} ({who}).")
    who = join_names([s.name for s in missing or asked], case.language, "or" if missing else "and")
    lead = spaced(pick(phrase, case.language).format(who=who, words=shown))
    basis = ("transcript", *(f"roster:{s.id}" for s in missing or asked))
    return Draft(lead=lead, basis=basis, claims=tuple(claims), confidence=max(case.sure, 0.6))


def unheard(speakers: Sequence[Speaker], case: Case) -> Statement:
    """That nothing was found by these."""
    names = [s.name for s in speakers]
    return Statement(text=wording.silent_note(names, case.language), basis=tuple(f"roster:{s.id}" for s in speakers))
