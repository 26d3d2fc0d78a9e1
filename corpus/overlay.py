"""A reader's corrections of who speaks: names, merges, hosts, roles, laid over a transcript and never written into it.

Everything is by speaker id. Turn ids, sentence ids, spans and the raw text stay as they are; only who is meant by a
turn changes, so that quotes made before and after point at the same words.

    >>> from corpus.parse import transcript_from_turns
    >>> transcript = transcript_from_turns([("Speaker 1", "Why?"), ("Ann Lee", "Because.")], "panel")
    >>> [who.name for who in apply(transcript, Overlay(rename={"speaker-1": "Bob Ray"})).speakers]
    ['Bob Ray', 'Ann Lee']
"""

from __future__ import annotations

from pydantic import Field

from corpus.errors import UnknownReferenceError, UnknownSpeakerError
from corpus.normalize import fold_text
from corpus.readers.aliases import Person, aliases_of, small_words
from corpus.speakers import role_aliases
from corpus.types import Frozen, Speaker, Transcript


class Overlay(Frozen):
    """Corrections by speaker id."""

    rename: dict[str, str] = Field(default_factory=dict, description="Id → the name to show.")
    merge: dict[str, str] = Field(default_factory=dict, description="Id → the id of the same person, who stays.")
    host: dict[str, bool] = Field(default_factory=dict, description="Id → whether this person hosts.")
    role: dict[str, str] = Field(default_factory=dict, description='Id → role; "" takes it away.')

    @property
    def is_empty(self) -> bool:
        """Whether it corrects nothing."""
        return not (self.rename or self.merge or self.host or self.role)


def apply(transcript: Transcript, overlay: Overlay) -> Transcript:
    """The transcript with its speakers corrected: names, hosts and roles first, then merges.

    Raises:
        UnknownReferenceError: The overlay is about a speaker whom the transcript does not have.
        UnknownSpeakerError: A merge leads round in a circle, or two people would have one name.
    """
    if overlay.is_empty:
        return transcript
    known = {speaker.id for speaker in transcript.speakers}
    about = (*overlay.rename, *overlay.merge, *overlay.merge.values(), *overlay.host, *overlay.role)
    for identifier in about:
        if identifier not in known:
            raise UnknownReferenceError(
                f"A correction is about the speaker {identifier!r}, whom the debate does not have; "
                "reset the corrections with `debate speakers FILE --reset`."
            )
    kept = {identifier: _kept(identifier, overlay) for identifier in known}
    corrected = [_corrected(speaker, overlay, transcript) for speaker in transcript.speakers]
    speakers = [
        _joined(stays, [other for other in corrected if other is not stays and kept[other.id] == stays.id])
        for stays in corrected
        if kept[stays.id] == stays.id
    ]
    _refuse_double_names(speakers)
    turns = tuple(
        turn.model_copy(update={"speaker_id": kept[turn.speaker_id]}) if turn.speaker_id in overlay.merge else turn
        for turn in transcript.turns
    )
    # Built from its fields: model_copy would keep look-up tables that were cached with the old speakers.
    fields = {name: getattr(transcript, name) for name in Transcript.model_fields}
    return Transcript.model_construct(**(fields | {"speakers": tuple(speakers), "turns": turns}))


def combined(first: Overlay, later: Overlay) -> Overlay:
    """One overlay that does what the first and then the later one do; where they differ the later one holds."""
    absorbed = {i: _kept(i, first) for i in first.merge}

    def spread(values: dict[str, object]) -> dict[str, object]:
        """What is said of somebody after a merge holds for all who were merged into them."""
        return values | {i: values[into] for i, into in absorbed.items() if into in values}

    return Overlay.model_validate(
        {
            "rename": first.rename | later.rename,
            "merge": first.merge | later.merge,
            "host": first.host | spread(dict(later.host)),
            "role": first.role | spread(dict(later.role)),
        }
    )


def _kept(identifier: str, overlay: Overlay) -> str:
    """Who somebody is in the end."""
    passed = [identifier]
    while passed[-1] in overlay.merge:
        following = overlay.merge[passed[-1]]
        if following in passed:
            raise UnknownSpeakerError(
                f"Merging {identifier!r} leads back to {following!r}; merge each speaker into the one who stays."
            )
        passed.append(following)
    return passed[-1]


def _corrected(speaker: Speaker, overlay: Overlay, transcript: Transcript) -> Speaker:
    update: dict[str, object] = {}
    aliases = list(speaker.aliases)
    if speaker.id in overlay.rename:
        name = overlay.rename[speaker.id]
        own = aliases_of([Person(name)], seen=small_words(transcript.raw))[0]
        update |= {"name": name, "is_known": True}
        aliases = [*own, *([speaker.name] if speaker.is_known else []), *aliases]
    if speaker.id in overlay.role:
        role = overlay.role[speaker.id]
        update["role"] = role
        aliases = [a for a in aliases if a not in role_aliases(speaker.role)] + list(role_aliases(role))
    if speaker.id in overlay.host:
        update |= {"is_host": overlay.host[speaker.id], "host_probability": float(overlay.host[speaker.id])}
    name = str(update.get("name", speaker.name))
    update["aliases"] = tuple(a for a in dict.fromkeys(aliases) if a != name)
    return speaker.model_copy(update=update)


def _joined(speaker: Speaker, others: list[Speaker]) -> Speaker:
    """Somebody together with those who are the same person: hosting if any of them does, known by all their names."""
    if not others:
        return speaker
    aliases = [*speaker.aliases, *(a for o in others for a in ((o.name, *o.aliases) if o.is_known else o.aliases))]
    everybody = [speaker, *others]
    return speaker.model_copy(
        update={
            "role": next((o.role for o in everybody if o.role), ""),
            "aliases": tuple(a for a in dict.fromkeys(aliases) if a != speaker.name),
            "is_host": any(o.is_host for o in everybody),
            "host_probability": max(o.host_probability for o in everybody),
        }
    )


def _refuse_double_names(speakers: list[Speaker]) -> None:
    names: dict[str, Speaker] = {}
    for speaker in speakers:
        other = names.setdefault(fold_text(speaker.name).strip(), speaker)
        if other is not speaker:
            raise UnknownSpeakerError(
                f"Two speakers would be called {speaker.name!r}; merge them with "
                f'`debate speakers FILE --merge "{speaker.id}={other.id}"`, or give them different names.'
            )
