"""`debate speakers`: who speaks, how much, who hosts; and the corrections of it that a reader makes.

Corrections are kept in the data folder beside the record of the debate, never in its file; ids, spans and quotes stay.

    debate speakers panel.vtt --rename "Speaker 1=Ann Lee" --merge "Tomas Weil=Thomas Weil" --host "Ann Lee"
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from corpus.errors import UnknownSpeakerError
from corpus.library import Debate, open_debate, with_aliases
from corpus.normalize import fold_text
from corpus.overlay import Overlay, apply, combined
from corpus.speakers import resolve_speaker
from corpus.store import Store
from corpus.types import Speaker, Transcript
from ui.cli.terminal import Cast
from ui.errors import UsageError
from ui.layout import Piece, has_light_ground, print_table, visible
from ui.session import Place, open_record

_LONGEST = 80  # characters of a name or role


class Changes(NamedTuple):
    """What the options ask for, as typed."""

    rename: Sequence[str] = ()  # "A=B"
    merge: Sequence[str] = ()  # "A=B": A is B
    host: Sequence[str] = ()
    no_host: Sequence[str] = ()
    role: Sequence[str] = ()  # "NAME=ROLE"
    reset: bool = False


def speakers(place: Place, changes: Changes, *, as_json: bool, out: TextIO) -> None:
    """Make the changes that are asked for, keep them, and print who speaks.

    Raises:
        UsageError: A change is not of the form that its option has.
        UnknownSpeakerError: A name matches nobody, or several.
        StoreError: The data folder cannot be used.
        TranscriptParseError: The file cannot be read.
    """
    if not any(changes):
        with open_record(place) as record:
            debate = open_debate(place.transcript, record)
    else:
        with Store.open(place.data) as store:
            debate = open_debate(place.transcript, None if changes.reset else store)
            assert debate.read is not None
            kept = None if changes.reset else store.overlay(debate.read.sha256)
            earlier = Overlay.model_validate_json(kept) if kept else Overlay()
            corrected, overlay = change(with_aliases(debate.read, debate.notes), earlier, changes)
            store.set_overlay(debate.read.sha256, "" if overlay.is_empty else overlay.model_dump_json())
            debate = debate._replace(transcript=corrected)
    if as_json:
        out.write(json.dumps([*_rows(debate.transcript)], ensure_ascii=False, indent=2) + "\n")
    else:
        _print(debate, out)


def change(read: Transcript, earlier: Overlay, changes: Changes) -> tuple[Transcript, Overlay]:
    """The transcript under earlier corrections and these, and all of them together.

    Args:
        read: the transcript without any correction.
        earlier: the corrections so far.
        changes: what is to be done besides: renames first, then merges, hosts and roles, each by the names then in use.

    Raises:
        UsageError: A change is not of the form that its option has.
        UnknownSpeakerError: A name matches nobody, or several.
    """
    overlay, transcript = earlier, apply(read, earlier)
    for option, typed in _each(changes):
        overlay = combined(overlay, _step(option, typed, transcript.speakers))
        transcript = apply(read, overlay)
    return transcript, overlay


def _each(changes: Changes) -> Iterator[tuple[str, str]]:
    for option in ("rename", "merge", "host", "no_host", "role"):
        for typed in getattr(changes, option):
            yield option, typed


def _step(option: str, typed: str, everybody: Sequence[Speaker]) -> Overlay:
    if option in ("host", "no_host"):
        return Overlay(host={_one(typed, everybody).id: option == "host"})
    name, mark, value = (part.strip() for part in typed.partition("="))
    if not name or not mark or (not value and option != "role"):
        forms = {"rename": "OLD=NEW", "merge": "NAME=SAME PERSON'S NAME", "role": "NAME=ROLE"}
        raise UsageError(f"--{option} takes {forms[option]}, not {typed[:60]!r}.")
    who = _one(name, everybody)
    if option == "merge":
        into = _one(value, everybody)
        if into.id == who.id:
            raise UsageError(f"{name[:60]!r} and {value[:60]!r} are one speaker already, {who.name}.")
        return Overlay(merge={who.id: into.id})
    if len(value) > _LONGEST or not value.isprintable():
        raise UsageError(f"--{option}: {value[:40]!r} is no name or role; write up to {_LONGEST} visible characters.")
    return Overlay(rename={who.id: value}) if option == "rename" else Overlay(role={who.id: value})


def _one(name: str, everybody: Sequence[Speaker]) -> Speaker:
    """The one speaker that a name means; a whole name or an id before anything that merely fits."""
    whole = [s for s in everybody if fold_text(name).strip() in (fold_text(s.name), fold_text(s.id))]
    found = whole or resolve_speaker(name, everybody)
    if len(found) > 1:
        raise UnknownSpeakerError(
            f"{name[:60]!r} may mean {' or '.join(s.name for s in found[:5])}; write the name in full."
        )
    return found[0]


def _rows(transcript: Transcript) -> Iterator[dict[str, object]]:
    """What is told of each speaker; shares are of all that was said, in characters."""
    said: dict[str, list[int]] = {speaker.id: [0, 0, 0] for speaker in transcript.speakers}  # turns, sentences, length
    for turn in transcript.turns:
        sentences = transcript.sentences_of(turn.id)
        counts = said[turn.speaker_id]
        counts[0] += 1
        counts[1] += len(sentences)
        counts[2] += sum(len(sentence.text) for sentence in sentences)
    everything = sum(counts[2] for counts in said.values())
    for speaker in transcript.speakers:
        turns, sentences_count, length = said[speaker.id]
        yield {
            "id": speaker.id,
            "name": speaker.name,
            "role": speaker.role,
            "host": speaker.is_host,
            "host_probability": speaker.host_probability,
            "known": speaker.is_known,
            "aliases": list(speaker.aliases),
            "turns": turns,
            "sentences": sentences_count,
            "characters": length,
            "share": round(length / everything, 4) if everything else 0.0,
        }


def _print(debate: Debate, out: TextIO) -> None:
    cast = Cast(debate.transcript.speakers, light=has_light_ground())
    rows: list[list[Piece | str]] = [
        [
            cast.tag(str(row["name"])),
            _host(row["host"], row["host_probability"]),
            str(row["turns"]),
            f"{row['share']:.1%}",
            visible(str(row["role"])),
            visible(", ".join(speaker.aliases)),
        ]
        for row, speaker in zip(_rows(debate.transcript), debate.transcript.speakers, strict=True)
    ]
    print_table(["Speaker", "Host", "Turns", "Share", "Role", "Also called"], rows, out)


def _host(hosts: object, probability: object) -> str:
    """ "host" where the file or the reader says so, "likely host (.98)" where behaviour does."""
    if not hosts:
        return ""
    return "host" if probability in (0.0, 1.0) else f"likely host ({float(str(probability)):.2f})"


def file_of(positional: Path | None, option: Path | None) -> Path | None:
    """The file that is meant, given once.

    Raises:
        UsageError: It was given twice.
    """
    if positional is not None and option is not None:
        raise UsageError("Name one file, either as FILE or by --transcript.")
    return positional or option
